"""The audit log: who saw and did what. It grows only; the database refuses anything else.

It outlives every erasure, so it holds ids and codes and nothing else: `write` refuses what
could be a text, a name, an address or a number that somebody is called by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.store.database import Connection, fetch_all, fetch_one

_CODE = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_ID = re.compile(r"[A-Za-z0-9_./-]{0,64}")
_CALLABLE = re.compile(r"[\d./-]{6,}")
Detail = Mapping[str, str | int | bool | UUID | None]


@dataclass(frozen=True)
class Filter:
    """Which entries are looked for; None = all."""

    staff: UUID | None = None
    action: str | None = None
    conversation: UUID | None = None
    before: int | None = None


async def write(
    connection: Connection,
    action: str,
    staff: UUID | None = None,
    conversation: UUID | None = None,
    detail: Detail | None = None,
) -> None:
    """Add an entry, in the transaction of what it tells.

    Args:
        connection: An open transaction.
        action: A code such as `login.failed`: a thing, then what became of it.
        staff: Who did it; None if nobody was logged in.
        conversation: What it was done to, if it was one.
        detail: Ids, codes and counts.

    Raises:
        ValueError: If the action is no code, or a detail is no id, code or count.
    """
    if not _CODE.fullmatch(action):
        raise ValueError("an audited action is a code")
    await connection.execute(
        "INSERT INTO audit (staff_id, action, conversation, detail) VALUES (%s, %s, %s, %s)",
        (staff, action, conversation, Jsonb(_checked(detail or {}))),
    )


async def seen_lately(
    connection: Connection, action: str, staff: UUID, conversation: UUID, minutes: int
) -> bool:
    """Tell whether the log has the same of a short time ago."""
    row = await fetch_one(
        connection,
        "SELECT 1 FROM audit WHERE staff_id = %s AND action = %s AND conversation = %s"
        " AND at > now() - make_interval(mins => %s) LIMIT 1",
        (staff, action, conversation, minutes),
    )
    return row is not None


async def entries(connection: Connection, wanted: Filter, limit: int) -> list[dict[str, Any]]:
    """Read entries, the newest first: `id, at, staff_id, name, action, conversation, detail`."""
    return await fetch_all(
        connection,
        "SELECT audit.id, at, staff_id, staff.name, action, conversation, detail"
        " FROM audit LEFT JOIN staff ON staff.id = audit.staff_id"
        " WHERE (%(staff)s::uuid IS NULL OR staff_id = %(staff)s)"
        " AND (%(action)s::text IS NULL OR action = %(action)s)"
        " AND (%(conversation)s::uuid IS NULL OR conversation = %(conversation)s)"
        " AND (%(before)s::bigint IS NULL OR audit.id < %(before)s)"
        " ORDER BY audit.id DESC LIMIT %(limit)s",
        {**vars(wanted), "limit": limit},
    )


def _checked(detail: Detail) -> dict[str, Any]:
    return {key: _checked_value(key, value) for key, value in detail.items()}


def _checked_value(key: str, value: object) -> str | int | None:
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, int):
        return value
    if not isinstance(value, str) or not _ID.fullmatch(value) or _CALLABLE.fullmatch(value):
        raise ValueError(f"the audit log takes ids, codes and counts only, not this: {key}")
    return value
