"""Handoffs: at most one open a conversation; further requests are added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.conversations.handoff import HandoffRequest, more_urgent
from bot.store.database import Connection, fetch_one


async def open_or_add(
    connection: Connection,
    conversation: UUID,
    request: HandoffRequest,
    language: str | None,
    findings: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Open a handoff, or add to the open one, whose priority may only rise.

    The conversation's row must be locked.

    Returns:
        The handoff's first reference.
    """
    entry = _entry(request, findings)
    current = await fetch_one(
        connection,
        "SELECT id, reference, priority FROM handoff"
        " WHERE conversation_id = %s AND closed_at IS NULL",
        (conversation,),
    )
    if current is None:
        await connection.execute(
            "INSERT INTO handoff"
            " (conversation_id, reference, reason, priority, language, facts, requests)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (
                conversation,
                request.reference,
                request.reason,
                request.priority,
                language,
                Jsonb(dict(request.facts)),
                Jsonb([entry]),
            ),
        )
        return request.reference
    await connection.execute(
        "UPDATE handoff SET priority = %s, language = coalesce(%s, language),"
        " facts = facts || %s, requests = requests || %s, updated_at = now() WHERE id = %s",
        (
            more_urgent(current["priority"], request.priority),
            language,
            Jsonb(dict(request.facts)),
            Jsonb([entry]),
            current["id"],
        ),
    )
    return str(current["reference"])


def _entry(request: HandoffRequest, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "reference": request.reference,
        "reason": request.reason,
        "priority": request.priority,
        "findings": [dict(finding) for finding in findings],
    }


async def conversation_of(connection: Connection, reference: str) -> UUID | None:
    """Find a conversation by any reference that was told to its person."""
    row = await fetch_one(
        connection,
        "SELECT conversation_id FROM handoff WHERE reference = %(reference)s"
        " OR requests @> jsonb_build_array(jsonb_build_object('reference', %(reference)s::text))"
        " LIMIT 1",
        {"reference": reference},
    )
    return row["conversation_id"] if row else None
