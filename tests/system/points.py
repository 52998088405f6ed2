"""The points at which a message is stopped on its way, each by a proxy or a lock of the test.

Nothing in the product knows of them: the proxies stand where its settings point, the locks are
PostgreSQL's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg

from bot.store.jobs import ANSWER, QUEUE, lock_of
from tests.system.person import Person
from tests.system.product import Product
from tests.system.proxy import Hold, Proxy

REACH_SECONDS = 30.0
_PAUSE = 0.05
WAITERS = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"


@dataclass
class Way:
    """The product with a proxy in front of Rasa and one in front of the action server."""

    product: Product
    rasa: Proxy
    actions: Proxy


@dataclass
class Stop:
    """A message that stands at a point.

    Attributes:
        seq: The message's number in its conversation.
        release: Lets it go on; cuts its call off if the part behind it has just died.
    """

    person: Person
    seq: int
    release: Callable[[str], Awaitable[None]]


class Point(Protocol):
    """Sends a person's message and stops it somewhere."""

    async def __call__(self, way: Way, person: Person, conversation: str, text: str) -> Stop: ...


@dataclass
class Lock:
    """A lock that the test holds on a connection of its own; it dies with the server."""

    connection: psycopg.AsyncConnection[Any]
    pid: int = field(init=False)

    def __post_init__(self) -> None:
        self.pid = self.connection.info.backend_pid

    @classmethod
    async def take(cls, way: Way, query: str, conversation: str) -> Lock:
        connection = await psycopg.AsyncConnection.connect(way.product.database_url)
        await connection.execute(query.encode(), (conversation,))
        return cls(connection)

    async def wait_for_waiter(self, way: Way) -> None:
        """Wait until somebody waits for the lock."""
        async with await psycopg.AsyncConnection.connect(
            way.product.database_url, autocommit=True
        ) as watcher:
            for _ in range(int(REACH_SECONDS / _PAUSE)):
                row = await (await watcher.execute(WAITERS, (self.pid,))).fetchone()
                if row and row[0]:
                    return
                await asyncio.sleep(_PAUSE)
        raise AssertionError("nobody came to the lock")

    async def release(self) -> None:
        await self.connection.close()


async def accepted(way: Way, person: Person, conversation: str, text: str) -> Stop:
    """Stored and confirmed; no job has taken it up: an older job with its lock waits."""
    job = await _earlier_job(way, conversation)
    seq = await person.send(text=text)

    async def release(killed: str) -> None:
        await _run(way, "DELETE FROM procrastinate_jobs WHERE id = %s RETURNING id", job)

    return Stop(person, seq, release)


async def understanding(way: Way, person: Person, conversation: str, text: str) -> Stop:
    """In Rasa, which waits for the conversation's advisory lock before it reads the message."""
    query = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 5005))"
    lock = await Lock.take(way, query, conversation)
    seq = await person.send(text=text)
    await lock.wait_for_waiter(way)

    async def release(killed: str) -> None:
        await lock.release()

    return Stop(person, seq, release)


async def acting(way: Way, person: Person, conversation: str, text: str) -> Stop:
    """In an action: it was called and has run, Rasa has not got its answer."""
    hold = way.actions.hold(lambda body: body.get("sender_id") == conversation, "after")
    return await _held(person, text, hold, {"actions", "rasa", "up"})


async def saved(way: Way, person: Person, conversation: str, text: str) -> Stop:
    """The tracker is saved; Rasa's answer has not reached the gateway."""
    hold = way.rasa.hold(lambda body: body.get("conversation") == conversation, "after")
    return await _held(person, text, hold, {"rasa", "up"})


async def closing(way: Way, person: Person, conversation: str, text: str) -> Stop:
    """The gateway has the answer; its closing transaction waits for the conversation's row."""
    hold = way.rasa.hold(lambda body: body.get("conversation") == conversation, "after")
    seq = await person.send(text=text)
    await asyncio.wait_for(hold.reached.wait(), REACH_SECONDS)
    query = "SELECT 1 FROM conversation WHERE id::text = %s FOR UPDATE"
    lock = await Lock.take(way, query, conversation)
    hold.release()
    await lock.wait_for_waiter(way)

    async def release(killed: str) -> None:
        await lock.release()

    return Stop(person, seq, release)


async def committed(way: Way, person: Person, conversation: str, text: str) -> Stop:
    """The answer is committed; the person has not fetched it yet."""
    seq = await person.send(text=text)
    query = "SELECT 1 FROM outbound WHERE conversation_id::text = %s AND seq > " + str(seq)
    for _ in range(int(REACH_SECONDS / _PAUSE)):
        if await _run(way, query, conversation):
            return Stop(person, seq, _nothing)
        await asyncio.sleep(_PAUSE)
    raise AssertionError("the answer was not committed")


# In this order they are set up: what is only held comes first, what must run to its end last.
POINTS: tuple[Point, ...] = (accepted, saved, closing, committed, understanding, acting)


async def _nothing(killed: str) -> None:
    pass


async def _held(person: Person, text: str, hold: Hold, behind: set[str]) -> Stop:
    seq = await person.send(text=text)
    await asyncio.wait_for(hold.reached.wait(), REACH_SECONDS)

    async def release(killed: str) -> None:
        if killed in behind:
            hold.drop()
        else:
            hold.release()

    return Stop(person, seq, release)


async def _earlier_job(way: Way, conversation: str) -> Any:
    return await _run(
        way,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, scheduled_at)"
        f" VALUES ('{QUEUE}', '{ANSWER}', %s, '{{}}', now() + interval '1 hour') RETURNING id",
        lock_of(conversation),  # type: ignore[arg-type]
    )


async def _run(way: Way, query: str, value: object) -> Any:
    """Run one statement; give the first value of its first row, or None."""
    async with await psycopg.AsyncConnection.connect(
        way.product.database_url, autocommit=True
    ) as connection:
        row = await (await connection.execute(query.encode(), (value,))).fetchone()
    return row[0] if row else None
