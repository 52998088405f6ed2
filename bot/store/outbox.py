"""What goes out: stored with the inbound's "done" in one transaction, read by the streams.

For a channel that reads from here itself (the web chat), the row and the notification are
the delivery.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.conversations.message import Outbound, Question
from bot.store import conversations
from bot.store.database import Connection, fetch_all, fetch_one

PAGE_OF_MESSAGES = 500


async def put(connection: Connection, conversation: UUID, key: str, message: Outbound) -> int:
    """Store one message; the conversation's row must be locked.

    Returns:
        The message's seq.
    """
    seq = await conversations.next_seq(connection, conversation)
    await connection.execute(
        "INSERT INTO outbound (conversation_id, seq, key, body, payloads, asks, delivered)"
        " VALUES (%s, %s, %s, %s, %s, %s, now())",
        (
            conversation,
            seq,
            key,
            Jsonb(message.body()),
            Jsonb(message.payloads()),
            message.asks and message.kind == "message",
        ),
    )
    return seq


async def question(connection: Connection, conversation: UUID) -> Question | None:
    """Read the bot's newest question."""
    row = await fetch_one(
        connection,
        "SELECT seq, body, payloads, answered FROM outbound"
        " WHERE conversation_id = %s AND asks ORDER BY seq DESC LIMIT 1",
        (conversation,),
    )
    return Question(**row) if row else None


async def just_said(connection: Connection, conversation: UUID, seconds: float) -> tuple[str, ...]:
    """Read the names of what the bot said in the last seconds."""
    rows = await fetch_all(
        connection,
        "SELECT jsonb_array_elements_text(body->'names') AS name FROM outbound"
        " WHERE conversation_id = %s AND body ? 'names'"
        " AND created_at > now() - make_interval(secs => %s)",
        (conversation, seconds),
    )
    return tuple(row["name"] for row in rows)


async def mark_answered(connection: Connection, conversation: UUID, seq: int) -> None:
    """Take a question's choices off the table."""
    await connection.execute(
        "UPDATE outbound SET answered = true WHERE conversation_id = %s AND seq = %s",
        (conversation, seq),
    )


async def after(connection: Connection, conversation: UUID, seq: int) -> list[dict[str, Any]]:
    """Read both sides' messages after a seq, in order, at most `PAGE_OF_MESSAGES`.

    Returns:
        Rows of `seq`, `body` (null for the person's own), `text`, `external_id`.
    """
    return await fetch_all(
        connection,
        "SELECT seq, body, NULL AS text, NULL AS external_id FROM outbound"
        "  WHERE conversation_id = %(conversation)s AND seq > %(seq)s"
        " UNION ALL"
        " SELECT seq, NULL, text, external_id FROM inbound"
        "  WHERE conversation_id = %(conversation)s AND seq > %(seq)s"
        " ORDER BY seq LIMIT %(limit)s",
        {"conversation": conversation, "seq": seq, "limit": PAGE_OF_MESSAGES},
    )
