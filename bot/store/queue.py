"""The desk's lists: the queue by harm and waiting time, and the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from bot.conversations.handoff import PRIORITIES
from bot.store.database import Connection, fetch_all, fetch_one

Folder = Literal["unassigned", "mine", "all", "closed"]
PAGE = 50
_MAX_PAGE = 500
_MAX_WORDS = 200

_ENTRY = """
SELECT handoff.id, handoff.conversation_id AS conversation, reference, handoff.state, priority,
       reason, coalesce(handoff.language, conversation.language) AS language, channel,
       opened_at, updated_at, waiting_since, unanswered_since, claimed_at, answered_at, closed_at,
       outcome, escalations, labels, window_until, agent_id AS agent, first_name AS agent_name,
       jsonb_array_length(requests) AS requests,
       (SELECT left(text, 160) FROM inbound WHERE inbound.conversation_id = conversation.id
         ORDER BY inbound.seq DESC LIMIT 1) AS last_words
FROM handoff JOIN conversation ON conversation.id = handoff.conversation_id
LEFT JOIN staff ON staff.id = agent_id
"""
_FOLDERS: dict[Folder, str] = {
    "unassigned": "closed_at IS NULL AND handoff.state = 'waiting'",
    "mine": "closed_at IS NULL AND agent_id = %(agent)s",
    "all": "closed_at IS NULL",
    "closed": "closed_at IS NOT NULL",
}
# What harms most comes first; then whoever waits longest.
_BY_HARM = (
    "array_position(%(priorities)s::text[], priority),"
    " least(waiting_since, unanswered_since), handoff.id"
)
_NEWEST = "closed_at DESC, handoff.id DESC"
_FILTERS = {
    "priority": "priority = %(priority)s",
    "language": "coalesce(handoff.language, conversation.language) = %(language)s",
    "channel": "channel = %(channel)s",
    "reason": "(reason = %(reason)s OR requests @> jsonb_build_array("
    "jsonb_build_object('reason', %(reason)s::text)))",
    "label": "%(label)s = ANY(labels)",
    "unanswered": "(answered_at IS NULL OR unanswered_since IS NOT NULL)",
}
_FOUND = """
handoff.reference ILIKE %(pattern)s
OR requests @> jsonb_build_array(jsonb_build_object('reference', upper(%(words)s)))
OR EXISTS (SELECT FROM inbound WHERE inbound.conversation_id = conversation.id
           AND inbound.text ILIKE %(pattern)s)
OR EXISTS (SELECT FROM outbound WHERE outbound.conversation_id = conversation.id
           AND body->>'author' = 'agent' AND body->>'text' ILIKE %(pattern)s)
OR EXISTS (SELECT FROM note WHERE note.conversation_id = conversation.id
           AND note.text ILIKE %(pattern)s)
OR EXISTS (SELECT FROM unnest(labels) AS label WHERE label ILIKE %(pattern)s)
"""


@dataclass(frozen=True)
class Filters:
    """Which handoffs to list; None leaves a filter out.

    Attributes:
        agent: Whose the folder `mine` is.
        unanswered: True: only those where the person waits for an answer.
    """

    folder: Folder = "all"
    agent: UUID | None = None
    priority: str | None = None
    language: str | None = None
    channel: str | None = None
    reason: str | None = None
    label: str | None = None
    unanswered: bool = False
    limit: int = PAGE
    offset: int = 0


@dataclass(frozen=True, repr=False)
class Entry:
    """One line of a list; `last_words` are the person's newest words (personal)."""

    id: int
    conversation: UUID
    reference: str
    state: str
    priority: str
    reason: str
    language: str | None
    channel: str
    opened_at: datetime
    updated_at: datetime
    waiting_since: datetime
    unanswered_since: datetime | None
    claimed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    escalations: int
    labels: Sequence[str]
    window_until: datetime | None
    agent: UUID | None
    agent_name: str | None
    requests: int
    last_words: str | None

    def __repr__(self) -> str:
        return f"Entry({self.id}, {self.state}, {self.priority})"


async def queue(connection: Connection, filters: Filters) -> list[Entry]:
    """List handoffs: the most urgent first, of the closed ones the newest."""
    chosen = [condition for name, condition in _FILTERS.items() if getattr(filters, name)]
    where = " AND ".join([_FOLDERS[filters.folder], *chosen])
    order = _NEWEST if filters.folder == "closed" else _BY_HARM
    return await _list(connection, where, order, vars(filters))


async def counts(connection: Connection, agent: UUID) -> dict[str, int]:
    """Count the open handoffs: `unassigned`, `mine`, `all`, and `urgent` among the unassigned."""
    row = await fetch_one(
        connection,
        "SELECT count(*) FILTER (WHERE state = 'waiting') AS unassigned,"
        " count(*) FILTER (WHERE agent_id = %s) AS mine, count(*) AS all,"
        " count(*) FILTER (WHERE state = 'waiting' AND priority = 'danger') AS urgent"
        " FROM handoff WHERE closed_at IS NULL",
        (agent,),
    )
    return dict(row or {})


async def search(
    connection: Connection, words: str, limit: int = PAGE, offset: int = 0
) -> list[Entry]:
    """Find handoffs by a reference, a label, or words that were written, open ones first.

    Only conversations that were handed over are searched: the others are nobody's business.
    """
    words = words.strip()[:_MAX_WORDS]
    if not words:
        return []
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {"words": words, "pattern": f"%{escaped}%", "limit": limit, "offset": offset}
    order = f"closed_at IS NOT NULL, {_BY_HARM}"
    return await _list(connection, _FOUND, order, values)


async def _list(
    connection: Connection, where: str, order: str, values: dict[str, Any]
) -> list[Entry]:
    values = {**values, "priorities": list(PRIORITIES)}
    values["limit"] = max(1, min(values["limit"], _MAX_PAGE))
    query = f"{_ENTRY} WHERE {where} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
    return [Entry(**row) for row in await fetch_all(connection, query, values)]
