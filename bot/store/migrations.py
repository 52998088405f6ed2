"""Numbered migrations: `migrations/NNNN_name.sql`, each applied once, in order.

`impreuna up` and the gateway's start call `migrate`; an advisory lock lets several start
at once. procrastinate's own schema belongs to ours and comes first.
"""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager

from bot.errors import StoreError

FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x1B5EA
_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")


def migrations() -> list[Path]:
    """List the migrations in their order.

    Raises:
        StoreError: If a file's name is not `NNNN_name.sql` or a number stands twice.
    """
    files = sorted(FOLDER.glob("*.sql"))
    numbers = [file.name[:4] for file in files]
    wrong = [file.name for file in files if not _NAME.fullmatch(file.name)]
    if wrong or len(set(numbers)) != len(numbers):
        raise StoreError(f"migrations are misnamed or share a number: {wrong or numbers}")
    return files


async def migrate(url: str) -> list[str]:
    """Bring a database up to date.

    Returns:
        The names of the migrations that were applied now.

    Raises:
        StoreError: If the database cannot be reached.
    """
    try:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            return await _apply_all(connection)
    except psycopg.OperationalError as error:
        raise StoreError(f"the database cannot be migrated ({type(error).__name__})") from error


async def _apply_all(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> list[str]:
    # Everything in one transaction: a migration that fails leaves nothing behind.
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration"
        " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    await _apply_job_schema(connection)
    cursor = await connection.execute("SELECT name FROM schema_migration")
    applied = {row[0] for row in await cursor.fetchall()}
    missing = [file for file in migrations() if file.stem not in applied]
    for file in missing:
        await connection.execute(file.read_bytes())
        await connection.execute("INSERT INTO schema_migration (name) VALUES (%s)", (file.stem,))
    return [file.stem for file in missing]


async def _apply_job_schema(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    cursor = await connection.execute("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
    present = await cursor.fetchone()
    if present and not present[0]:
        await connection.execute(SchemaManager.get_schema().encode())
