"""One handoff as the desk shows it: its case, its transcript, its notes and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.conversations.text import clean
from bot.store import handoffs
from bot.store.database import Connection, fetch_all, fetch_one

LABELED, NOTED = "label", "note"
MAX_NOTE = 4096
MAX_LABEL = 40
MAX_LABELS = 12

_CASE = """
SELECT handoff.id, conversation_id AS conversation, reference, handoff.state, priority, reason,
       coalesce(conversation.language, handoff.language) AS language, channel,
       token_hash IS NULL AS pushed, facts, requests, labels, outcome, opened_at, updated_at,
       waiting_since, claimed_at, answered_at, unanswered_since, closed_at, escalations,
       window_until, conversation.created_at, conversation.last_activity_at,
       agent_id AS agent, first_name AS agent_name
FROM handoff JOIN conversation ON conversation.id = conversation_id
LEFT JOIN staff ON staff.id = agent_id WHERE handoff.id = %s
"""
_EVENTS = """
SELECT at, event, handoff_event.state, staff_id AS staff, name AS staff_name
FROM handoff_event LEFT JOIN staff ON staff.id = staff_id WHERE handoff_id = %s
ORDER BY handoff_event.id
"""
_NOTES = """
SELECT note.id, at, text, staff_id AS staff, name AS staff_name
FROM note JOIN staff ON staff.id = staff_id WHERE conversation_id = %s ORDER BY note.id
"""
_OTHERS = """
SELECT id, reference, state, reason, outcome, opened_at, closed_at FROM handoff
WHERE conversation_id = %s AND id <> %s ORDER BY id DESC
"""
_TRANSCRIPT = """
SELECT seq, created_at AS at, body->>'author' AS author, body, NULL AS text, NULL AS kind,
       NULL::bigint AS inbound, delivered, failed_at, NULL::jsonb AS media
FROM outbound WHERE conversation_id = %(conversation)s AND seq > %(after)s
              AND body->>'kind' = 'message'
UNION ALL
SELECT seq, coalesce(sent_at, received_at), 'person', NULL, text, kind, id, NULL, NULL,
       (SELECT jsonb_agg(jsonb_build_object('id', media.id, 'kind', media.kind,
               'mime_type', mime_type, 'bytes', bytes, 'state', state) ORDER BY media.id)
        FROM media WHERE inbound_id = inbound.id)
FROM inbound WHERE conversation_id = %(conversation)s AND seq > %(after)s
ORDER BY seq LIMIT %(limit)s
"""
PAGE_OF_TRANSCRIPT = 500


@dataclass(frozen=True, repr=False)
class Case:
    """A handoff with all that staff know of it (personal).

    Attributes:
        facts: What the interview knew, in the form that the law reads.
        requests: Why a person was asked for, every time, each with its findings.
        events: What happened, in order: `at`, `event`, `state`, `staff`, `staff_name`.
        notes: Private notes on the conversation: `id`, `at`, `text`, `staff`, `staff_name`.
        others: The conversation's other handoffs.
    """

    id: int
    conversation: UUID
    reference: str
    state: str
    priority: str
    reason: str
    language: str | None
    channel: str
    pushed: bool
    facts: Mapping[str, Any]
    requests: Sequence[Mapping[str, Any]]
    labels: Sequence[str]
    outcome: str | None
    opened_at: datetime
    updated_at: datetime
    waiting_since: datetime
    claimed_at: datetime | None
    answered_at: datetime | None
    unanswered_since: datetime | None
    closed_at: datetime | None
    escalations: int
    window_until: datetime | None
    created_at: datetime
    last_activity_at: datetime
    agent: UUID | None
    agent_name: str | None
    events: Sequence[Mapping[str, Any]]
    notes: Sequence[Mapping[str, Any]]
    others: Sequence[Mapping[str, Any]]

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        """The findings so far, of each person the newest."""
        told = [finding for request in self.requests for finding in request["findings"]]
        return list({str(finding.get("person")): finding for finding in told}.values())

    def __repr__(self) -> str:
        return f"Case({self.id}, {self.state}, {self.priority})"


async def case(connection: Connection, handoff: int) -> Case | None:
    """Read a handoff; None if there is none, or it was erased."""
    row = await fetch_one(connection, _CASE, (handoff,))
    if row is None:
        return None
    return Case(
        **row,
        events=await fetch_all(connection, _EVENTS, (handoff,)),
        notes=await fetch_all(connection, _NOTES, (row["conversation"],)),
        others=await fetch_all(connection, _OTHERS, (row["conversation"], handoff)),
    )


async def transcript(
    connection: Connection, conversation: UUID, after: int = 0
) -> list[dict[str, Any]]:
    """Read both sides' messages after a seq, in order, at most `PAGE_OF_TRANSCRIPT`.

    Returns:
        Rows of `seq`, `at`, `author` (person, bot, agent), `body` (as it was sent; null for
        the person's own), `text`, `kind` and `media` of the person's own, `inbound`,
        `delivered` and `failed_at` of what was sent.
    """
    return await fetch_all(
        connection,
        _TRANSCRIPT,
        {"conversation": conversation, "after": after, "limit": PAGE_OF_TRANSCRIPT},
    )


async def note(connection: Connection, handoff: int, by: UUID, text: str) -> int | None:
    """Keep a private note on a handoff's conversation.

    Returns:
        The note's id; None if nothing was written.

    Raises:
        Refused: If the handoff is gone.
    """
    conversation, _ = await handoffs.lock(connection, handoff)
    written = clean(text).strip()[:MAX_NOTE]
    if not written:
        return None
    row = await fetch_one(
        connection,
        "INSERT INTO note (conversation_id, staff_id, text) VALUES (%s, %s, %s) RETURNING id",
        (conversation.id, by, written),
    )
    await handoffs.wake_desk(connection, handoff, NOTED)
    return int(row["id"]) if row else None


async def label(connection: Connection, handoff: int, labels: Sequence[str]) -> list[str]:
    """Give a handoff its labels, in the place of those that it had.

    Returns:
        The labels as they are kept: each once, sorted, short.

    Raises:
        Refused: If the handoff is gone.
    """
    await handoffs.lock(connection, handoff)
    tidy = {" ".join(clean(one).split())[:MAX_LABEL] for one in labels} - {""}
    kept = sorted(tidy, key=str.casefold)[:MAX_LABELS]
    await connection.execute(
        "UPDATE handoff SET labels = %s, updated_at = now() WHERE id = %s", (kept, handoff)
    )
    await handoffs.wake_desk(connection, handoff, LABELED)
    return kept


async def all_labels(connection: Connection) -> list[str]:
    """List the labels in use, to choose from."""
    rows = await fetch_all(
        connection, "SELECT DISTINCT unnest(labels) AS label FROM handoff ORDER BY label"
    )
    return [row["label"] for row in rows]
