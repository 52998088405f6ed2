"""The conversation's row: made, found by its key, locked, changed.

Every writer locks the row first (`lock`), takes the next `seq` from it, and writes in the
same transaction; so numbers are committed in order.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.conversations.message import Conversation
from bot.store.database import Connection, fetch_all, fetch_one

NOTIFICATIONS = "conversation"
"""The LISTEN channel; a notification's payload is `<conversation> <what>`."""

DESK_NOTIFICATIONS = "desk"
"""The desk's own LISTEN channel; a notification's payload is `<handoff> <what>`."""

CHANGED, TYPING = "changed", "typing"
_MESSAGE = "message"

_SELECT = (
    "SELECT id, channel, language, hint_language, keep_key, seq, token_hash IS NULL AS pushed"
    " FROM conversation"
)


def hash_token(token: str) -> bytes:
    """Hash a key for storage and look-up; it is random and long, so no salt is needed."""
    return hashlib.sha256(token.encode()).digest()


async def create(
    connection: Connection,
    channel: str,
    token_hash: bytes | None,
    language: str | None = None,
    hint_language: str | None = None,
) -> Conversation:
    """Make a conversation that a key opens; without a key messages are sent to the person."""
    row = await fetch_one(
        connection,
        "INSERT INTO conversation (channel, token_hash, language, hint_language)"
        " VALUES (%s, %s, %s, %s)"
        " RETURNING id, channel, language, hint_language, keep_key, seq,"
        " token_hash IS NULL AS pushed",
        (channel, token_hash, language, hint_language),
    )
    return Conversation(**_present(row))


async def by_token(connection: Connection, token_hash: bytes) -> Conversation | None:
    """Find the conversation that a key opens."""
    row = await fetch_one(
        connection,
        f"{_SELECT} WHERE token_hash = %s",
        (token_hash,),
    )
    return Conversation(**row) if row else None


async def lock(connection: Connection, conversation: UUID) -> Conversation | None:
    """Lock the row until the end of the transaction; None if it was erased."""
    row = await fetch_one(
        connection,
        f"{_SELECT} WHERE id = %s FOR UPDATE",
        (conversation,),
    )
    return Conversation(**row) if row else None


async def next_seq(connection: Connection, conversation: UUID) -> int:
    """Take the next number; the row must be locked."""
    row = await fetch_one(
        connection,
        "UPDATE conversation SET seq = seq + 1, last_activity_at = now() WHERE id = %s"
        " RETURNING seq",
        (conversation,),
    )
    return int(_present(row)["seq"])


async def set_language(connection: Connection, conversation: UUID, language: str) -> None:
    """Store the language that the person speaks from now on."""
    await connection.execute(
        "UPDATE conversation SET language = %s WHERE id = %s", (language, conversation)
    )


async def set_keep_key(connection: Connection, conversation: UUID, keep: bool) -> None:
    """Store whether the key may stay on the person's device."""
    await connection.execute(
        "UPDATE conversation SET keep_key = %s WHERE id = %s", (keep, conversation)
    )


async def open_window(
    connection: Connection, conversation: UUID, written_at: datetime, hours: int
) -> None:
    """Let a channel take free text until some hours after the person's newest message."""
    await connection.execute(
        "UPDATE conversation SET window_until ="
        " greatest(window_until, %s + make_interval(hours => %s)) WHERE id = %s",
        (written_at, hours, conversation),
    )


async def continued(connection: Connection, conversation: UUID) -> list[UUID]:
    """Find earlier conversations that turned out to be the same person's."""
    rows = await fetch_all(
        connection, "SELECT id FROM conversation WHERE continued_by = %s", (conversation,)
    )
    return [row["id"] for row in rows]


async def with_waiting(connection: Connection, conversation: UUID) -> list[UUID]:
    """Find those of a person's conversations in which a message waits to be sent."""
    rows = await fetch_all(
        connection,
        "SELECT id FROM conversation WHERE (id = %(id)s OR continued_by = %(id)s)"
        " AND EXISTS (SELECT FROM outbound WHERE conversation_id = conversation.id"
        "             AND delivered IS NULL AND failed_at IS NULL)",
        {"id": conversation},
    )
    return [row["id"] for row in rows]


async def notify(connection: Connection, conversation: UUID, what: str = CHANGED) -> None:
    """Wake the streams of a conversation, and its page at the desk, in every gateway, at commit."""
    await connection.execute("SELECT pg_notify(%s, %s)", (NOTIFICATIONS, f"{conversation} {what}"))
    if what == CHANGED:
        await connection.execute(
            "SELECT pg_notify(%s, id || ' ' || %s) FROM handoff"
            " WHERE conversation_id = %s AND closed_at IS NULL",
            (DESK_NOTIFICATIONS, _MESSAGE, conversation),
        )


def _present(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        raise LookupError("the row is gone although it was locked")
    return row
