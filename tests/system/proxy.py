"""A stop on the wire between two parts: calls pass through, are held at a point, or cut off.

It stands where a setting says the next part is (`IMPREUNA_RASA_URL`, `IMPREUNA_ACTIONS_URL`).
A call in which the next part dies is cut off on this side too. A part that is just being started
again is waited for, so that a slow machine is not mistaken for a part that stays down.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, web

Body = dict[str, Any]
_HELD_SECONDS = 120.0
_START_SECONDS = 15.0  # less than the callers' own limits
_PAUSE = 0.1


@dataclass
class Hold:
    """A call that stops here: its request ("before") or its answer ("after")."""

    matches: Callable[[Body], bool]
    point: Literal["before", "after"]
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _end: asyncio.Event = field(default_factory=asyncio.Event)
    _dropped: bool = False

    async def wait(self) -> bool:
        """Stay until the test lets go; tell whether the call goes on."""
        self.reached.set()
        await asyncio.wait_for(self._end.wait(), _HELD_SECONDS)
        return not self._dropped

    def release(self) -> None:
        """Let the call go on."""
        self._end.set()

    def drop(self) -> None:
        """Cut the call off, as the death of the part behind does."""
        self._dropped = True
        self._end.set()


class Proxy:
    """Passes calls on to a port of this machine."""

    def __init__(self, port: int, upstream: int) -> None:
        self.port = port
        self.cut = False
        self._upstream = f"http://127.0.0.1:{upstream}"
        self._holds: list[Hold] = []

    def hold(self, matches: Callable[[Body], bool], point: Literal["before", "after"]) -> Hold:
        """Hold the next call whose body matches, once."""
        hold = Hold(matches, point)
        self._holds.append(hold)
        return hold

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Proxy]:
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._pass)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        async with ClientSession(timeout=ClientTimeout(total=_HELD_SECONDS)) as self._session:
            yield self
        await runner.cleanup()

    async def _pass(self, request: web.Request) -> web.Response:
        raw = await request.read()
        hold = self._hold_for(raw)
        if self.cut or (hold and hold.point == "before" and not await hold.wait()):
            return _cut_off(request)
        try:
            answer = await self._answer(request, raw)
        except (ClientError, asyncio.TimeoutError, OSError):
            return _cut_off(request)
        if hold and hold.point == "after" and not await hold.wait():
            return _cut_off(request)
        return answer

    async def _answer(self, request: web.Request, raw: bytes) -> web.Response:
        url, ends = self._upstream + request.path_qs, time.monotonic() + _START_SECONDS
        kept = {"Content-Type": request.content_type} if raw else {}
        while True:
            try:
                async with self._session.request(
                    request.method, url, data=raw or None, headers=kept
                ) as answer:
                    return web.Response(
                        body=await answer.read(),
                        status=answer.status,
                        content_type=answer.content_type,
                    )
            except ClientConnectorError:
                if self.cut or time.monotonic() > ends:
                    raise
                await asyncio.sleep(_PAUSE)

    def _hold_for(self, raw: bytes) -> Hold | None:
        if not raw or not self._holds:
            return None
        body = json.loads(raw)
        hold = next((hold for hold in self._holds if hold.matches(body)), None)
        if hold:
            self._holds.remove(hold)
        return hold


def _cut_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)
