"""The embedded PostgreSQL: the wheel's `postgres` in the foreground, as our own child.

The wheel's `get_server()` would start a server that is nobody's child and reports "running"
after a crash. Ours has no TCP port, a socket folder of its own, and is ready when it has
answered a query.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from bot.errors import SupervisorError
from bot.supervisor.places import Places
from bot.supervisor.process import Child, Command

_READY_SECONDS = 60.0
_LEFTOVER_SECONDS = 10.0
_PAUSE = 0.05


async def prepare(places: Places) -> None:
    """Make the cluster if there is none, and end what a dead run left behind.

    Raises:
        SupervisorError: If the cluster cannot be made or a leftover does not end.
    """
    await _end_leftover(places.data / "postmaster.pid")
    if not (places.data / "PG_VERSION").exists():
        await _make_cluster(places)


def command(places: Places) -> Command:
    """Say how the server is started."""
    return Command(
        name="postgres",
        arguments=[
            str(places.binaries / "postgres"),
            *("-D", str(places.data)),
            *("-k", str(places.sockets)),
            *("-c", "listen_addresses="),
            *("-c", "unix_socket_permissions=0700"),
            *("-c", "max_connections=200"),
            # Failed statements are quoted in the log otherwise, with what people wrote.
            *("-c", "log_min_error_statement=panic"),
            *("-c", "log_error_verbosity=terse"),
            *("-c", "log_checkpoints=off"),
        ],
        environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        user=places.user,
        stop_signal=signal.SIGINT,  # the fast shutdown: does not wait for clients
        grace=20.0,
    )


async def wait_until_ready(places: Places, child: Child) -> None:
    """Wait for the first answered query, and make our database.

    Raises:
        SupervisorError: If the server ends, or does not answer in a minute.
    """
    ends = time.monotonic() + _READY_SECONDS
    while child.running and time.monotonic() < ends:
        with suppress(psycopg.OperationalError):
            await _make_database(places)
            return
        await asyncio.sleep(_PAUSE)
    raise SupervisorError("PostgreSQL did not become ready; its lines above say why.")


async def _make_cluster(places: Places) -> None:
    initdb = await Child.start(
        Command(
            name="initdb",
            arguments=[
                str(places.binaries / "initdb"),
                *("-D", str(places.data)),
                *("-U", "postgres"),
                # Whoever can enter the socket's folder (mode 0700) is let in.
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
            ],
            environment={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=places.user,
        )
    )
    if await initdb.wait() != 0:
        raise SupervisorError("The database could not be made; initdb's lines above say why.")


async def _make_database(places: Places) -> None:
    async with await psycopg.AsyncConnection.connect(
        places.server_url, autocommit=True, connect_timeout=5
    ) as connection:
        cursor = await connection.execute("SELECT 1 FROM pg_database WHERE datname = 'impreuna'")
        if await cursor.fetchone() is None:
            await connection.execute("CREATE DATABASE impreuna")


async def _end_leftover(pid_file: Path) -> None:
    """End a server that outlived its parent; two must never share a folder."""
    pid = _leftover(pid_file)
    if pid is None:
        return
    for signal_number in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(pid, signal_number)
        ends = time.monotonic() + _LEFTOVER_SECONDS
        while time.monotonic() < ends:
            if _leftover(pid_file) is None:
                return
            await asyncio.sleep(_PAUSE)
    raise SupervisorError(f"A database server of an earlier run (process {pid}) does not end.")


def _leftover(pid_file: Path) -> int | None:
    """Give the process that the file names, if it is a PostgreSQL on this very folder."""
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    folder = os.fsencode(pid_file.parent)
    return pid if folder in arguments and b"postgres" in arguments[0] else None
