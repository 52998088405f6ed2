"""Stand-ins for the organisation's mail server and for the system that hears our webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class MailBox:
    """A mail server on loopback; `refuse` makes it answer 451 that many times."""

    port: int = 0
    refuse: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        while line := (await reader.readline()).decode():
            command = line[:4].upper().strip()
            if command == "DATA":
                writer.write(b"354 go on\r\n")
                await self._take(reader)
                writer.write(b"250 taken\r\n")
            elif command == "MAIL" and self.refuse:
                self.refuse -= 1
                writer.write(b"451 not now\r\n")
            elif command == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 fine\r\n")
            await writer.drain()
        writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        lines = []
        while (line := (await reader.readline()).decode()) not in (".\r\n", ""):
            lines.append(line)
        parsed: Any = message_from_string("".join(lines), policy=policy.default)
        self.mails.append(parsed)


@asynccontextmanager
async def mail_box() -> AsyncIterator[MailBox]:
    """Listen for mail."""
    box = MailBox()
    server = await asyncio.start_server(box.talk, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box


@dataclass
class Hook:
    """Another system: what it got, and the statuses that it answers next."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


@asynccontextmanager
async def hook() -> AsyncIterator[Hook]:
    """Listen for webhooks."""
    made = Hook()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/hook"))
        yield made
