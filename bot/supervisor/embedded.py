"""The database of a run: the operator's, or the embedded one, which only one `up` owns."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.errors import SupervisorError
from bot.settings import Settings
from bot.supervisor import postgres
from bot.supervisor.keeper import Keeper
from bot.supervisor.places import Places, find_places


@asynccontextmanager
async def own_database(settings: Settings) -> AsyncIterator[str]:
    """Run the embedded database, unless the operator named another; give the address.

    Raises:
        SupervisorError: If it cannot be started, or another process owns it.
    """
    if settings.database_url is not None:
        yield settings.database_url.reveal()
        return
    with owned(settings.state_dir):
        async with _running(find_places(settings.state_dir)) as url:
            yield url


@asynccontextmanager
async def reach_database(settings: Settings) -> AsyncIterator[str]:
    """Give the address of the database for a short command, started if nobody runs it.

    Raises:
        SupervisorError: If it cannot be started.
    """
    try:
        async with own_database(settings) as url:
            yield url
    except OwnedByAnother:
        yield find_places(settings.state_dir).url


class OwnedByAnother(SupervisorError):
    """`impreuna up` runs already in this state folder."""

    code = "already_running"


@contextmanager
def owned(state: Path) -> Iterator[None]:
    """Own a state folder; the lock goes with the process, however it ends.

    Raises:
        OwnedByAnother: If another process has it.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OwnedByAnother(f"impreuna runs already with the state folder {state}.") from None
        yield


@asynccontextmanager
async def _running(places: Places) -> AsyncIterator[str]:
    await postgres.prepare(places)
    keeper = Keeper(postgres.command(places))
    try:
        await postgres.wait_until_ready(places, await keeper.start())
        yield places.url
    finally:
        await keeper.stop()
