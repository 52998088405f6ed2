"""What the desk's pages ask beside the queue and the case: counts, names, choices, ticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from bot.conversations.urgency import URGENT
from bot.store.database import Connection, fetch_all, fetch_one

ADULT = 18
_TICKS = ("failed", "again", "unsure", "doubled", "asked", "sent", "delivered", "read", "played")
"""From the worst that can become of a bubble to the best; a message is as far as its last one."""


async def find(connection: Connection, reference: str) -> int | None:
    """Find a conversation's open handoff, else its last one, by any reference that was told."""
    row = await fetch_one(
        connection,
        "SELECT id FROM handoff WHERE conversation_id IN (SELECT conversation_id FROM handoff"
        " WHERE reference = %(reference)s OR requests @>"
        " jsonb_build_array(jsonb_build_object('reference', %(reference)s::text)))"
        " ORDER BY closed_at IS NULL DESC, closed_at DESC LIMIT 1",
        {"reference": reference},
    )
    return int(row["id"]) if row else None


async def folder_counts(connection: Connection, agent: UUID) -> dict[str, int]:
    """Count what each folder holds: `mine`, `unassigned`, `all`, `closed`."""
    row = await fetch_one(
        connection,
        "SELECT count(*) FILTER (WHERE closed_at IS NULL AND agent_id = %s) AS mine,"
        " count(*) FILTER (WHERE closed_at IS NULL AND state = 'waiting') AS unassigned,"
        ' count(*) FILTER (WHERE closed_at IS NULL) AS "all",'
        " count(*) FILTER (WHERE closed_at IS NOT NULL) AS closed FROM handoff",
        (agent,),
    )
    return dict(row or {})


async def urgent(connection: Connection) -> list[int]:
    """List the handoffs that wait and must not, the newest first."""
    rows = await fetch_all(
        connection,
        "SELECT id FROM handoff WHERE closed_at IS NULL AND state = 'waiting'"
        " AND priority = ANY(%s) ORDER BY id DESC",
        (sorted(URGENT),),
    )
    return [row["id"] for row in rows]


async def children(connection: Connection, handoffs: Iterable[int]) -> set[int]:
    """Tell which of these handoffs are about a sponsor under 18, as far as that was told."""
    rows = await fetch_all(
        connection,
        "SELECT id FROM handoff WHERE id = ANY(%s) AND (priority = 'child'"
        " OR (jsonb_typeof(facts #> '{shared,sponsor.age}') = 'number'"
        "     AND (facts #>> '{shared,sponsor.age}')::numeric < %s))",
        (list(handoffs), ADULT),
    )
    return {row["id"] for row in rows}


async def in_use(connection: Connection) -> dict[str, list[str]]:
    """List what can be filtered by: `language`, `channel`, `reason`, `label`."""
    row = await fetch_one(
        connection,
        "SELECT array_agg(DISTINCT coalesce(handoff.language, conversation.language)) AS language,"
        " array_agg(DISTINCT channel) AS channel, array_agg(DISTINCT reason) AS reason,"
        " (SELECT array_agg(DISTINCT label) FROM handoff AS other, unnest(other.labels) AS label)"
        " AS label FROM handoff JOIN conversation ON conversation.id = conversation_id",
    )
    return {name: sorted(filter(None, values or ())) for name, values in (row or {}).items()}


async def colleagues(connection: Connection, roles: Sequence[str]) -> list[dict[str, Any]]:
    """List who can be given a conversation: `id`, `name`, `seen_at`, the last seen first."""
    return await fetch_all(
        connection,
        "SELECT id, name, seen_at FROM staff WHERE disabled_at IS NULL"
        " AND password_hash IS NOT NULL AND role = ANY(%s) ORDER BY seen_at DESC NULLS LAST, name",
        (list(roles),),
    )


async def first_names(connection: Connection, staff: Iterable[UUID]) -> dict[UUID, str]:
    """Name accounts as colleagues call them."""
    rows = await fetch_all(
        connection, "SELECT id, first_name FROM staff WHERE id = ANY(%s)", (list(staff),)
    )
    return {row["id"]: row["first_name"] for row in rows}


async def ticks(connection: Connection, conversation: UUID) -> dict[int, str]:
    """Tell by a message's seq how far its bubbles came, the one that is least far."""
    rows = await fetch_all(
        connection,
        "SELECT seq, array_agg(state) AS states FROM delivery"
        " JOIN outbound ON outbound.id = outbound_id"
        " WHERE outbound.conversation_id = %s GROUP BY seq",
        (conversation,),
    )
    return {row["seq"]: min(row["states"], key=_TICKS.index) for row in rows}


async def newest_seq(connection: Connection, conversation: UUID) -> int:
    """Give the number of a conversation's last message."""
    row = await fetch_one(connection, "SELECT seq FROM conversation WHERE id = %s", (conversation,))
    return int(row["seq"]) if row else 0


async def told_findings(connection: Connection, conversation: UUID) -> list[dict[str, Any]]:
    """Read the findings that the bot told last: `person`, `row`, `outcome`, `flags`."""
    row = await fetch_one(
        connection,
        "SELECT body->'findings' AS findings FROM outbound WHERE conversation_id = %s"
        " AND jsonb_array_length(coalesce(body->'findings', '[]')) > 0"
        " ORDER BY seq DESC LIMIT 1",
        (conversation,),
    )
    return list(row["findings"]) if row else []


async def conversation_of_media(connection: Connection, media: int) -> UUID | None:
    """Tell whose a picture or a voice note is, if its conversation was handed over."""
    row = await fetch_one(
        connection,
        "SELECT conversation_id FROM media WHERE id = %s AND EXISTS (SELECT FROM handoff"
        " WHERE handoff.conversation_id = media.conversation_id)",
        (media,),
    )
    return row["conversation_id"] if row else None
