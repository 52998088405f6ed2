"""When somebody may be sent to: a number's pause, a person's, and the window for free text.

All of it stands in the database, so a restart forgets nothing; every wait ends by a job that
is scheduled, or by the upkeep that finds `due` conversations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bot.store import outbox
from bot.store.database import Connection, fetch_all, fetch_one

WINDOW = timedelta(hours=24)
WINDOW_MARGIN = timedelta(seconds=60)
"""So long before its end the window counts as closed: the clocks are two."""
TEMPLATE_EVERY = timedelta(hours=24)

# A person's earlier conversation, found out to be theirs later, is open as long as the later.
_CHAT = """
SELECT chat.id, chat.channel, chat.language, chat.hint_language, chat.template_at,
       chat.not_before, chat.send_failures, chat.token_hash IS NULL AS pushed,
       greatest(chat.window_until, later.window_until) AS window_until,
       channel_pause.until AS channel_until,
       EXISTS (SELECT FROM delivery JOIN outbound ON outbound.id = delivery.outbound_id
               WHERE delivery.conversation_id = chat.id AND delivery.state = 'failed'
                 AND outbound.delivered IS NULL AND outbound.failed_at IS NULL) AS unsettled
FROM conversation AS chat
LEFT JOIN conversation AS later ON later.id = chat.continued_by
LEFT JOIN channel_pause ON channel_pause.channel = chat.channel
WHERE chat.id = %s FOR UPDATE OF chat
"""
_DUE = """
SELECT DISTINCT chat.id FROM conversation AS chat
JOIN outbound ON outbound.conversation_id = chat.id
LEFT JOIN conversation AS later ON later.id = chat.continued_by
LEFT JOIN channel_pause ON channel_pause.channel = chat.channel
WHERE outbound.delivered IS NULL AND outbound.failed_at IS NULL AND chat.token_hash IS NULL
  AND coalesce(chat.not_before <= %(now)s, true)
  AND coalesce(channel_pause.until <= %(now)s, true)
  AND (coalesce(greatest(chat.window_until, later.window_until) > %(now)s + %(margin)s, true)
       OR chat.template_at IS NULL
       OR (chat.template_at <= %(now)s - %(every)s
           AND (chat.template_at < outbound.created_at
                OR 'failed' = (SELECT state FROM delivery WHERE outbound_id IS NULL
                               AND delivery.conversation_id = chat.id
                               ORDER BY asked_at DESC LIMIT 1))))
  AND NOT EXISTS (SELECT FROM procrastinate_jobs AS job
                  WHERE job.task_name = ANY(%(tasks)s) AND job.status IN ('todo', 'doing')
                    AND job.args->>'conversation' = chat.id::text)
LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Chat:
    """What decides whether a person may be sent to now.

    Attributes:
        channel_until: Until then the whole channel is silent.
        unsettled: A status has told of a failure that nobody has acted on.
    """

    id: UUID
    channel: str
    language: str | None
    hint_language: str | None
    template_at: datetime | None
    not_before: datetime | None
    send_failures: int
    pushed: bool
    window_until: datetime | None
    channel_until: datetime | None
    unsettled: bool

    def blocked_until(self, now: datetime) -> datetime | None:
        """Tell until when nothing is sent to the person; None if now."""
        times = (self.channel_until, self.not_before)
        return max((at for at in times if at and at > now), default=None)

    def is_open(self, now: datetime) -> bool:
        """Tell whether the channel takes free text; with no window it always does."""
        return self.window_until is None or now < self.window_until - WINDOW_MARGIN


async def lock_chat(connection: Connection, conversation: UUID) -> Chat | None:
    """Lock a conversation's row and read it; None if it was erased."""
    row = await fetch_one(connection, _CHAT, (conversation,))
    return Chat(**row) if row else None


async def pause(connection: Connection, channel: str, until: datetime, reason: str) -> None:
    """Make a whole channel silent; a longer pause stays as it is."""
    await connection.execute(
        "INSERT INTO channel_pause (channel, until, reason) VALUES (%s, %s, %s)"
        " ON CONFLICT (channel) DO UPDATE SET until = EXCLUDED.until, reason = EXCLUDED.reason"
        " WHERE channel_pause.until < EXCLUDED.until",
        (channel, until, reason),
    )


async def hold(connection: Connection, conversation: UUID, until: datetime) -> None:
    """Send nothing to one person for a while, and count how often that was needed."""
    await connection.execute(
        "UPDATE conversation SET not_before = greatest(not_before, %s),"
        " send_failures = send_failures + 1 WHERE id = %s",
        (until, conversation),
    )


async def release(connection: Connection, conversation: UUID) -> None:
    """Forget what held a person's messages: one of them was taken."""
    await connection.execute(
        "UPDATE conversation SET not_before = NULL, send_failures = 0 WHERE id = %s",
        (conversation,),
    )


async def close_window(
    connection: Connection, conversation: UUID, now: datetime, asked_at: datetime
) -> None:
    """Believe the channel that it takes no free text, unless the person wrote after we asked."""
    await connection.execute(
        "UPDATE conversation SET window_until = %(now)s WHERE id = %(conversation)s"
        " AND (window_until IS NULL"
        "      OR (window_until > %(now)s AND window_until - %(window)s <= %(asked)s))",
        {"now": now, "asked": asked_at, "window": WINDOW, "conversation": conversation},
    )


async def template_sent(connection: Connection, conversation: UUID, at: datetime) -> None:
    """Note when the person is told that an answer waits."""
    await connection.execute(
        "UPDATE conversation SET template_at = %s WHERE id = %s", (at, conversation)
    )


async def due(connection: Connection, now: datetime, limit: int = 500) -> list[UUID]:
    """Find conversations where something waits, may be sent, and nothing is scheduled."""
    rows = await fetch_all(
        connection,
        _DUE,
        {
            "now": now,
            "margin": WINDOW_MARGIN,
            "every": TEMPLATE_EVERY,
            "tasks": [outbox.SEND, outbox.WAKE],
            "limit": limit,
        },
    )
    return [row["id"] for row in rows]


async def forget_receipt(connection: Connection, conversation: UUID) -> bool:
    """Delete a conversation that holds a receipt of an erasure and nothing else.

    The receipt is out; the names of the person are not needed any more. Whoever has written
    again meanwhile is kept.
    """
    cursor = await connection.execute(
        "DELETE FROM conversation WHERE id = %(conversation)s"
        " AND NOT EXISTS (SELECT FROM inbound WHERE conversation_id = %(conversation)s)"
        " AND NOT EXISTS (SELECT FROM outbound WHERE conversation_id = %(conversation)s"
        "                 AND key NOT LIKE 'receipt:%%')",
        {"conversation": conversation},
    )
    return cursor.rowcount == 1
