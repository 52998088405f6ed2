"""GET and POST /chat: the page, and its plain forms where there is no JavaScript.

A first look makes no conversation; the first form does. A form's token must equal the
cookie that came with the page, so another site cannot write in a person's name.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from bot.channels.web.parse import accepted_languages, parse_message
from bot.errors import IdConflict, InboundRejected
from bot.gateway import api
from bot.gateway.answers import DEFAULT_LANGUAGE
from bot.gateway.keys import ASSETS, DATABASE, HUB, PAGE, SETTINGS, VOICE
from bot.gateway.visitor import Visitor, find_visitor, forget, remember
from bot.store import conversations

FORM_COOKIE = "impreuna_form"
RECEIPT_COOKIE = "impreuna_receipt"
_RECEIPT_SECONDS = 300
_ANSWER_SECONDS = 3.0
"""How long the answer to a form waits for the bot's, so that the page shows both."""


async def get_page(request: web.Request) -> web.Response:
    """GET /chat: the page as it stands now."""
    return await _page(request, await find_visitor(request))


async def post_page(request: web.Request) -> web.Response:
    """POST /chat: do what a form asks for, then send the browser to the page."""
    form = await _read_form(request)
    action = form.get("action", "")
    if action == "exit":
        # Leaving works always: whoever forges this form only closes a page.
        return _leave(request)
    visitor = await find_visitor(request)
    if not _is_ours(request, form):
        return await _page(request, visitor, status=403, problem=True)
    act = _ACTIONS.get(action)
    if act is None:
        raise InboundRejected("`action` is unknown.", reason="invalid_action")
    return await act(_Act(request, form, visitor))


@dataclass(frozen=True)
class _Act:
    """One form, and who sent it."""

    request: web.Request
    form: dict[str, str]
    visitor: Visitor | None

    async def visitor_or_new(self, language: str | None = None) -> Visitor:
        return self.visitor or await api.start_conversation(self.request, language)

    def back(self, visitor: Visitor | None = None) -> web.Response:
        """Send the browser to the page, with the key if there is one."""
        embed = "?embed=1" if self.form.get("embed") == "1" else ""
        response = web.Response(status=303, headers={"Location": f"/chat{embed}#end"})
        if visitor:
            remember(self.request, response, visitor)
        return response


async def _write(act: _Act) -> web.Response:
    fields: dict[str, Any] = {"id": act.form.get("id") or str(uuid.uuid4())}
    if act.form.get("action") == "choose":
        fields["choice"] = act.form.get("choice", "")
    else:
        fields["text"] = act.form.get("text", "")
    try:
        draft = parse_message(fields)
    except InboundRejected:
        return act.back(act.visitor)
    visitor = await act.visitor_or_new()
    try:
        accepted = await api.accept(act.request, visitor, draft)
    except IdConflict:
        # A page out of the browser's memory carries an old id; the person means it.
        draft = replace(draft, external_id=str(uuid.uuid4()))
        accepted = await api.accept(act.request, visitor, draft)
    await _wait_for_answer(act.request, visitor, accepted.seq)
    return act.back(visitor)


async def _choose_language(act: _Act) -> web.Response:
    wanted = act.form.get("choice") or act.form.get("language") or ""
    language = act.request.app[VOICE].match([wanted])
    if language is None:
        return act.back(act.visitor)
    visitor = await act.visitor_or_new(language)
    async with act.request.app[DATABASE].transaction() as connection:
        if await conversations.lock(connection, visitor.conversation.id):
            await conversations.set_language(connection, visitor.conversation.id, language)
    return act.back(visitor)


async def _keep(act: _Act) -> web.Response:
    if act.visitor is None or act.form.get("choice") not in {"yes", "no"}:
        return act.back(act.visitor)
    keep = act.form["choice"] == "yes"
    conversation = act.visitor.conversation
    async with act.request.app[DATABASE].transaction() as connection:
        await conversations.set_keep_key(connection, conversation.id, keep)
    return act.back(replace(act.visitor, conversation=replace(conversation, keep_key=keep)))


async def _forget(act: _Act) -> web.Response:
    response = act.back()
    forget(response)
    return response


