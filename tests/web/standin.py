"""A stand-in for the gateway: the web chat's HTTP calls with scripted answers and faults.

It renders the product's own templates. `Site.faults` is the switchboard: each test turns on
what should go wrong.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.channels.web.page import Page
from tests.web.script import DIRECTIONS, LANGUAGES, reply
from tests.web.state import Conversation, Site
from tests.web.translations import Translator

WEB = Path(__file__).parents[2] / "bot" / "channels" / "web"
COOKIE = "chat"
RECEIPT = "K7F3-22QD"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


SITE = web.AppKey("site", Site)
PAGE = web.AppKey("page", Page)


def by_key(request: web.Request) -> Conversation | None:
    """The conversation of the bearer token or, failing that, of the cookie."""
    head = request.headers.get("Authorization", "")
    token = head.removeprefix("Bearer ") if head else request.cookies.get(COOKIE, "")
    return request.app[SITE].conversations.get(token)


def error(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": code}}, status=status)


async def answer(conversation: Conversation, said: str, delay: float) -> None:
    await asyncio.sleep(0.05 + delay)
    if said == "delete my data":
        # The key then opens an empty conversation that holds the receipt alone.
        conversation.messages.clear()
    for message in reply(conversation.language or "en", said):
        if message["kind"] == "message":
            conversation.language = message["language"]
        else:
            conversation.keep_key = message["keep_key"]
        await conversation.add(message)


async def accept(site: Site, conversation: Conversation, own: str, said: str) -> tuple[int, int]:
    """Store a person's message once; answer it. Returns status and seq."""
    if own in conversation.ids:
        content, seq = conversation.ids[own]
        return (200, seq) if content == said else (409, seq)
    language = conversation.language or "en"
    title = next(
        (
            choice["title"]
            for message in conversation.messages
            for choice in message.get("choices", [])
            if choice["id"] == said
        ),
        said,
    )
    message: dict[str, Any] = {
        "kind": "message",
        "author": "person",
        "id": own,
        "text": title,
        "choices": [],
    }
    seq = await conversation.add(
        message | {"links": [], "language": language, "direction": DIRECTIONS[language]}
    )
    conversation.ids[own] = (said, seq)
    task = asyncio.create_task(answer(conversation, title, site.faults.delay))
    task.add_done_callback(lambda done: done.result())
    return 202, seq


def see_other(url: str) -> web.Response:
    return web.Response(status=303, headers={"Location": url})


async def create(request: web.Request) -> web.Response:
    body = await request.json()
    made = request.app[SITE].make(body.get("language"))
    resp = web.json_response({"token": made.token, "language": made.language}, status=201)
    resp.set_cookie(COOKIE, made.token, httponly=True, samesite="Lax")
    return resp


async def post_message(request: web.Request) -> web.Response:
    site, conversation = request.app[SITE], by_key(request)
    if site.faults.take("drop_before"):
        assert request.transport is not None
        request.transport.abort()
    if site.faults.take("refuse_messages"):
        return error(503, "unavailable")
    if conversation is None:
        return error(401, "unknown_key")
    if site.faults.take("reject_messages"):
        return error(400, "bad")
    body = await request.json()
    said = body.get("text") or body["choice"]
    status, seq = await accept(site, conversation, body["id"], said)
    if site.faults.take("drop_after"):
        assert request.transport is not None
        request.transport.abort()
    return (
        error(409, "conflict") if status == 409 else web.json_response({"seq": seq}, status=status)
    )


def after(request: web.Request) -> int:
    return int(request.query.get("after", "0"))


async def list_messages(request: web.Request) -> web.Response:
    conversation = by_key(request)
    if conversation is None:
        return error(401, "unknown_key")
    return web.json_response([m for m in conversation.messages if m["seq"] > after(request)])


async def stream(request: web.Request) -> web.StreamResponse:
    site, conversation = request.app[SITE], by_key(request)
    if conversation is None:
        return error(401, "unknown_key")
    if site.faults.take("refuse_streams"):
        return error(503, "unavailable")
    resp = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await resp.prepare(request)
    conversation.streams += 1
    seen = after(request)
    try:
        while True:
            async with conversation.news:
                while not (fresh := [m for m in conversation.messages if m["seq"] > seen]):
                    await conversation.news.wait()
            for message in fresh:
                seen = message["seq"]
                if not site.faults.hold_streams:
                    await send(resp, message, times=2 if site.faults.twice else 1)
                if site.faults.take("cut_streams"):
                    return resp
    except ConnectionResetError:
        return resp


