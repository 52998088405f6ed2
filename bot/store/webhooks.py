"""What came in as it came in: kept sealed until every part of it was taken in.

A row of which a part failed stays, is tried again after `due_at`, and after `MAX_TRIES`
waits for an operator, `DAYS_KEPT` days long.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.store import jobs
from bot.store.database import Connection, fetch_all, fetch_one
from bot.store.vault import Vault

DELAYS = (5.0, 15.0, 60.0, 300.0, 1800.0)
"""Seconds before the second, third, ... try."""
MAX_TRIES = len(DELAYS) + 1
DAYS_KEPT = 30


@dataclass(frozen=True)
class Webhook:
    """One request of a provider; `sealed` is its raw body."""

    id: int
    sealed: bytes
    tries: int


async def put(connection: Connection, vault: Vault, channel: str, body: bytes) -> int:
    """Store a raw body with the job that takes it in; give the row's id."""
    row = await fetch_one(
        connection,
        "INSERT INTO webhook (channel, body) VALUES (%s, %s) RETURNING id",
        (channel, vault.seal(body)),
    )
    await call(connection, channel)
    return int(row["id"]) if row else 0


async def call(connection: Connection, channel: str) -> None:
    """Have whatever is due taken in by a job; one at a time, whoever calls.

    A job that waits already serves: its row stays locked until this transaction ends, and a
    worker skips what is locked, so it starts later and sees what was stored here. Thousands
    of jobs that wait for one lock would cost the queue more than all the rest.
    """
    lock = f"webhook:{channel}"
    waiting = await fetch_one(
        connection,
        "SELECT id FROM procrastinate_jobs WHERE lock = %s AND status = 'todo'"
        " AND scheduled_at IS NULL LIMIT 1 FOR SHARE SKIP LOCKED",
        (lock,),
    )
    if waiting is None:
        await jobs.defer_job(
            connection, jobs.TAKE_IN, jobs.WEBHOOKS_QUEUE, lock=lock, channel=channel
        )


async def call_if_due(connection: Connection, channel: str) -> bool:
    """Defer that job if something waits for it: after a failed try, or a job that was lost."""
    if not await due(connection, channel, limit=1):
        return False
    await call(connection, channel)
    return True


async def due(connection: Connection, channel: str, limit: int) -> list[Webhook]:
    """Read the oldest rows that may be taken in now."""
    rows = await fetch_all(
        connection,
        "SELECT id, body, tries FROM webhook WHERE channel = %s"
        " AND failed_at IS NULL AND due_at <= now() ORDER BY id LIMIT %s",
        (channel, limit),
    )
    return [Webhook(row["id"], bytes(row["body"]), row["tries"]) for row in rows]


async def done(connection: Connection, webhook: int) -> None:
    """Delete a row of which everything was taken in."""
    await connection.execute("DELETE FROM webhook WHERE id = %s", (webhook,))


async def failed(connection: Connection, webhook: Webhook) -> bool:
    """Count a try that left something out, and set when to try again.

    Returns:
        Whether that was the last one.
    """
    last = webhook.tries + 1 >= MAX_TRIES
    delay = 0.0 if last else DELAYS[webhook.tries]
    await connection.execute(
        "UPDATE webhook SET tries = tries + 1, due_at = now() + make_interval(secs => %s),"
        " failed_at = CASE WHEN %s THEN now() END WHERE id = %s",
        (delay, last, webhook.id),
    )
    return last


async def purge(connection: Connection) -> int:
    """Delete what failed for good and was not looked after in time.

    Returns:
        How many rows.
    """
    cursor = await connection.execute(
        "DELETE FROM webhook WHERE failed_at < now() - make_interval(days => %s)", (DAYS_KEPT,)
    )
    return cursor.rowcount
