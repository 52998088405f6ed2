"""Who asks: the key, from the header or the cookie, and the conversation that it opens.

A key is never accepted in an address: addresses stand in histories and logs.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.conversations.message import Conversation
from bot.errors import InboundRejected, NotAuthorised
from bot.gateway.keys import DATABASE, SETTINGS
from bot.store import conversations

COOKIE = "impreuna_chat"
_DAYS_KEPT = 180
_DAY = 86_400
_MAX_TOKEN = 128


@dataclass(frozen=True)
class Visitor:
    """A person with a key that opens a conversation."""

    conversation: Conversation
    token: str
    by_cookie: bool

    def __repr__(self) -> str:
        return f"Visitor({self.conversation.id})"


def new_token() -> str:
    """Make a key: 256 random bits."""
    return secrets.token_urlsafe(32)


async def find_visitor(request: web.Request) -> Visitor | None:
    """Find out who asks; None without a key or with one that opens nothing."""
    token, by_cookie = _token(request)
    if not token:
        return None
    async with request.app[DATABASE].transaction() as connection:
        conversation = await conversations.by_token(connection, conversations.hash_token(token))
    return Visitor(conversation, token, by_cookie) if conversation else None


async def require_visitor(request: web.Request) -> Visitor:
    """Find out who asks.

    Raises:
        NotAuthorised: Without a key, or with one that opens nothing.
        InboundRejected: If a cookie was sent along by another site's page.
    """
    visitor = await find_visitor(request)
    if visitor is None:
        raise NotAuthorised("Show the conversation's key: Authorization: Bearer KEY.")
    if visitor.by_cookie and request.method not in {"GET", "HEAD"} and not same_origin(request):
        raise InboundRejected(
            "The cookie counts on our own pages only.", reason="cross_origin", status=403
        )
    return visitor


def same_origin(request: web.Request) -> bool:
    """Tell whether one of our own pages asks (or a program that names no origin)."""
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    return origin is None or origin in _own_origins(request)


def address_of(request: web.Request) -> str:
    """Give the sender's address, through as many proxies as are trusted."""
    proxies = request.app[SETTINGS].trusted_proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(hops) >= proxies and hops[-proxies]:
        return _network_of(hops[-proxies])
    return _network_of(request.remote or "")


def remember(request: web.Request, response: web.StreamResponse, visitor: Visitor) -> None:
    """Set the key's cookie: for this visit, or for long if the person wants that."""
    settings = request.app[SETTINGS]
    days = settings.operator.retention_days or _DAYS_KEPT
    response.set_cookie(
        COOKIE,
        visitor.token,
        path="/",
        max_age=days * _DAY if visitor.conversation.keep_key else None,
        httponly=True,
        samesite="Lax",
        secure=settings.secure_cookies(),
    )


def forget(response: web.StreamResponse) -> None:
    """Take the key's cookie away."""
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax")


def _token(request: web.Request) -> tuple[str | None, bool]:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and 0 < len(value.strip()) <= _MAX_TOKEN:
        return value.strip(), False
    if "Authorization" in request.headers:
        return None, False
    cookie = request.cookies.get(COOKIE, "")
    return (cookie if 0 < len(cookie) <= _MAX_TOKEN else None), True


def _own_origins(request: web.Request) -> set[str]:
    own = {f"http://{request.host}", f"https://{request.host}"}
    public = request.app[SETTINGS].public_url
    return own | ({public.rstrip("/")} if public else set())


def _network_of(address: str) -> str:
    """One household often has a whole IPv6 /64: it counts as one address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
