"""The desk's streams: they only say that something changed; the page then asks for its parts.

`/desk/events` is the queue's. `/desk/cases/<reference>/events` is a conversation's; whoever has
it open is seen there by colleagues, and what others do is told.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiohttp import web

from bot.desk import frame
from bot.desk.cases_at import REFERENCE, find_case
from bot.desk.forms import read_form
from bot.desk.guard import allowed, still_there
from bot.desk.keys import SESSION, WATCH
from bot.desk.roles import Act
from bot.desk.watch import GONE, READING, WRITING, Ear, tell_presence
from bot.errors import StoreError, TooMany
from bot.gateway.keys import DATABASE
from bot.gateway.middlewares import unlimited
from bot.store import case_lists

ALIVE_SECONDS = 15.0
LOOK_SECONDS = 4.0
"""So often a conversation's page looks who stopped writing."""
RENEW_SECONDS = 60.0
"""So often the queue tells its waiting times anew."""
APART_SECONDS = 0.5
"""So far apart two signs of change are, however much changes."""
MAX_STREAMS = 24
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # Proxies of the nginx kind hold a stream back otherwise.
    "X-Accel-Buffering": "no",
}


def routes() -> list[web.RouteDef]:
    """List the streams of this module."""
    return [
        web.get("/desk/events", get_queue_events),
        web.get(f"/desk/cases/{REFERENCE}/events", get_case_events),
        web.post(f"/desk/cases/{REFERENCE}/writing", post_writing),
    ]


@allowed(Act.SEE_CONVERSATIONS, by_itself=True)
async def get_queue_events(request: web.Request) -> web.StreamResponse:
    """Tell of every change in the queue."""
    async with _stream(request, None) as stream:
        since_change = 0.0
        while await stream.goes_on():
            heard = await stream.ear.wait(ALIVE_SECONDS)
            since_change += 0.0 if heard else ALIVE_SECONDS
            if heard or since_change >= RENEW_SECONDS:
                since_change = 0.0
                stream.ear.take_news()
                await stream.send("changed", {})
            else:
                await stream.keep_alive()
    return stream.response


@allowed(Act.SEE_CONVERSATIONS, by_itself=True)
async def get_case_events(request: web.Request) -> web.StreamResponse:
    """Tell of every change in a conversation, and who else is there."""
    handoff = await find_case(request)
    async with _stream(request, handoff) as stream, _present(request, handoff) as announce:
        seconds, told = 0.0, ""
        while await stream.goes_on():
            people = await _people(request, handoff)
            if people != told:
                told = people
                await stream.send("people", {"text": people})
            if stream.ear.take_news():
                await stream.send("changed", {})
            if not await stream.ear.wait(LOOK_SECONDS):
                seconds += LOOK_SECONDS
            if seconds >= ALIVE_SECONDS:
                seconds = 0.0
                await announce(READING)
                await stream.keep_alive()
    return stream.response


@unlimited
@allowed(Act.ANSWER)
async def post_writing(request: web.Request) -> web.Response:
    """Let colleagues see that somebody writes; what is written stays in the browser."""
    await read_form(request)
    handoff = await find_case(request)
    async with request.app[DATABASE].transaction(durable=False) as connection:
        await tell_presence(connection, handoff, request[SESSION].account.id, WRITING)
    return web.Response(status=204)


@dataclass
class _Stream:
    request: web.Request
    response: web.StreamResponse
    ear: Ear

    async def goes_on(self) -> bool:
        """Tell whether to go on; a session that ended ends its streams."""
        if self.request.app[WATCH].closing:
            return False
        if await still_there(self.request, Act.SEE_CONVERSATIONS):
            return True
        await self.send("ended", {})
        return False

    async def send(self, event: str, data: dict[str, Any]) -> None:
        text = json.dumps(data, ensure_ascii=False)
        await self.response.write(f"event: {event}\ndata: {text}\n\n".encode())
        if event == "changed":
            await asyncio.sleep(APART_SECONDS)

    async def keep_alive(self) -> None:
        await self.response.write(b": still here\n\n")


@asynccontextmanager
async def _stream(request: web.Request, handoff: int | None) -> AsyncIterator[_Stream]:
    """Open a stream; whatever breaks it, the page comes again by itself."""
    watch, account = request.app[WATCH], request[SESSION].account.id
    if watch.streams_of(account) >= MAX_STREAMS:
        raise TooMany("Too many pages of this account are open.", retry_after=5)
    response = web.StreamResponse(headers=_HEADERS)
    ear = watch.open(account, handoff)
    try:
        await response.prepare(request)
        await response.write(b"retry: 2000\n\n")
        yield _Stream(request, response, ear)
    except (ConnectionResetError, StoreError):
        pass
    finally:
        watch.close_ear(ear)


@asynccontextmanager
async def _present(request: web.Request, handoff: int) -> AsyncIterator[Any]:
    """Be seen in a conversation for as long as its page is open."""
    database, account = request.app[DATABASE], request[SESSION].account.id

    async def announce(doing: str) -> None:
        async with database.transaction(durable=False) as connection:
            await tell_presence(connection, handoff, account, doing)

    await announce(READING)
    try:
        yield announce
    finally:
        await asyncio.shield(announce(GONE))


async def _people(request: web.Request, handoff: int) -> str:
    """Say who else has the conversation open."""
    own = request[SESSION].account.id
    present = [each for each in request.app[WATCH].present(handoff) if each.account != own]
    if not present:
        return ""
    words = frame.translator(request)
    texts = {
        READING: words.pgettext("desk", "{name} is reading here"),
        WRITING: words.pgettext("desk", "{name} is writing here"),
    }
    async with request.app[DATABASE].transaction() as connection:
        names: dict[UUID, str] = await case_lists.first_names(
            connection, [each.account for each in present]
        )
    known = [each for each in present if each.account in names]
    said = [texts[each.doing].format(name=names[each.account]) for each in known]
    return " · ".join(sorted(said))
