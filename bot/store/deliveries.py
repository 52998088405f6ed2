"""Deliveries: one row for each bubble of a message, written before it is sent.

States: `asked` (the request is being made), `unsure` (it was written and no answer came),
`doubled` (asked a second time after that), `again` (refused for now, to be asked again), then
`sent`, `delivered`, `read`, or `failed`. Those told by the channel only move forward; whatever
it repeats or tells late changes nothing. What `failed` by a status is settled by the next
`outbound.send` (bot/gateway/sending.py), which knows what each code means.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from bot.store import conversations, handoffs, outbox
from bot.store.database import Connection, fetch_all, fetch_one
from bot.store.vault import Vault

log = logging.getLogger(__name__)

ASKED, UNSURE, DOUBLED, AGAIN, FAILED = "asked", "unsure", "doubled", "again", "failed"
OPEN = frozenset({ASKED, UNSURE, DOUBLED})
"""No answer is known: the message may have been taken."""
TAKEN: Mapping[str, int] = {"sent": 1, "delivered": 2, "read": 3, "played": 3}
"""The channel has it; a higher number implies the lower ones."""
_NEVER_FAILS = TAKEN["delivered"]

Told = Literal["unknown", "old", "moved", "failed"]


@dataclass(frozen=True)
class Delivery:
    """One bubble's way."""

    id: int
    conversation_id: UUID
    outbound_id: int | None
    part: int
    key: str
    provider_id: str | None
    state: str
    error_code: int | None
    tries: int
    asked_at: datetime
    state_at: datetime


async def of_outbound(connection: Connection, outbound: int) -> dict[int, Delivery]:
    """Read a message's deliveries by their part."""
    rows = await fetch_all(connection, "SELECT * FROM delivery WHERE outbound_id = %s", (outbound,))
    return {row["part"]: Delivery(**row) for row in rows}


async def last_template(connection: Connection, conversation: UUID) -> Delivery | None:
    """Read the newest template that a person was sent, or was about to be."""
    row = await fetch_one(
        connection,
        "SELECT * FROM delivery WHERE conversation_id = %s AND outbound_id IS NULL"
        " ORDER BY asked_at DESC LIMIT 1",
        (conversation,),
    )
    return Delivery(**row) if row else None


async def unsettled(connection: Connection, conversation: UUID) -> list[Delivery]:
    """Read what a status has told as failed and nobody has acted on."""
    rows = await fetch_all(
        connection,
        "SELECT * FROM delivery WHERE conversation_id = %s AND state = 'failed'"
        " AND outbound_id IN (SELECT id FROM outbound WHERE conversation_id = %s"
        "  AND delivered IS NULL AND failed_at IS NULL) ORDER BY id",
        (conversation, conversation),
    )
    return [Delivery(**row) for row in rows]


async def asked_since(
    connection: Connection, conversation: UUID, since: datetime
) -> list[datetime]:
    """List when the person was sent something, the oldest first."""
    rows = await fetch_all(
        connection,
        "SELECT asked_at FROM delivery WHERE conversation_id = %s AND asked_at > %s"
        " ORDER BY asked_at",
        (conversation, since),
    )
    return [row["asked_at"] for row in rows]


def keyed(vault: Vault, provider_id: str) -> str:
    """Give a provider's id as it stands here: WhatsApp's has the person's number in it."""
    return vault.hash(provider_id).hex()


def new_key() -> str:
    """Make the key that goes along with a bubble: random, for it leaves the house."""
    return secrets.token_urlsafe(16)


async def ask(
    connection: Connection,
    conversation: UUID,
    outbound: int | None,
    part: int,
    key: str,
    now: datetime,
) -> Delivery:
    """Note that a bubble is asked for the first time.

    Raises:
        UniqueViolation: If it was asked before.
    """
    row = await fetch_one(
        connection,
        "INSERT INTO delivery (conversation_id, outbound_id, part, key, state, asked_at, state_at)"
        " VALUES (%s, %s, %s, %s, 'asked', %s, %s) RETURNING *",
        (conversation, outbound, part, key, now, now),
    )
    return Delivery(**_present(row))


async def ask_again(
    connection: Connection, delivery: Delivery, key: str, state: str, now: datetime
) -> Delivery:
    """Note that a bubble is asked once more.

    With another key, statuses of the earlier request change nothing any more; with the same
    key each of the two requests can prove that the bubble arrived.
    """
    row = await fetch_one(
        connection,
        "UPDATE delivery SET key = %s, state = %s, asked_at = %s, state_at = %s,"
        " tries = tries + 1, provider_id = NULL WHERE id = %s RETURNING *",
        (key, state, now, now, delivery.id),
    )
    return Delivery(**_present(row))


