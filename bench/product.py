"""The product under measure: started whole, spoken to over HTTP as the page does."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

READY_SECONDS = 180


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running(state: Path, settings: Mapping[str, str]) -> AsyncIterator[tuple[str, int]]:
    """Run `impreuna up` with its own state folder; gives its address and process id."""
    port = free_port()
    environment = {
        **os.environ,
        **settings,
        "PORT": str(port),
        "IMPREUNA_STATE_DIR": str(state),
        "IMPREUNA_RASA_PORT": str(free_port()),
        "IMPREUNA_ACTIONS_PORT": str(free_port()),
        "IMPREUNA_LOG_LEVEL": "WARNING",
    }
    environment.pop("DATABASE_URL", None)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "up", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await wait_until_ready(f"{address}/readyz")
        yield address, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def wait_until_ready(url: str) -> None:
    """Poll until the address answers 200; raises TimeoutError after three minutes."""
    async with aiohttp.ClientSession() as session:
        for _ in range(READY_SECONDS * 2):
            try:
                async with session.get(url) as resp:
                    if resp.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.5)
    raise TimeoutError(f"{url} is not ready")


class Chat:
    """One person's conversation; measures from the post to the answer on the stream."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address
        self._headers: dict[str, str] = {}
        self._stream: aiohttp.ClientResponse | None = None
        self.choices: list[dict[str, Any]] = []

    async def open(self) -> None:
        """Begin a conversation and its stream."""
        url = f"{self._address}/chat/conversations"
        async with self._session.post(url, json={"language": "en"}) as resp:
            token = (await resp.json())["token"]
        self._headers = {"Authorization": f"Bearer {token}"}
        self._stream = await self._session.get(
            f"{self._address}/chat/events?after=0", headers=self._headers
        )

    async def close(self) -> None:
        """Close the stream."""
        if self._stream is not None:
            self._stream.close()

    async def accept(self, content: dict[str, str]) -> float:
        """Post a message; seconds until it was accepted."""
        started = time.perf_counter()
        url = f"{self._address}/chat/messages"
        body = {"id": str(uuid.uuid4()), **content}
        async with self._session.post(url, json=body, headers=self._headers) as resp:
            if resp.status != 202:
                raise RuntimeError(f"not accepted: {resp.status}")
            await resp.read()
        return time.perf_counter() - started

    async def turn(self, content: dict[str, str]) -> float:
        """Post a message; seconds until the bot's answer came on the stream."""
        started = time.perf_counter()
        await self.accept(content)
        self.choices = (await self._answer())["choices"]
        return time.perf_counter() - started

    async def _answer(self) -> dict[str, Any]:
        assert self._stream is not None
        async for line in self._stream.content:
            if line.startswith(b"data: "):
                message: dict[str, Any] = json.loads(line[6:])
                if message.get("author") == "bot":
                    if "utter_sorry_down" in message["names"]:
                        raise RuntimeError("the bot could not answer")
                    return message
        raise RuntimeError("the stream ended")
