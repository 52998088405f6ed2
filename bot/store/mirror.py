"""Handoffs as another system sees them: a reference, codes and times, nothing of the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.store.database import Connection, fetch_all, fetch_one

PAGE = 100
_ENTRY = """
SELECT handoff.id, reference, reason, priority,
       coalesce(handoff.language, conversation.language) AS language, handoff.state, outcome,
       opened_at, updated_at, waiting_since, claimed_at, answered_at, closed_at
FROM handoff JOIN conversation ON conversation.id = conversation_id
"""


async def changed(
    connection: Connection, since: datetime | None, after: int, state: str | None
) -> list[dict[str, Any]]:
    """List handoffs in the order of their last change, `PAGE` and one more at the most.

    Args:
        connection: An open transaction.
        since: Changed then or later; None: from the first one on.
        after: Of those that changed at `since` itself, only handoffs behind this id.
        state: Only those that are in this state now.
    """
    return await fetch_all(
        connection,
        f"{_ENTRY} WHERE (%(since)s::timestamptz IS NULL OR updated_at > %(since)s"
        " OR (updated_at = %(since)s AND handoff.id > %(after)s))"
        " AND (%(state)s::text IS NULL OR handoff.state = %(state)s)"
        " ORDER BY updated_at, handoff.id LIMIT %(limit)s",
        {"since": since, "after": after, "state": state, "limit": PAGE + 1},
    )


async def one(connection: Connection, handoff: int) -> dict[str, Any] | None:
    """Read one handoff; None if it was erased."""
    return await fetch_one(connection, f"{_ENTRY} WHERE handoff.id = %s", (handoff,))
