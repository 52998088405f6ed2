"""Who may come in: every handler of the desk stands behind `allowed` or `everyone`.

`allowed` finds the session, checks the form's token, then the role. `bot/desk/app.py` refuses
to start with a handler that has neither mark.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from bot.desk import audit, csrf, sessions
from bot.desk.forms import HOME, local_address
from bot.desk.keys import SESSION
from bot.desk.roles import Act, may
from bot.errors import InboundRejected, NotAuthorised
from bot.gateway.keys import DATABASE
from bot.store.logins import Session

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOGIN = "/desk/login"
_SAFE_METHODS = {"GET", "HEAD"}
_MARK = "desk_act"


def allowed(act: Act, *, by_itself: bool = False) -> Callable[[Handler], Handler]:
    """Let only those in who may do this.

    Args:
        act: What the handler does.
        by_itself: True for what a page asks without anybody having clicked (streams, polling):
            it keeps no session alive and counts nobody as present.
    """

    def mark(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            session = await sessions.find(request, active=not by_itself)
            if session is None:
                return _ask_to_log_in(request)
            request[SESSION] = session
            if request.method not in _SAFE_METHODS:
                await csrf.check(request, session.csrf)
            if not may(session.account.role, act):
                await _note_refusal(request, session, act)
                raise InboundRejected("The role does not allow it.", reason="role", status=403)
            return await handler(request)

        setattr(guarded, _MARK, act)
        return guarded

    return mark


def everyone(handler: Handler) -> Handler:
    """Let everybody in: the login, an invitation, files. The handler checks its own forms."""
    setattr(handler, _MARK, None)
    return handler


def is_guarded(handler: object) -> bool:
    """Tell whether a handler has one of the two marks."""
    return hasattr(handler, _MARK)


async def still_there(request: web.Request, act: Act) -> bool:
    """Tell a stream whether its session, account and role still hold; ask before each message."""
    session = await sessions.find(request, active=False)
    return session is not None and may(session.account.role, act)


def wants_page(request: web.Request) -> bool:
    """Tell whether a person waits for a page, rather than a script for an answer."""
    return "text/html" in request.headers.get("Accept", "")


def _ask_to_log_in(request: web.Request) -> web.Response:
    if not wants_page(request):
        raise NotAuthorised("Log in first.")
    if request.method not in _SAFE_METHODS:
        return web.Response(status=303, headers={"Location": f"{LOGIN}?ended=1"})
    target = local_address(request.path_qs)
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return _come_again(target)
    follow = "" if target == HOME else f"?next={quote(target, safe='')}"
    return web.Response(status=303, headers={"Location": LOGIN + follow})


def _come_again(target: str) -> web.Response:
    """Ask again from our own page: after a link in a mail the browser kept the cookie back."""
    address = target.replace("&", "&amp;")  # `local_address` lets no quote or bracket through
    text = (
        '<!doctype html><html lang="ro"><head><meta charset="utf-8"><title>Împreună</title>'
        f'<meta http-equiv="refresh" content="0; url={address}"></head>'
        f'<body><main><h1><a href="{address}">Împreună</a></h1></main></body></html>'
    )
    return web.Response(text=text, content_type="text/html")


async def _note_refusal(request: web.Request, session: Session, act: Act) -> None:
    async with request.app[DATABASE].transaction() as connection:
        await audit.record(connection, "access.refused", session.account, act=act.value)
