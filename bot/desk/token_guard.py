"""Keys of other systems: who calls the interface for mirrors, and what the key is good for."""

from __future__ import annotations

import functools
import secrets

from aiohttp import web

from bot.desk.guard import Handler, everyone
from bot.errors import InboundRejected, NotAuthorised
from bot.gateway.keys import DATABASE
from bot.store import api_tokens
from bot.store.api_tokens import READ_RESOLVE, ApiToken

TOKEN = web.RequestKey("api_token", ApiToken)
_PREFIX = "impreuna_"
_MAX_KEY = 200


def new_key() -> str:
    """Make a key: 256 random bits, with a name in front that scanners for leaks can find."""
    return _PREFIX + secrets.token_urlsafe(32)


def with_token(handler: Handler) -> Handler:
    """Let whoever shows a key in, and nobody by a cookie."""

    @functools.wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        request[TOKEN] = await _find(request)
        return await handler(request)

    return everyone(guarded)


def require_resolve(request: web.Request) -> ApiToken:
    """Give the token, if it may close requests.

    Raises:
        InboundRejected: If it may only read.
    """
    token = request[TOKEN]
    if token.scope != READ_RESOLVE:
        raise InboundRejected("This key may only read.", reason="scope", status=403)
    return token


async def _find(request: web.Request) -> ApiToken:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key.startswith(_PREFIX) or len(key) > _MAX_KEY:
        raise NotAuthorised("Show a key of the desk: Authorization: Bearer KEY.")
    async with request.app[DATABASE].transaction() as connection:
        token = await api_tokens.find(connection, key)
    if token is None:
        raise NotAuthorised("This key opens nothing.")
    return token