async def _erase(act: _Act) -> web.Response:
    response = act.back()
    if act.visitor:
        reference = await api.erase(act.request, act.visitor)
        response.set_cookie(
            RECEIPT_COOKIE,
            reference,
            path="/chat",
            max_age=_RECEIPT_SECONDS,
            httponly=True,
            samesite="Lax",
        )
    forget(response)
    return response


_ACTIONS: dict[str, Callable[[_Act], Awaitable[web.Response]]] = {
    "send": _write,
    "choose": _write,
    "language": _choose_language,
    "keep": _keep,
    "forget": _forget,
    "erase": _erase,
}


def _leave(request: web.Request) -> web.Response:
    location = request.app[SETTINGS].exit_url
    response = web.Response(status=303, headers={"Location": location})
    forget(response)
    response.del_cookie(FORM_COOKIE, path="/")
    response.del_cookie(RECEIPT_COOKIE, path="/chat")
    return response


async def _page(
    request: web.Request, visitor: Visitor | None, status: int = 200, problem: bool = False
) -> web.Response:
    csrf = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
    context = await _context(request, visitor, problem)
    text = request.app[PAGE].render({**context, "csrf": csrf})
    response = web.Response(text=text, content_type="text/html", status=status)
    response.enable_compression()
    response.set_cookie(
        FORM_COOKIE,
        csrf,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.app[SETTINGS].secure_cookies(),
    )
    if visitor and visitor.by_cookie:
        remember(request, response, visitor)
    if RECEIPT_COOKIE in request.cookies:
        response.del_cookie(RECEIPT_COOKIE, path="/chat")
    return response


async def _context(request: web.Request, visitor: Visitor | None, problem: bool) -> dict[str, Any]:
    voice, settings = request.app[VOICE], request.app[SETTINGS]
    language = _page_language(request, visitor)
    translator = voice.translator(language)
    messages = await api.read_messages(request, visitor.conversation.id, 0) if visitor else []
    sorry = translator.pgettext("page", "This did not work. Check the network and try again.")
    return {
        "t": translator,
        "language": language,
        "direction": voice.direction(language),
        "languages": voice.languages(),
        "messages": messages,
        "next_id": str(uuid.uuid4()),
        "asset": request.app[ASSETS].url,
        "operator": settings.operator,
        "keep_key": visitor.conversation.keep_key if visitor else None,
        "conversation_exists": visitor is not None,
        "embed": request.query.get("embed") == "1",
        "exit_url": settings.exit_url,
        "receipt": request.cookies.get(RECEIPT_COOKIE),
        "problem": sorry if problem else None,
    }


def _page_language(request: web.Request, visitor: Visitor | None) -> str:
    wanted = [request.query.get("language", "")]
    if visitor:
        wanted.append(visitor.conversation.speaks(""))
    wanted += accepted_languages(request.headers.get("Accept-Language", ""))
    return request.app[VOICE].match([tag for tag in wanted if tag]) or DEFAULT_LANGUAGE


async def _read_form(request: web.Request) -> dict[str, str]:
    form = await request.post()
    if not all(isinstance(value, str) for value in form.values()):
        raise InboundRejected("Files are not taken.", reason="invalid_form")
    return {name: str(value) for name, value in form.items()}


def _is_ours(request: web.Request, form: dict[str, str]) -> bool:
    sent, known = form.get("csrf", ""), request.cookies.get(FORM_COOKIE, "")
    return bool(known) and hmac.compare_digest(sent.encode(), known.encode())


async def _wait_for_answer(request: web.Request, visitor: Visitor, seq: int) -> None:
    """Wait a little for the bot, so that the page that follows shows its answer."""
    hub = request.app[HUB]
    subscription = hub.subscribe(visitor.conversation.id)
    ends = asyncio.get_running_loop().time() + _ANSWER_SECONDS
    try:
        while (left := ends - asyncio.get_running_loop().time()) > 0 and not hub.closing:
            messages = await api.read_messages(request, visitor.conversation.id, seq)
            if any(message.get("author") == "bot" for message in messages):
                return
            if not await subscription.wait(left):
                return
    finally:
        hub.unsubscribe(subscription)