async def taken(connection: Connection, delivery: int, provider_id: str, now: datetime) -> None:
    """Note that the channel accepted a bubble; its status may have come before its answer."""
    await connection.execute(
        "UPDATE delivery SET provider_id = coalesce(provider_id, %(provider)s),"
        " state_at = CASE WHEN state = ANY(%(open)s) THEN %(now)s ELSE state_at END,"
        " error_code = CASE WHEN state = ANY(%(open)s) THEN NULL ELSE error_code END,"
        " state = CASE WHEN state = ANY(%(open)s) THEN 'sent' ELSE state END"
        " WHERE id = %(id)s",
        {"provider": provider_id, "open": sorted(OPEN), "now": now, "id": delivery},
    )


async def unanswered(connection: Connection, delivery: int, now: datetime) -> None:
    """Note that no answer came; asked twice, it stays marked as possibly doubled."""
    await connection.execute(
        "UPDATE delivery SET state = 'unsure', state_at = %s WHERE id = %s AND state = 'asked'",
        (now, delivery),
    )


async def refused(
    connection: Connection,
    delivery: int,
    state: str,
    error_code: int | None,
    now: datetime,
    free: bool = False,
) -> None:
    """Note that the channel refused a bubble: `again` or `failed`; a free try does not count."""
    await connection.execute(
        "UPDATE delivery SET state = %s, error_code = %s, state_at = %s, tries = tries - %s"
        " WHERE id = %s",
        (state, error_code, now, int(free), delivery),
    )


async def status(
    connection: Connection,
    provider_id: str | None,
    key: str | None,
    state: str,
    error_code: int | None = None,
) -> Told:
    """Take in what the channel tells about a bubble; sending goes on if that changes anything.

    Args:
        connection: An open transaction; the conversation's row is locked here.
        provider_id: The channel's id of the message, `keyed`.
        key: What we sent along, if it came back.
        state: `sent`, `delivered`, `read`, `failed`; any other changes nothing.
        error_code: The channel's, of a failure.

    Returns:
        `unknown` if it is about nothing of ours (or erased), `old` if it changed nothing,
        else `moved` or `failed`.
    """
    if state not in TAKEN and state != FAILED:
        return "old"
    found = await _find(connection, provider_id, key)
    if found is None:
        return "unknown"
    await conversations.lock(connection, found.conversation_id)
    row = await _find(connection, provider_id, key)
    if row is None:
        return "unknown"
    if state == FAILED:
        return await _fail(connection, row, provider_id, error_code)
    return await _move(connection, row, provider_id, state)


async def _find(
    connection: Connection, provider_id: str | None, key: str | None
) -> Delivery | None:
    row = await fetch_one(
        connection,
        "SELECT * FROM delivery WHERE provider_id = %(provider)s OR key = %(key)s"
        " ORDER BY provider_id = %(provider)s DESC NULLS LAST LIMIT 1",
        {"provider": provider_id, "key": key},
    )
    return Delivery(**row) if row else None


async def _move(connection: Connection, row: Delivery, provider_id: str | None, state: str) -> Told:
    was_open = row.state in OPEN
    if not was_open and not 0 < TAKEN.get(row.state, 0) < TAKEN[state]:
        return "old"
    await connection.execute(
        "UPDATE delivery SET state = %s, state_at = now(), error_code = NULL,"
        " provider_id = coalesce(provider_id, %s) WHERE id = %s",
        (state, provider_id, row.id),
    )
    if was_open:
        # Perhaps it was given up already: it did arrive.
        await connection.execute(
            "UPDATE outbound SET failed_at = NULL WHERE id = %s", (row.outbound_id,)
        )
        await outbox.wake(connection, row.conversation_id)
    await handoffs.wake_desk_of(connection, row.conversation_id, handoffs.DELIVERY)
    return "moved"


async def _fail(
    connection: Connection, row: Delivery, provider_id: str | None, error_code: int | None
) -> Told:
    # The failure of an earlier request with the same key says nothing about the later one.
    other = None not in (row.provider_id, provider_id) and row.provider_id != provider_id
    can_fail = row.state in OPEN or 0 < TAKEN.get(row.state, 0) < _NEVER_FAILS
    if other or not can_fail:
        return "old"
    await connection.execute(
        "UPDATE delivery SET state = 'failed', state_at = now(), error_code = %s,"
        " provider_id = coalesce(provider_id, %s) WHERE id = %s",
        (error_code, provider_id, row.id),
    )
    await connection.execute(
        "UPDATE outbound SET delivered = NULL WHERE id = %s", (row.outbound_id,)
    )
    await outbox.wake(connection, row.conversation_id)
    await handoffs.wake_desk_of(connection, row.conversation_id, handoffs.DELIVERY)
    log.warning("delivery %s failed with code %s", row.id, error_code)
    return "failed"


def _present(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise LookupError("the delivery is gone although its conversation is locked")
    return row
