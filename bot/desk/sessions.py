"""Sessions: a random key in a cookie.

A session ends 30 minutes after the last click, after 12 hours, with the password, and with the
account.
"""

from __future__ import annotations

import hashlib
import secrets

from aiohttp import web

from bot.desk import csrf
from bot.gateway.keys import DATABASE, SETTINGS
from bot.store import logins
from bot.store.database import Connection
from bot.store.logins import Session
from bot.store.staff import Account

COOKIE = "impreuna_desk"
_MAX_KEY = 128


def new_key() -> str:
    """Make the key of a session or an invitation: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_key(key: str) -> bytes:
    """Hash a key for storage and look-up; it is random and long, so no salt is needed."""
    return hashlib.sha256(key.encode(errors="replace")).digest()


async def begin(connection: Connection, account: Account) -> str:
    """Store a session; give its key, for `remember`."""
    key = new_key()
    await logins.sweep(connection)
    await logins.begin(connection, hash_key(key), account.id, csrf.new_token())
    return key


async def find(request: web.Request, active: bool = True) -> Session | None:
    """Find out who asks.

    Args:
        request: With the cookie.
        active: Whether a person did something; False for what a page asks by itself.
    """
    key = request.cookies.get(COOKIE, "")
    if not 0 < len(key) <= _MAX_KEY:
        return None
    async with request.app[DATABASE].transaction() as connection:
        session = await logins.find(connection, hash_key(key))
        if session and active:
            await logins.touch(connection, session)
    return session


def remember(request: web.Request, response: web.StreamResponse, key: str) -> None:
    """Set the cookie; it goes with the browser."""
    response.set_cookie(
        COOKIE,
        key,
        path="/desk",
        httponly=True,
        samesite="Strict",
        secure=request.app[SETTINGS].secure_cookies(),
    )


def forget(response: web.StreamResponse) -> None:
    """Take the cookie away."""
    response.del_cookie(COOKIE, path="/desk", httponly=True, samesite="Strict")