async def send(resp: web.StreamResponse, message: dict[str, Any], times: int) -> None:
    """Write a frame in two pieces that cut through a character, as networks do."""
    data = json.dumps(message, ensure_ascii=False)
    frame = f"id: {message['seq']}\nevent: {message['kind']}\ndata: {data}\n\n".encode()
    for _ in range(times):
        await resp.write(frame[: len(frame) // 2 + 1])
        await asyncio.sleep(0.01)
        await resp.write(frame[len(frame) // 2 + 1 :])


async def erase(request: web.Request) -> web.Response:
    conversation = by_key(request)
    if conversation is None:
        return error(401, "unknown_key")
    del request.app[SITE].conversations[conversation.token]
    resp = web.json_response({"receipt": {"reference": RECEIPT}, "message": None})
    resp.del_cookie(COOKIE)
    return resp


def page(request: web.Request, **more: Any) -> web.Response:
    site, conversation = request.app[SITE], by_key(request)
    language = request.query.get("language") or (conversation and conversation.language) or "en"
    csrf = request.cookies.get("csrf") or secrets.token_urlsafe(8)
    context = {
        "t": Translator(language),
        "language": language,
        "direction": DIRECTIONS[language],
        "languages": LANGUAGES,
        "messages": conversation.messages if conversation else [],
        "csrf": csrf,
        "next_id": str(uuid.uuid4()),
        "asset": asset,
        "operator": site.operator,
        "keep_key": conversation.keep_key if conversation else None,
        "conversation_exists": conversation is not None,
        "exit_url": f"{site.url}/weather",
        "embed": request.query.get("embed") == "1",
    }
    text = request.app[PAGE].render(context | more)
    resp = web.Response(text=text, content_type="text/html")
    resp.set_cookie("csrf", csrf, httponly=True, samesite="Lax")
    return resp


async def get_page(request: web.Request) -> web.Response:
    return page(request)


async def post_page(request: web.Request) -> web.Response:
    """The plain forms."""
    site, form = request.app[SITE], await request.post()
    if form.get("csrf") != request.cookies.get("csrf"):
        return error(403, "csrf")
    action = str(form["action"])
    site.forms.append(action)
    if action == "exit":
        gone = see_other(f"{site.url}/weather")
        gone.del_cookie(COOKIE)
        return gone
    if action == "erase":
        return await erase_by_form(request)
    conversation = by_key(request) or site.make(None)
    await act(site, conversation, action, form)
    resp = see_other("/chat#end")
    if action == "forget":
        resp.del_cookie(COOKIE)
    else:
        kept = 86400 if conversation.keep_key else None
        resp.set_cookie(COOKIE, conversation.token, max_age=kept, httponly=True, samesite="Lax")
    return resp


async def act(site: Site, conversation: Conversation, action: str, form: Any) -> None:
    if action in {"send", "choose"}:
        said = str(form["text"] if action == "send" else form["choice"])
        await accept(site, conversation, str(form["id"]), said)
        await asyncio.sleep(0.2)
    elif action == "language":
        conversation.language = str(form["choice"])
    elif action == "keep":
        conversation.keep_key = form["choice"] == "yes"


async def erase_by_form(request: web.Request) -> web.Response:
    conversation = by_key(request)
    if conversation is not None:
        del request.app[SITE].conversations[conversation.token]
    resp = page(request, messages=[], conversation_exists=False, receipt=RECEIPT)
    resp.del_cookie(COOKIE)
    return resp


async def weather(_request: web.Request) -> web.Response:
    return web.Response(text="<title>Weather</title><h1>Sunny</h1>", content_type="text/html")


async def partner(request: web.Request) -> web.Response:
    """A partner's page with the widget, under another name of this server."""
    origin = request.app[SITE].url
    tag = (
        f'<script src="{origin}/widget.js" data-language="ro" data-label="Întreabă" defer></script>'
    )
    return web.Response(
        text=f"<!doctype html><title>Partner</title><main><h1>Partner</h1></main>{tag}",
        content_type="text/html",
    )


async def widget(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(WEB / "static" / "widget.js")


def asset(name: str) -> str:
    digest = hashlib.sha256((WEB / "static" / name).read_bytes()).hexdigest()[:8]
    return f"/static/{name}?{digest}"


@web.middleware
async def strict(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The headers that the gateway is to send; the page must live with them."""
    resp = await handler(request)
    if not resp.prepared and request.path.startswith("/chat"):
        site = request.app[SITE]
        # Browsers check form-action against the address of the redirect, too.
        resp.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src 'self'; form-action 'self' {site.url}; base-uri 'none'; "
            "frame-ancestors *"
        )
        resp.headers["Cache-Control"] = "no-store"
        resp.headers["Referrer-Policy"] = "no-referrer"
    return resp


def build(site: Site) -> web.Application:
    app = web.Application(middlewares=[strict])
    app[SITE] = site
    app[PAGE] = Page()
    app.add_routes(
        [
            web.get("/chat", get_page),
            web.post("/chat", post_page),
            web.post("/chat/conversations", create),
            web.post("/chat/messages", post_message),
            web.get("/chat/messages", list_messages),
            web.get("/chat/events", stream),
            web.delete("/chat/conversation", erase),
            web.get("/weather", weather),
            web.get("/partner", partner),
            web.get("/widget.js", widget),
            web.static("/static", WEB / "static"),
        ]
    )
    return app
