"""Forms count only if one of our own pages sent them.

Logged in, a form carries its session's token. Before that (login, invitation) it carries the
token of a cookie that came with the page. Browsers that name the sender are believed as well.
"""

from __future__ import annotations

import hmac
import secrets

from aiohttp import web

from bot.desk.forms import read_form
from bot.errors import InboundRejected
from bot.gateway.keys import SETTINGS
from bot.gateway.visitor import same_origin

HEADER = "X-CSRF"
FORM_COOKIE = "impreuna_desk_form"
_MAX_TOKEN = 128


def new_token() -> str:
    """Make a token: 128 random bits."""
    return secrets.token_urlsafe(16)


async def check(request: web.Request, known: str) -> None:
    """Check a form, or a script's call with the token in its header.

    Raises:
        InboundRejected: If it carries no token or another one, or comes from another site.
    """
    sent = request.headers.get(HEADER) or (await read_form(request)).get("csrf", "")
    if not known or not hmac.compare_digest(_bytes(sent), _bytes(known)):
        raise InboundRejected("The form's token does not fit.", reason="csrf", status=403)
    if _is_foreign(request):
        raise InboundRejected("Another site sent this form.", reason="csrf", status=403)


def token_before_login(request: web.Request) -> str:
    """Give the token of this browser's cookie, or a new one."""
    known = request.cookies.get(FORM_COOKIE, "")
    return known if 0 < len(known) <= _MAX_TOKEN else new_token()


async def check_before_login(request: web.Request) -> None:
    """Check a form of somebody who is not logged in; raises as `check` does."""
    await check(request, request.cookies.get(FORM_COOKIE, ""))


def remember_before_login(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Set the cookie that a form before the login is checked against."""
    response.set_cookie(
        FORM_COOKIE,
        token,
        path="/desk",
        httponly=True,
        samesite="Strict",
        secure=request.app[SETTINGS].secure_cookies(),
    )


def _is_foreign(request: web.Request) -> bool:
    # Our pages send no referrer, so browsers send their forms with the origin "null"; then the
    # other header tells. `same_origin` reads both.
    if request.headers.get("Origin") == "null":
        return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    return not same_origin(request)


def _bytes(token: str) -> bytes:
    return token.encode(errors="replace")
