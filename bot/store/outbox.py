"""What goes out: stored with the inbound's "done" in one transaction, read by the streams.

For a channel that reads from here itself (the web chat), the row and the notification are
the delivery. To a person on another channel the job `outbound.send` carries what stands here
undelivered (`bot.gateway.sending`), in the order of `seq`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.conversations.message import Outbound, Question
from bot.store import conversations, jobs
from bot.store.database import Connection, fetch_all, fetch_one

PAGE_OF_MESSAGES = 500
SEND, WAKE, QUEUE = "outbound.send", "outbound.wake", "outbound"
"""The jobs that carry messages to people, and the queue of their worker."""


@dataclass(frozen=True)
class Waiting:
    """A message that is not delivered yet."""

    id: int
    seq: int
    key: str
    body: Mapping[str, Any]
    created_at: datetime


async def put(
    connection: Connection,
    conversation: UUID,
    key: str,
    message: Outbound,
    pushed: bool | None = None,
) -> int:
    """Store one message; the conversation's row must be locked.

    Args:
        connection: An open transaction.
        conversation: Whose message.
        key: Stable: the same effect is never stored twice.
        message: Of the bot, or of a counsellor (its `author`).
        pushed: Whether it must be carried to the person; by default if no key opens the
            conversation. What is no message (a status) never is.

    Returns:
        The message's seq.
    """
    seq = await conversations.next_seq(connection, conversation)
    is_message = message.kind == "message"
    row = await fetch_one(
        connection,
        "INSERT INTO outbound (conversation_id, seq, key, body, payloads, asks, author, delivered)"
        " SELECT id, %(seq)s, %(key)s, %(body)s, %(payloads)s, %(asks)s, %(author)s,"
        " CASE WHEN %(message)s AND coalesce(%(pushed)s::boolean, token_hash IS NULL) THEN NULL"
        " ELSE now() END FROM conversation WHERE id = %(conversation)s"
        " RETURNING delivered IS NULL AS waits",
        {
            "conversation": conversation,
            "seq": seq,
            "key": key,
            "body": Jsonb(message.body()),
            "payloads": Jsonb(message.payloads()),
            "asks": message.asks and is_message,
            "author": message.author,
            "message": is_message,
            "pushed": pushed,
        },
    )
    if row and row["waits"]:
        await wake(connection, conversation)
    return seq


async def seq_of(connection: Connection, key: str) -> int | None:
    """Give the seq of what was stored under a key; None if nothing was."""
    row = await fetch_one(connection, "SELECT seq FROM outbound WHERE key = %s", (key,))
    return row["seq"] if row else None


async def wake(connection: Connection, conversation: UUID) -> None:
    """Have what waits for a person sent now, in order with whatever is being sent."""
    await jobs.defer_job(
        connection, SEND, QUEUE, f"out:{conversation}", conversation=str(conversation)
    )


async def wake_at(connection: Connection, conversation: UUID, at: datetime) -> None:
    """Have what waits for a person sent later; nothing is blocked until then."""
    await jobs.defer_job(connection, WAKE, QUEUE, at=at, conversation=str(conversation))


async def first_waiting(connection: Connection, conversation: UUID) -> Waiting | None:
    """Read the oldest message that is not delivered and not given up."""
    row = await fetch_one(
        connection,
        "SELECT id, seq, key, body, created_at FROM outbound WHERE conversation_id = %s"
        " AND delivered IS NULL AND failed_at IS NULL ORDER BY seq LIMIT 1",
        (conversation,),
    )
    return Waiting(**row) if row else None


async def newest_waiting_at(connection: Connection, conversation: UUID) -> datetime | None:
    """Tell when the newest message was stored that is not delivered."""
    row = await fetch_one(
        connection,
        "SELECT max(created_at) AS at FROM outbound WHERE conversation_id = %s"
        " AND delivered IS NULL AND failed_at IS NULL",
        (conversation,),
    )
    return row["at"] if row else None


async def mark_delivered(connection: Connection, outbound: int, at: datetime) -> None:
    """Note that the channel has taken all of a message."""
    await connection.execute(
        "UPDATE outbound SET delivered = %s, failed_at = NULL WHERE id = %s", (at, outbound)
    )


async def mark_failed(connection: Connection, outbound: int, at: datetime) -> None:
    """Give a message up; its deliveries say why."""
    await connection.execute(
        "UPDATE outbound SET failed_at = %s, delivered = NULL WHERE id = %s", (at, outbound)
    )


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


async def languages_of(connection: Connection, conversation: UUID, name: str) -> frozenset[str]:
    """Read in which languages the bot has said a sentence of a name."""
    rows = await fetch_all(
        connection,
        "SELECT DISTINCT body->>'language' AS language FROM outbound"
        " WHERE conversation_id = %s AND body->'names' ? %s",
        (conversation, name),
    )
    return frozenset(row["language"] for row in rows)


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
