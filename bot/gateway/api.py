"""The web chat's JSON calls: a conversation, its messages in, its messages out, its erasure."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from aiohttp import web

from bot.channels.web import CHANNEL
from bot.channels.web.build import build_message
from bot.channels.web.parse import (
    accepted_languages,
    parse_after,
    parse_json,
    parse_language,
    parse_message,
)
from bot.conversations.message import Conversation, InboundDraft
from bot.gateway.answers import DEFAULT_LANGUAGE
from bot.gateway.keys import ANSWERS, DATABASE, METRICS, VOICE
from bot.gateway.visitor import (
    Visitor,
    forget,
    new_token,
    remember,
    require_visitor,
    same_origin,
)
from bot.store import conversations, erasure, inbox, outbox
from bot.store.inbox import Accepted


async def create_conversation(request: web.Request) -> web.Response:
    """POST /chat/conversations: make a conversation and give its only key."""
    language = parse_language(parse_json(await request.read()).get("language"))
    visitor = await start_conversation(request, language)
    spoken = visitor.conversation.speaks(DEFAULT_LANGUAGE)
    response = web.json_response({"token": visitor.token, "language": spoken}, status=201)
    if same_origin(request):
        remember(request, response, visitor)
    return response


async def post_message(request: web.Request) -> web.Response:
    """POST /chat/messages: store a message, then say so; it is answered afterwards."""
    visitor = await require_visitor(request)
    draft = parse_message(parse_json(await request.read()))
    accepted = await accept(request, visitor, draft)
    response = web.json_response({"seq": accepted.seq}, status=202 if accepted.new else 200)
    if visitor.by_cookie:
        remember(request, response, visitor)
    return response


async def list_messages(request: web.Request) -> web.Response:
    """GET /chat/messages: every message after a seq, as a plain list."""
    visitor = await require_visitor(request)
    after = parse_after(request.query.get("after"))
    response = web.json_response(await read_messages(request, visitor.conversation.id, after))
    if visitor.by_cookie:
        remember(request, response, visitor)
    return response


async def erase_conversation(request: web.Request) -> web.Response:
    """DELETE /chat/conversation: delete everything of the person, the key included."""
    visitor = await require_visitor(request)
    reference = await erase(request, visitor)
    message = request.app[ANSWERS].receipt(visitor.conversation, reference)
    receipt = {
        "reference": reference,
        "erased_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    body = {"receipt": receipt, "message": message.body() if message else None}
    response = web.json_response(body)
    forget(response)
    return response


async def start_conversation(request: web.Request, language: str | None) -> Visitor:
    """Make a conversation; the browser's language serves until the person's is known."""
    voice, token = request.app[VOICE], new_token()
    wanted = accepted_languages(request.headers.get("Accept-Language", ""))
    async with request.app[DATABASE].transaction() as connection:
        conversation = await conversations.create(
            connection,
            CHANNEL,
            conversations.hash_token(token),
            language=voice.match([language]) if language else None,
            hint_language=voice.match(wanted),
        )
    return Visitor(conversation, token, by_cookie=True)


async def accept(request: web.Request, visitor: Visitor, draft: InboundDraft) -> Accepted:
    """Store a message with its job."""
    async with request.app[DATABASE].transaction() as connection:
        accepted = await inbox.accept(connection, visitor.conversation.id, draft)
    if accepted.new:
        request.app[METRICS].inbound.labels(CHANNEL).inc()
    return accepted


async def erase(request: web.Request, visitor: Visitor) -> str:
    """Delete everything and leave nothing behind; give the receipt's reference."""
    reference = erasure.new_reference("E")
    async with request.app[DATABASE].transaction() as connection:
        await erasure.erase(connection, visitor.conversation.id, reference)
    return reference


async def read_messages(
    request: web.Request, conversation: UUID, after: int
) -> list[dict[str, Any]]:
    """Read both sides' messages after a seq, however many there are."""
    messages: list[dict[str, Any]] = []
    async with request.app[DATABASE].transaction() as connection:
        while True:
            rows = await outbox.after(connection, conversation, after)
            messages += [build_message(row) for row in rows]
            if len(rows) < outbox.PAGE_OF_MESSAGES:
                return messages
            after = rows[-1]["seq"]


async def read_news(
    request: web.Request, visitor: Visitor, after: int
) -> tuple[Conversation | None, list[dict[str, Any]]]:
    """Read what a key opens now (after an erasure it is another conversation) and its news."""
    async with request.app[DATABASE].transaction() as connection:
        conversation = await conversations.by_token(
            connection, conversations.hash_token(visitor.token)
        )
        if conversation is None:
            return None, []
        rows = await outbox.after(connection, conversation.id, after)
    return conversation, [build_message(row) for row in rows]
