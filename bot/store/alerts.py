"""What an alert tells of a handoff's event: codes and a reference, nothing personal but them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Connection, fetch_one

_NEWS = """
SELECT handoff_event.id AS event_id, event, handoff_event.at, handoff.id AS handoff, reference,
       handoff.reason, handoff.priority, handoff_event.state, channel, handoff.outcome,
       coalesce(handoff.language, conversation.language) AS language,
       handoff_event.state = 'waiting' AND handoff.state <> 'waiting' AS taken
FROM handoff_event JOIN handoff ON handoff.id = handoff_id
JOIN conversation ON conversation.id = conversation_id WHERE handoff_event.id = %s
"""


@dataclass(frozen=True)
class News:
    """One event of a handoff.

    Attributes:
        state: Afterwards.
        taken: Nobody waits any more: a mail about it comes too late.
    """

    event_id: int
    event: str
    at: datetime
    handoff: int
    reference: str
    reason: str
    priority: str
    state: str
    channel: str
    outcome: str | None
    language: str | None
    taken: bool


async def news(connection: Connection, event: int) -> News | None:
    """Read an event; None if its handoff was erased."""
    row = await fetch_one(connection, _NEWS, (event,))
    return News(**row) if row else None
