"""Passwords: what is good enough, and Argon2id (RFC 9106) for storing.

Hashing takes a processor and 64 MB for a moment, so it runs beside the event loop and never
more than two at once: guesses wait, the chat does not.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

MIN_LENGTH = 12
MAX_LENGTH = 200
_MIN_DISTINCT = 6
_MIN_REST = 8
"""Characters that must be left of a password without the words that belong to its account."""
_MIN_WORD = 3
_HOUSE_WORDS = ("impreuna", "cnrr", "password", "parola", "consilier", "counsellor")
_AT_ONCE = 2


class Passwords:
    """Makes and verifies hashes.

    Args:
        hasher: Its parameters; RFC 9106's second recommendation (64 MB, 3 rounds) if left out.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        # What a login without an account is checked against, so that it takes as long.
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        """Hash a password for storing."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether a password is the stored one; takes as long where nothing is stored."""
        async with self._turns:
            matches = await asyncio.to_thread(self._matches, stored or self._nobodys, password)
        return matches and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _normal(password)[:MAX_LENGTH])
        except (Argon2Error, InvalidHashError):
            return False


def weakness(password: str, own_words: Iterable[str]) -> str | None:
    """Say what is wrong with a new password.

    Args:
        password: As it was typed.
        own_words: What belongs to the account: names, address.

    Returns:
        `too_short`, `too_long`, `too_plain`, `own_words`, or None if it is good enough.
    """
    normal = _normal(password)
    if len(normal) < MIN_LENGTH:
        return "too_short"
    if len(normal) > MAX_LENGTH:
        return "too_long"
    if len(set(normal.casefold())) < _MIN_DISTINCT:
        return "too_plain"
    if len(_without(normal, own_words)) < _MIN_REST:
        return "own_words"
    return None


def _without(password: str, own_words: Iterable[str]) -> str:
    """Take the account's words out, the longest first."""
    parts = {part for word in own_words for part in re.split(r"[\W_]+", _folded(word))}
    words = sorted({*parts, *_HOUSE_WORDS}, key=len, reverse=True)
    rest = _folded(password)
    for word in words:
        if len(word) >= _MIN_WORD:
            rest = rest.replace(word, "")
    return rest


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _normal(password: str) -> str:
    # The same letters typed on another keyboard are the same password (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", password).encode(errors="replace").decode()
