"""What the bot was unsure of, as staff look through it: texts are masked, and still personal.

Nothing here tells which conversation a message is from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.store.database import Connection, fetch_all, fetch_one

NONE = "none"
"""The label of a message that fits no intent."""


@dataclass(frozen=True, repr=False)
class Uncertain:
    """A message that the bot was unsure of; `label` is what staff say that it means."""

    id: int
    at: datetime
    language: str | None
    text: str
    intent: str | None
    confidence: float | None
    label: str | None

    def __repr__(self) -> str:
        return f"Uncertain({self.id}, {self.intent}, {self.label})"


async def uncertain(
    connection: Connection, language: str | None, labelled: bool, before: int | None, limit: int
) -> list[Uncertain]:
    """List messages, the newest first.

    Args:
        connection: An open transaction.
        language: Of one language; "" = of none; None = of all.
        labelled: Those that have a label, else those that wait for one.
        before: Only older ones than this id.
        limit: How many at the most.
    """
    rows = await fetch_all(
        connection,
        "SELECT id, at, language, text, intent, confidence, label FROM misunderstanding"
        " WHERE (label IS NOT NULL) = %(labelled)s"
        " AND (%(language)s::text IS NULL OR coalesce(language, '') = %(language)s)"
        " AND (%(before)s::bigint IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"labelled": labelled, "language": language, "before": before, "limit": limit},
    )
    return [Uncertain(**row) for row in rows]


async def counts(connection: Connection) -> list[dict[str, object]]:
    """Count by language: `language`, `open`, `labelled`, `usable` (with an intent)."""
    return await fetch_all(
        connection,
        "SELECT coalesce(language, '') AS language,"
        " count(*) FILTER (WHERE label IS NULL) AS open, count(label) AS labelled,"
        " count(*) FILTER (WHERE label <> %s) AS usable"
        " FROM misunderstanding GROUP BY 1 ORDER BY 1",
        (NONE,),
    )


async def put_labels(connection: Connection, labels: Mapping[int, str | None], by: UUID) -> int:
    """Label messages; None takes a label away.

    Returns:
        How many changed: a message may have been erased meanwhile.
    """
    changed = 0
    for number, label in sorted(labels.items()):
        cursor = await connection.execute(
            "UPDATE misunderstanding SET label = %(label)s,"
            " labelled_by = CASE WHEN %(label)s::text IS NULL THEN NULL ELSE %(by)s::uuid END,"
            " labelled_at = CASE WHEN %(label)s::text IS NULL THEN NULL ELSE now() END"
            " WHERE id = %(id)s AND label IS DISTINCT FROM %(label)s",
            {"label": label, "by": by, "id": number},
        )
        changed += cursor.rowcount
    return changed


async def examples(connection: Connection, language: str) -> list[tuple[str, str]]:
    """List a language's messages that have an intent, as (intent, text), the newest label first."""
    rows = await fetch_all(
        connection,
        "SELECT label, text FROM misunderstanding WHERE language = %s AND label <> %s"
        " ORDER BY labelled_at DESC, id DESC",
        (language, NONE),
    )
    return [(row["label"], row["text"]) for row in rows]


async def knows(connection: Connection, language: str) -> bool:
    """Tell whether any message is of this language."""
    row = await fetch_one(
        connection, "SELECT 1 FROM misunderstanding WHERE language = %s LIMIT 1", (language,)
    )
    return row is not None
