"""Names and addresses of accounts, read carefully: they are shown to people and to colleagues."""

from __future__ import annotations

import re
import unicodedata

_MAX_EMAIL, _MAX_NAME = 254, 80
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


def read_email(raw: str) -> str | None:
    """Give an address in its one form; None if it is none."""
    email = unicodedata.normalize("NFKC", raw).strip().lower()
    return email if len(email) <= _MAX_EMAIL and _EMAIL.fullmatch(email) else None


def read_name(raw: str) -> str | None:
    """Give a name in its one form; None if it is empty, too long, or holds what nobody sees."""
    name = " ".join(unicodedata.normalize("NFC", raw).split())
    if not name or len(name) > _MAX_NAME or not any(char.isalpha() for char in name):
        return None
    # Control and format characters could turn the text around it.
    return None if any(unicodedata.category(char).startswith("C") for char in name) else name


def first_name_of(name: str) -> str:
    """Give the name that people in the chat see, unless another one is set."""
    return name.split()[0]
