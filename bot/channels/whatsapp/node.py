"""Reading foreign JSON without trusting it: whatever is of another type is simply absent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.conversations.text import clean

MAX_ID = 1024
"""Ids are opaque; a longer one is none."""
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_DIGITS = re.compile(r"-?\d{1,19}")
# From here on a number of seconds would lie beyond the year 5000: it is milliseconds.
_MILLISECONDS = 100_000_000_000


def mapping(node: Any, key: str) -> Mapping[str, Any]:
    """Give a member that is an object; else an empty one."""
    value = node.get(key) if isinstance(node, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items(node: Any, key: str) -> list[Mapping[str, Any]]:
    """Give the objects in a member that is a list."""
    value = node.get(key) if isinstance(node, Mapping) else None
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def text(node: Mapping[str, Any], key: str) -> str:
    """Give a member that is a text, made storable; else an empty one."""
    value = node.get(key)
    return clean(value) if isinstance(value, str) else ""


def token(node: Mapping[str, Any], key: str) -> str | None:
    """Give a member that is an id: visible ASCII, and a number in its digits."""
    value = node.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**19 else ""
    if not isinstance(value, str) or len(value) > MAX_ID or not _VISIBLE.fullmatch(value):
        return None
    return value


def whole(node: Mapping[str, Any], key: str) -> int | None:
    """Give a member that is a whole number, or the digits of one."""
    written = token(node, key)
    return int(written) if written and _DIGITS.fullmatch(written) else None


def moment(node: Mapping[str, Any], now: datetime) -> datetime:
    """Read `timestamp`, in seconds or milliseconds; what is unreadable or to come is now."""
    stamp = whole(node, "timestamp") or 0
    seconds = stamp / 1000 if stamp >= _MILLISECONDS else float(stamp)
    if not 0 < seconds <= now.timestamp():
        return now
    return datetime.fromtimestamp(0, timezone.utc) + timedelta(seconds=seconds)
