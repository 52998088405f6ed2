"""The Rasa server's connections to PostgreSQL.

A turn's lock, its reading and its saving share one transaction on one connection: whoever loses
the connection loses the lock and cannot save any more, so two servers never both write a turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bot.errors import StoreError

LOCK_WAIT_SECONDS = 10
POOL_SIZE = 8
# A turn that hangs must not hold its lock for ever.
# A turn need not wait for the disk: the gateway's closing transaction comes after it in the same
# log and does wait, so what was told to the person is never undone without the turn.
_OPTIONS = (
    f"-c synchronous_commit=off -c lock_timeout={LOCK_WAIT_SECONDS}s -c statement_timeout=20s"
    " -c idle_in_transaction_session_timeout=60s"
)

TABLE = """
CREATE TABLE IF NOT EXISTS events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sender_id text NOT NULL,
    message_id text,
    type_name text NOT NULL,
    timestamp double precision NOT NULL,
    data json NOT NULL
);
CREATE INDEX IF NOT EXISTS events_sender_id ON events (sender_id, id);
CREATE INDEX IF NOT EXISTS events_message_id ON events (sender_id, message_id)
    WHERE message_id IS NOT NULL;
"""

Connection = AsyncConnection[tuple[Any, ...]]
_current: ContextVar[tuple[str, Connection] | None] = ContextVar("conversation", default=None)


class Database:
    """A pool of connections that opens at its first use, in the event loop that uses it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Connect, and make our table if it is missing.

        Raises:
            StoreError: If the database does not answer.
        """
        async with self._opening:
            if self._pool is not None:
                return
            pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
                self._url,
                kwargs={"autocommit": True, "options": _OPTIONS, "prepare_threshold": 2},
                min_size=2,
                max_size=POOL_SIZE,
                timeout=5,
                open=False,
            )
            try:
                await pool.open(wait=True, timeout=5)
                await _make_table(pool)
            except (psycopg.Error, PoolTimeout) as error:
                await pool.close()
                raise StoreError(f"no connection: {type(error).__name__}") from error
            self._pool = pool

    async def close(self) -> None:
        """Close all connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    @asynccontextmanager
    async def exclusively(self, conversation: str) -> AsyncIterator[Connection]:
        """Hold a conversation's lock, in a transaction that is committed if all goes well.

        What runs inside finds the connection by `connection`.

        Raises:
            StoreError: If the database does not answer, or the lock is not free in time.
        """
        connection = await self._locked(conversation)
        token = _current.set((conversation, connection))
        try:
            yield connection
            await _or_store_error(connection.execute("COMMIT"))
        except BaseException:
            await _roll_back(connection)
            raise
        finally:
            _current.reset(token)
            await self._put(connection)

    @asynccontextmanager
    async def connection(self, conversation: str) -> AsyncIterator[Connection]:
        """The connection that holds this conversation's lock, or one for a short use."""
        current = _current.get()
        if current is not None and current[0] == conversation:
            yield current[1]
            return
        connection = await self._get()
        try:
            yield connection
        finally:
            await self._put(connection)

    async def _locked(self, conversation: str) -> Connection:
        for attempt in (1, 2):
            connection = await self._get()
            try:
                async with connection.pipeline():
                    await connection.execute("BEGIN")
                    await connection.execute(
                        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 5005))", (conversation,)
                    )
                return connection
            except BaseException as error:
                stale = connection.closed or connection.broken
                await _roll_back(connection)
                await self._put(connection)
                # Nothing has happened yet, so a connection that died in the pool is no fault.
                if stale and attempt == 1 and isinstance(error, psycopg.Error) and self._pool:
                    await self._pool.check()
                    continue
                if isinstance(error, psycopg.Error):
                    raise StoreError(f"no lock: {type(error).__name__}") from error
                raise
        raise StoreError("no lock: the connection was lost twice")

    async def _get(self) -> Connection:
        if self._pool is None:
            await self.open()
        assert self._pool is not None  # noqa: S101  (open() has raised otherwise)
        try:
            return await self._pool.getconn()
        except (psycopg.Error, PoolTimeout) as error:
            raise StoreError(f"no connection: {type(error).__name__}") from error

    async def _put(self, connection: Connection) -> None:
        if self._pool is not None:
            await self._pool.putconn(connection)
        else:
            await connection.close()


@lru_cache(maxsize=8)
def database_of(url: str) -> Database:
    """The one `Database` of an address, shared by the tracker store and the lock store."""
    return Database(url)


async def _make_table(pool: AsyncConnectionPool[Connection]) -> None:
    async with pool.connection() as connection, connection.transaction():
        # Servers that start together would otherwise fail over each other's CREATE TABLE.
        await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('events', 0))")
        await connection.execute(TABLE)


async def _or_store_error(query: Any) -> None:
    try:
        await query
    except psycopg.Error as error:
        raise StoreError(f"not saved: {type(error).__name__}") from error


async def _roll_back(connection: Connection) -> None:
    try:
        if not connection.closed:
            await asyncio.shield(connection.rollback())
    except psycopg.Error:
        await connection.close()
