"""Jobs deferred inside our own transaction: the row and its job are committed together.

procrastinate's own `defer` takes a connection of its own; its SQL function does not mind
whose it is. The function's name carries a version: procrastinate's minor version is pinned.
"""

from __future__ import annotations

from uuid import UUID

from psycopg.types.json import Jsonb

from bot.store.database import Connection

ANSWER = "conversation.answer"
ERASE = "conversation.erase"
QUEUE = "conversations"

_DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY[
  ROW(%(queue)s, %(task)s, 0, %(lock)s, NULL, %(args)s, NULL)::procrastinate_job_to_defer_v1])
"""


async def defer(connection: Connection, task: str, conversation: UUID, **args: int | str) -> None:
    """Defer a job that runs at once, in order with the conversation's other jobs.

    Call it while the conversation's row is locked: the jobs' order is that of their ids.
    """
    await connection.execute(
        _DEFER,
        {
            "queue": QUEUE,
            "task": task,
            "lock": lock_of(conversation),
            "args": Jsonb({"conversation": str(conversation), **args}),
        },
    )


def lock_of(conversation: UUID) -> str:
    """Name the lock that lets one job at a time handle a conversation."""
    return f"in:{conversation}"
