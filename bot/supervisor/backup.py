"""Backup and restore of the whole database, with the wheel's own tools.

A backup brings back whoever was erased since it was made: after a restore every erasure
that was known before is done again.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from bot.errors import StoreError, SupervisorError
from bot.store import erasure
from bot.store.migrations import migrate
from bot.supervisor.places import find_binaries


def backup(url: str, file: Path) -> None:
    """Write everything into a file that only its owner can read.

    Raises:
        SupervisorError: If the database could not be read.
    """
    file.touch(mode=0o600)
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={file}", f"--dbname={url}")


async def restore(url: str, file: Path) -> int:
    """Put a backup in the place of everything, then erase again who had been erased.

    Returns:
        How many conversations were erased again.

    Raises:
        SupervisorError: If the file could not be read back.
        StoreError: If the database does not answer.
    """
    await migrate(url)
    try:
        erased = await _erased_hashes(url)
        _run(
            *("pg_restore", "--clean", "--if-exists", "--no-owner"),
            *("--single-transaction", f"--dbname={url}", str(file)),
        )
        await migrate(url)
        return await _erase_again(url, erased)
    except psycopg.OperationalError as error:
        raise StoreError(f"the database did not answer ({type(error).__name__})") from None


async def _erased_hashes(url: str) -> list[str]:
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as connection:
        return await erasure.erased_hashes(connection)


async def _erase_again(url: str, hashes: list[str]) -> int:
    async with await psycopg.AsyncConnection.connect(url, row_factory=dict_row) as connection:
        present = await erasure.still_present(connection, hashes)
        for conversation in present:
            await erasure.erase(connection, conversation, erasure.new_reference("E"))
        await erasure.sweep(connection)
        return len(present)


def _run(tool: str, *arguments: str) -> None:
    result = subprocess.run(  # noqa: S603 (our own tool, no shell)
        [str(find_binaries() / tool), *arguments], capture_output=True, check=False
    )
    if result.returncode != 0:
        # The tool's own words may quote data: its first line names the problem.
        lines = result.stderr.decode(errors="replace").splitlines() or ["no reason given"]
        raise SupervisorError(f"{tool} failed: {lines[0]}")
