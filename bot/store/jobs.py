"""Jobs deferred inside our own transaction: the row and its job are committed together.

procrastinate's own `defer` takes a connection of its own; its SQL function does not mind
whose it is. The function's name carries a version: procrastinate's minor version is pinned.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from bot.store.database import Connection

ANSWER = "conversation.answer"
ERASE = "conversation.erase"
QUEUE = "conversations"
TAKE_IN = "webhook.take_in"
WEBHOOKS_QUEUE = "webhooks"
FETCH_MEDIA = "media.fetch"
MEDIA_QUEUE = "media"

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%(queue)s, %(task)s, 0, %(lock)s, NULL, %(args)s,
  %(at)s::timestamptz)::procrastinate_job_to_defer_v1])
"""


async def defer(connection: Connection, task: str, conversation: UUID, **args: int | str) -> None:
    """Defer a job that runs at once, in order with the conversation's other jobs.

    Call it while the conversation's row is locked: the jobs' order is that of their ids.
    """
    await defer_job(
        connection,
        task,
        QUEUE,
        lock_of(conversation),
        None,
        conversation=str(conversation),
        **args,
    )


async def defer_job(
    connection: Connection,
    task: str,
    queue: str,
    lock: str | None = None,
    at: datetime | None = None,
    **args: int | str,
) -> None:
    """Defer a job of any queue.

    Args:
        connection: An open transaction.
        task: The task's name.
        queue: The queue that its worker takes from.
        lock: Jobs of one lock run one at a time, in order.
        at: Not before; never together with a lock, which it would block until then.
        args: The task's arguments: ids only. An argument `conversation` is what an erasure
            finds the job by.

    Raises:
        ValueError: If both a lock and a time are given.
    """
    if lock is not None and at is not None:
        raise ValueError("a job scheduled for later must not carry a lock")
    await connection.execute(
        _DEFER, {"queue": queue, "task": task, "lock": lock, "args": Jsonb(args), "at": at}
    )


def lock_of(conversation: UUID) -> str:
    """Name the lock that lets one job at a time handle a conversation."""
    return f"in:{conversation}"
