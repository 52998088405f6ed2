"""The pool of connections, and the transaction.

Functions of `bot.store` take an open connection, so that several of them make one
transaction; only this module opens and commits.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from bot.errors import StoreError

Connection = psycopg.AsyncConnection[DictRow]

_WAIT_SECONDS = 10.0


class Database:
    """PostgreSQL behind a pool; `open()` before use, `close()` after."""

    def __init__(self, url: str, max_size: int = 10) -> None:
        self.url = url
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=psycopg.AsyncConnection[DictRow],
            kwargs={"row_factory": dict_row},
            min_size=1,
            max_size=max_size,
            timeout=_WAIT_SECONDS,
            open=False,
            # A connection that died with the server is replaced before it is handed out.
            check=AsyncConnectionPool.check_connection,
        )

    async def open(self) -> None:
        """Start the pool; does not wait for the server."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self, durable: bool = True) -> AsyncIterator[Connection]:
        """Give a connection; commit at the end, roll back on any error.

        Args:
            durable: False where a crash of the server may undo what was committed last; then
                the commit does not wait for the disk.

        Raises:
            StoreError: If the database cannot be reached or went away.
        """
        try:
            async with self._pool.connection() as connection:
                if not durable:
                    await connection.execute("SET LOCAL synchronous_commit TO off")
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            # Without the cause: PostgreSQL's messages may quote a row.
            raise StoreError(f"the database did not answer ({type(error).__name__})") from None

    async def check(self) -> None:
        """Ask the database something.

        Raises:
            StoreError: If there is no answer.
        """
        async with self.transaction() as connection:
            await connection.execute("SELECT 1")


async def fetch_one(
    connection: Connection, query: Any, parameters: Any = None
) -> dict[str, Any] | None:
    """Run a query and give its first row, if any."""
    cursor = await connection.execute(query, parameters)
    return await cursor.fetchone()


async def fetch_all(
    connection: Connection, query: Any, parameters: Any = None
) -> list[dict[str, Any]]:
    """Run a query and give all its rows."""
    cursor = await connection.execute(query, parameters)
    return await cursor.fetchall()
