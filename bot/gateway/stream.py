"""GET /chat/events: every message after a seq, then live (server-sent events).

A stream keeps nothing but its seq: it reads again when it is woken, and every 15 seconds
in any case, so any gateway serves any stream and a lost notification only delays.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from bot.channels.web.build import KEEP_ALIVE, build_event, gone_message, typing_message
from bot.channels.web.parse import parse_after
from bot.errors import StoreError, TooMany
from bot.gateway.api import read_news
from bot.gateway.hub import Hub, Subscription
from bot.gateway.keys import HUB, METRICS
from bot.gateway.visitor import Visitor, require_visitor
from bot.store.outbox import PAGE_OF_MESSAGES

REREAD_SECONDS = 15.0
MAX_STREAMS = 10
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # Proxies of the nginx kind hold a stream back otherwise.
    "X-Accel-Buffering": "no",
}


async def stream_events(request: web.Request) -> web.StreamResponse:
    """Serve one stream until the person leaves or the conversation is erased."""
    visitor = await require_visitor(request)
    after = parse_after(request.query.get("after"), request.headers.get("Last-Event-ID"))
    hub, metrics = request.app[HUB], request.app[METRICS]
    if hub.streams_of(visitor.conversation.id) >= MAX_STREAMS:
        raise TooMany("Too many streams of this conversation are open.", retry_after=5)
    response = web.StreamResponse(headers=_HEADERS)
    stream = _Stream(request, response, hub, visitor, after)
    metrics.streams.inc()
    try:
        await response.prepare(request)
        await stream.run()
    except (ConnectionResetError, StoreError):
        # Either way the page comes again, with the seq that it has.
        pass
    finally:
        metrics.streams.dec()
    return response


@dataclass
class _Stream:
    request: web.Request
    response: web.StreamResponse
    hub: Hub
    visitor: Visitor
    after: int

    async def run(self) -> None:
        # Something is sent at once, so that the page knows the stream gets through.
        await self.response.write(KEEP_ALIVE)
        conversation: UUID | None = self.visitor.conversation.id
        while conversation is not None and not self.hub.closing:
            subscription = self.hub.subscribe(conversation)
            try:
                conversation = await self._follow(subscription)
            finally:
                self.hub.unsubscribe(subscription)
        if conversation is None:
            await self.response.write(build_event(gone_message()))

    async def _follow(self, subscription: Subscription) -> UUID | None:
        """Serve one conversation until this process stops or it was erased.

        Returns:
            The conversation that the key opens now; None if it opens nothing any more.
        """
        while not self.hub.closing:
            # Asked before the reading: what is being answered was stored before the sign, so
            # that no sign comes ahead of its message.
            typing = subscription.take_typing()
            current, news = await read_news(self.request, self.visitor, self.after)
            if current is None or current.id != subscription.conversation:
                return current.id if current else None
            for message in news:
                await self.response.write(build_event(message))
                self.after = message["seq"]
            if len(news) == PAGE_OF_MESSAGES:
                continue
            answered = any(message.get("author") == "bot" for message in news)
            if typing and not answered:
                await self.response.write(build_event(typing_message()))
            if not await subscription.wait(REREAD_SECONDS):
                await self.response.write(KEEP_ALIVE)
        return subscription.conversation
