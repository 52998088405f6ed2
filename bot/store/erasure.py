"""Erasure: everything of one person, in every table, in one transaction.

Rasa's tables are found by their column `sender_id` (= the conversation's id), so a new one
of theirs is not forgotten. A turn that was running inside Rasa meanwhile may still write;
`sweep` deletes what comes later.
"""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from bot.conversations.message import Outbound
from bot.store import conversations, handoffs, outbox
from bot.store.database import Connection, fetch_all, fetch_one

# Without letters and digits that are mistaken for each other when read out.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# What goes with the conversation's row, counted for the receipt.
_COUNTED = ("inbound", "outbound", "handoff", "alias", "media", "delivery")


def new_reference(prefix: str) -> str:
    """Make a reference that can be read out on the phone, such as `E-7KQ2PM`."""
    return f"{prefix}-" + "".join(secrets.choice(_ALPHABET) for _ in range(6))


async def erase(
    connection: Connection, conversation: UUID, reference: str, receipt: Outbound | None = None
) -> dict[str, int] | None:
    """Delete everything of one conversation.

    Args:
        connection: An open transaction.
        conversation: Whose data.
        reference: The receipt's reference.
        receipt: If given, the person's key opens a new, empty conversation afterwards
            that holds this receipt and nothing else; without it the key opens nothing.

    Returns:
        How many rows were deleted in each table; None if there was nothing to erase.
    """
    locked = await conversations.lock(connection, conversation)
    if locked is None:
        return None
    await handoffs.before_erasure(connection, conversation)
    names = await _names(connection, conversation) if receipt else []
    counts = await _count_and_delete(connection, conversation)
    for earlier in await conversations.continued(connection, conversation):
        more = await erase(connection, earlier, new_reference("E")) or {}
        counts = {table: counts.get(table, 0) + more.get(table, 0) for table in counts | more}
    heir = await fetch_one(
        connection,
        "DELETE FROM conversation WHERE id = %s"
        " RETURNING channel, external_id, token_hash, seq, window_until, template_at, not_before",
        (conversation,),
    )
    await connection.execute(
        "INSERT INTO erasure (reference, conversation_hash, rows) VALUES (%s, %s, %s)",
        (reference, _hash(conversation), Jsonb(counts)),
    )
    await conversations.notify(connection, conversation)
    if receipt and heir:
        await _leave_receipt(connection, heir, names, reference, receipt)
    return counts


async def _count_and_delete(connection: Connection, conversation: UUID) -> dict[str, int]:
    """Count what goes with the conversation's row, and delete what does not go with it."""
    counts = {table: await _count(connection, table, conversation) for table in _COUNTED}
    counts["jobs"] = await _delete_jobs(connection, conversation)
    return {**counts, **await _delete_by_sender(connection, conversation)}


async def _names(connection: Connection, conversation: UUID) -> list[dict[str, object]]:
    return await fetch_all(
        connection,
        "SELECT channel, hash, kind, sealed, seen_at FROM alias WHERE conversation_id = %s",
        (conversation,),
    )


async def _leave_receipt(
    connection: Connection,
    heir: dict[str, object],
    names: list[dict[str, object]],
    reference: str,
    receipt: Outbound,
) -> None:
    # Its numbers go on from the erased ones: a page that waits for "after 12" sees it.
    row = await fetch_one(
        connection,
        "INSERT INTO conversation (channel, external_id, token_hash, seq, window_until,"
        " template_at, not_before) VALUES (%(channel)s, %(external_id)s, %(token_hash)s, %(seq)s,"
        " %(window_until)s, %(template_at)s, %(not_before)s) RETURNING id",
        heir,
    )
    if row is None:
        raise LookupError("a row that was inserted did not come back")
    # Where messages are sent, the receipt needs somebody to be sent to.
    for name in names:
        await connection.execute(
            "INSERT INTO alias (channel, hash, kind, sealed, seen_at, conversation_id) VALUES"
            " (%(channel)s, %(hash)s, %(kind)s, %(sealed)s, %(seen_at)s, %(heir)s)",
            {**name, "heir": row["id"]},
        )
    await outbox.put(connection, row["id"], f"receipt:{reference}", receipt)


async def sweep(connection: Connection) -> int:
    """Delete what Rasa wrote about erased conversations after their erasure.

    Returns:
        How many rows were deleted.
    """
    deleted = 0
    for table in await _tables_by_sender(connection):
        cursor = await connection.execute(
            sql.SQL(
                "DELETE FROM {} WHERE sender_id IN (SELECT sender_id FROM"
                " (SELECT DISTINCT sender_id FROM {}) AS senders JOIN erasure ON"
                " conversation_hash = encode(sha256(convert_to(sender_id, 'UTF8')), 'hex'))"
            ).format(sql.Identifier(table), sql.Identifier(table))
        )
        deleted += cursor.rowcount
    return deleted


async def late_writes(connection: Connection, conversation: UUID) -> None:
    """Delete what a turn wrote about a conversation that was erased under it."""
    await _delete_by_sender(connection, conversation)


async def expired(connection: Connection, days: int, limit: int = 100) -> list[UUID]:
    """Find conversations that nobody has used for the retention period."""
    rows = await fetch_all(
        connection,
        "SELECT id FROM conversation WHERE last_activity_at < now() - make_interval(days => %s)"
        " ORDER BY last_activity_at LIMIT %s",
        (days, limit),
    )
    return [row["id"] for row in rows]


async def erased_hashes(connection: Connection) -> list[str]:
    """Read the list of erasures, to repeat them after a backup is restored."""
    rows = await fetch_all(connection, "SELECT conversation_hash FROM erasure")
    return [row["conversation_hash"] for row in rows]


async def still_present(connection: Connection, hashes: list[str]) -> list[UUID]:
    """Find the conversations that had been erased and came back with a backup."""
    rows = await fetch_all(
        connection,
        "SELECT id FROM conversation WHERE"
        " encode(sha256(convert_to(id::text, 'UTF8')), 'hex') = ANY(%s)",
        (hashes,),
    )
    return [row["id"] for row in rows]


async def _count(connection: Connection, table: str, conversation: UUID) -> int:
    row = await fetch_one(
        connection,
        sql.SQL("SELECT count(*) AS rows FROM {} WHERE conversation_id = %s").format(
            sql.Identifier(table)
        ),
        (conversation,),
    )
    return int(row["rows"]) if row else 0


async def _delete_jobs(connection: Connection, conversation: UUID) -> int:
    # A running job is left to its worker, which deletes it when it ends; it holds ids only.
    cursor = await connection.execute(
        "DELETE FROM procrastinate_jobs WHERE args->>'conversation' = %s AND status <> 'doing'",
        (str(conversation),),
    )
    return cursor.rowcount


async def _delete_by_sender(connection: Connection, conversation: UUID) -> dict[str, int]:
    counts = {}
    for table in await _tables_by_sender(connection):
        cursor = await connection.execute(
            sql.SQL("DELETE FROM {} WHERE sender_id = %s").format(sql.Identifier(table)),
            (str(conversation),),
        )
        counts[table] = cursor.rowcount
    return counts


async def _tables_by_sender(connection: Connection) -> list[str]:
    rows = await fetch_all(
        connection,
        "SELECT DISTINCT columns.table_name FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = current_schema() AND column_name = 'sender_id'"
        " AND table_type = 'BASE TABLE'",
    )
    return [row["table_name"] for row in rows]


def _hash(conversation: UUID) -> str:
    return hashlib.sha256(str(conversation).encode()).hexdigest()
