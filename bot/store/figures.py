"""What the monitoring counts: handoffs without their people, those that were erased too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.conversations.hours import ZONE
from bot.store.database import Connection, fetch_all

# Of an erased conversation only the day it ended and its times are left: the day it began
# is told by them.
_REQUESTS = f"""
SELECT (opened_at AT TIME ZONE '{ZONE.key}')::date AS opened_on,
       coalesce(handoff.language, conversation.language) AS language, reason, priority, channel,
       extract(epoch FROM answered_at - opened_at)::integer AS answer_seconds,
       extract(epoch FROM closed_at - opened_at)::integer AS close_seconds
FROM handoff JOIN conversation ON conversation.id = conversation_id
WHERE opened_at >= %(start)s::date::timestamp AT TIME ZONE '{ZONE.key}'
UNION ALL
SELECT (day - make_interval(secs => coalesce(close_seconds, 0)))::date,
       language, reason, priority, channel, answer_seconds, close_seconds
FROM handoff_count WHERE day >= %(start)s
AND NOT EXISTS (SELECT FROM handoff WHERE count_id = handoff_count.id)
"""  # noqa: S608 (constants only)
_WAITING = """
SELECT coalesce(handoff.language, conversation.language) AS language, reason, priority, channel,
       extract(epoch FROM now() - CASE handoff.state WHEN 'waiting' THEN waiting_since
                                  ELSE unanswered_since END)::integer AS waiting_seconds
FROM handoff JOIN conversation ON conversation.id = conversation_id
WHERE closed_at IS NULL AND (handoff.state = 'waiting' OR unanswered_since IS NOT NULL)
"""


@dataclass(frozen=True)
class Request:
    """One request for a person.

    Attributes:
        answer_seconds: From the request to a counsellor's first answer; None: no answer.
        close_seconds: From the request to its end; None: it is open, or was erased while open.
    """

    opened_on: date
    language: str | None
    reason: str
    priority: str
    channel: str
    answer_seconds: int | None
    close_seconds: int | None


@dataclass(frozen=True)
class Wait:
    """Somebody who waits for a counsellor now, and for how long."""

    language: str | None
    reason: str
    priority: str
    channel: str
    waiting_seconds: int


async def requests(connection: Connection, start: date, until: date) -> list[Request]:
    """List the requests that were made from a day on, and before another one."""
    rows = await fetch_all(connection, _REQUESTS, {"start": start})
    found = [Request(**row) for row in rows]
    return [each for each in found if start <= each.opened_on < until]


async def waits(connection: Connection) -> list[Wait]:
    """List who waits now."""
    return [Wait(**row) for row in await fetch_all(connection, _WAITING)]


async def misunderstandings(connection: Connection, start: date, until: date) -> dict[str, int]:
    """Count by language the messages that the bot was unsure of; those that were not erased."""
    rows: list[dict[str, Any]] = await fetch_all(
        connection,
        "SELECT coalesce(language, '') AS language, count(*) AS number FROM misunderstanding"  # noqa: S608
        f" WHERE at >= %(start)s::date::timestamp AT TIME ZONE '{ZONE.key}'"
        f" AND at < %(until)s::date::timestamp AT TIME ZONE '{ZONE.key}' GROUP BY 1",
        {"start": start, "until": until},
    )
    return {row["language"]: row["number"] for row in rows}
