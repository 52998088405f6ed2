"""Slowing down who guesses: attempts are counted by account, by address, and by known browser.

A browser that logged in before carries a sealed mark and has a count of its own, so whoever
guesses from elsewhere cannot lock a counsellor out (OWASP: "device cookies").
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.errors import StoreError
from bot.gateway.keys import SETTINGS, VAULT
from bot.gateway.visitor import address_of
from bot.settings import is_loopback
from bot.store.logins import Limit

DEVICE_COOKIE = "impreuna_desk_device"
_DEVICE_DAYS = 365
_MAX_MARK = 600

BY_ACCOUNT = (Limit(5, 15 * 60), Limit(20, 24 * 3600))
BY_DEVICE = (Limit(5, 5 * 60), Limit(50, 24 * 3600))
# Behind one address there may be a whole office.
BY_ADDRESS = (Limit(30, 15 * 60),)


class Attempt:
    """One attempt to show a password, and whom it counts for."""

    def __init__(self, request: web.Request, email: str) -> None:
        vault, device = request.app[VAULT], _device_of(request, email)
        self.account = vault.hash(f"device:{device}" if device else f"account:{email}")
        self.address = vault.hash(f"address:{address_of(request)}")
        self._by_account = BY_DEVICE if device else BY_ACCOUNT
        # From loopback comes a proxy whose header is not trusted: everybody at once.
        self._counts_address = not is_loopback(address_of(request))

    @property
    def limits(self) -> Mapping[bytes, Sequence[Limit]]:
        """What `bot.store.logins.count_attempt` counts."""
        limits: dict[bytes, Sequence[Limit]] = {self.account: self._by_account}
        return limits | {self.address: BY_ADDRESS} if self._counts_address else limits

    @property
    def origin(self) -> str:
        """What the log says of where it came from: the same address gives the same code."""
        return f"a{self.address.hex()[:8]}"


def mark_device(request: web.Request, response: web.StreamResponse, email: str) -> None:
    """Let this browser be known at its next login."""
    content = f"{secrets.token_hex(16)} {email}".encode()
    response.set_cookie(
        DEVICE_COOKIE,
        base64.urlsafe_b64encode(request.app[VAULT].seal(content)).decode(),
        path="/desk",
        max_age=_DEVICE_DAYS * 86_400,
        httponly=True,
        samesite="Strict",
        secure=request.app[SETTINGS].secure_cookies(),
    )


def _device_of(request: web.Request, email: str) -> str | None:
    """Read the browser's mark, if it is one for this account."""
    mark = request.cookies.get(DEVICE_COOKIE, "")
    if not 0 < len(mark) <= _MAX_MARK:
        return None
    try:
        content = request.app[VAULT].open(base64.urlsafe_b64decode(mark)).decode()
    except (StoreError, binascii.Error, ValueError):
        return None
    device, _, owner = content.partition(" ")
    return device if owner == email else None
