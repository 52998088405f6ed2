"""Counts of handoffs that outlive an erasure: numbers and codes, nothing that leads to a person."""

from __future__ import annotations

from uuid import UUID

from bot.conversations.handoff import ERASED
from bot.conversations.hours import ZONE
from bot.store.database import Connection, fetch_one

_COUNT = f"""
INSERT INTO handoff_count
  (day, language, reason, priority, channel, outcome, answer_seconds, close_seconds)
SELECT (coalesce(closed_at, now()) AT TIME ZONE '{ZONE.key}')::date,
       coalesce(handoff.language, conversation.language), reason, priority, channel,
       coalesce(outcome, '{ERASED}'),
       extract(epoch FROM answered_at - opened_at)::integer,
       extract(epoch FROM closed_at - opened_at)::integer
FROM handoff JOIN conversation ON conversation.id = conversation_id
"""  # noqa: S608 (constants only)


async def ended(connection: Connection, handoff: int) -> None:
    """Count a handoff that ended now, once for as long as it stays closed."""
    row = await fetch_one(
        connection, f"{_COUNT} WHERE handoff.id = %s RETURNING handoff_count.id", (handoff,)
    )
    await connection.execute(
        "UPDATE handoff SET count_id = %s WHERE id = %s", (row["id"] if row else None, handoff)
    )


async def reopened(connection: Connection, handoff: int) -> None:
    """Take back the count of a handoff that goes on."""
    await connection.execute(
        "DELETE FROM handoff_count WHERE id = (SELECT count_id FROM handoff WHERE id = %s)",
        (handoff,),
    )


async def erased(connection: Connection, conversation: UUID) -> None:
    """Count what is open of a conversation that is about to be erased."""
    await connection.execute(
        f"{_COUNT} WHERE conversation_id = %s AND closed_at IS NULL", (conversation,)
    )
