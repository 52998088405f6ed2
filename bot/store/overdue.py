"""Whom nobody answered in time, and whose counsellor has left: read every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversations.urgency import GONE_AFTER, TELL_AT_MOST
from bot.store.database import Connection, fetch_all, fetch_one

# With a counsellor the waiting begins with the person's message, or with the claim if later.
_WAITING = """
SELECT id, priority, escalations, escalated_at,
       CASE state WHEN 'waiting' THEN waiting_since
                  ELSE greatest(unanswered_since, claimed_at) END AS since
FROM handoff
WHERE closed_at IS NULL AND (state = 'waiting' OR unanswered_since IS NOT NULL)
"""


@dataclass(frozen=True)
class Waiting:
    """An open handoff whose person waits; `since` is when that began."""

    id: int
    priority: str
    escalations: int
    escalated_at: datetime | None
    since: datetime

    @property
    def person_is_told(self) -> bool:
        """Whether the person hears the numbers again at the next escalation."""
        return self.escalations < TELL_AT_MOST


async def waiting(connection: Connection) -> list[Waiting]:
    """List the open handoffs whose person waits for a counsellor."""
    return [Waiting(**row) for row in await fetch_all(connection, _WAITING)]


async def still_waiting(connection: Connection, handoff: int) -> Waiting | None:
    """Read one again, under its conversation's lock; None if its person waits no more."""
    row = await fetch_one(connection, f"{_WAITING} AND id = %s", (handoff,))
    return Waiting(**row) if row else None


async def abandoned(connection: Connection, now: datetime, handoff: int | None = None) -> list[int]:
    """List handoffs whose counsellor was disabled, or is gone while the person waits.

    Args:
        connection: An open transaction.
        now: This moment.
        handoff: Only this one, to look again under its conversation's lock.
    """
    rows = await fetch_all(
        connection,
        "SELECT handoff.id FROM handoff JOIN staff ON staff.id = agent_id"
        " WHERE closed_at IS NULL AND state = 'with_agent'"
        " AND (disabled_at IS NOT NULL OR (coalesce(seen_at, '-infinity') < %(before)s"
        "      AND greatest(unanswered_since, claimed_at) < %(before)s"
        "      AND unanswered_since IS NOT NULL))"
        " AND (%(handoff)s::bigint IS NULL OR handoff.id = %(handoff)s)",
        {"before": now - GONE_AFTER, "handoff": handoff},
    )
    return [row["id"] for row in rows]
