"""A page that follows the stream of events through every break, as the web chat's own does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.system.person import Message, Person

_PAUSE = 0.3
_SILENCE_SECONDS = 40.0


class Follower:
    """Notes each message the stream shows; asks on from the last one after a break."""

    def __init__(self, session: ClientSession, url: str, person: Person) -> None:
        self.shown: list[Message] = []
        self.breaks = 0
        self._session = session
        self._url = url
        self._person = person
        self._task = asyncio.create_task(self._follow())

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            try:
                await self._read()
            except (ClientError, asyncio.TimeoutError, OSError):
                self.breaks += 1
            await asyncio.sleep(_PAUSE)

    async def _read(self) -> None:
        last = str(self.shown[-1]["seq"]) if self.shown else "0"
        async with self._session.get(
            f"{self._url}/chat/events",
            headers={**self._person.headers, "Last-Event-ID": last},
            timeout=ClientTimeout(total=None, sock_read=_SILENCE_SECONDS),
        ) as stream:
            if stream.status != 200:
                return
            async for line in stream.content:
                if line.startswith(b"data:"):
                    self._note(json.loads(line[5:]))

    def _note(self, event: dict[str, Any]) -> None:
        if event["kind"] == "message":
            self.shown.append(event)
