"""The desk with a full queue: how soon a new urgent conversation is on every screen.

A screen is what the page's script does: it hears on the stream that something changed, and
asks for the queue's lines. `python -m bench.desk` measures this alone.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import product
from bench.webhooks import quantile
from bot.conversations.handoff import HandoffRequest, reference_of
from bot.desk.sessions import COOKIE, hash_key, new_key
from bot.store import conversations, handoffs, logins, staff
from bot.store.database import Database
from bot.supervisor.places import find_places

OPEN = 200
SCREENS = 20
ROUNDS = 10
GOAL = 2.0
_LOST = 20.0
_REASONS = ("asked", "refusal", "finding:B16", "misunderstood", "voice")
_PRIORITIES = ("normal", "deadline", "child", "window", "normal")


@dataclass
class Found:
    """Seconds from the commit of a conversation to the last screen that shows it."""

    seconds: list[float] = field(default_factory=list)

    def rows(self) -> list[str]:
        """Give the table's row."""
        p50, p95 = quantile(self.seconds, 50), quantile(self.seconds, 95)
        label = f"urgent on {SCREENS} screens of {OPEN}"
        return [f"{label:34}{p50 * 1e3:9.1f}{p95 * 1e3:9.1f}{'':12}{f'{GOAL:.0f} s':>8}"]

    @property
    def missed(self) -> list[str]:
        """Name the goal if the slowest round misses it."""
        return [] if max(self.seconds) < GOAL else ["desk"]


class Screen:
    """One counsellor's queue page."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._cookies = {COOKIE: key}
        self.lines = ""
        self.changed = asyncio.Condition()

    async def run(self) -> None:
        """Follow the stream until cancelled."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(cookies=self._cookies, timeout=timeout) as session:
            await self._renew(session)
            async with session.get(f"{self._address}/desk/events") as stream:
                stream.raise_for_status()
                async for line in stream.content:
                    if line.startswith(b"event: changed"):
                        await self._renew(session)

    async def _renew(self, session: aiohttp.ClientSession) -> None:
        async with session.get(f"{self._address}/desk/cases/live") as answer:
            answer.raise_for_status()
            self.lines = await answer.text()
        async with self.changed:
            self.changed.notify_all()

    async def shows(self, reference: str) -> float:
        """Wait until a conversation stands on the screen; give the moment."""
        async with self.changed:
            await self.changed.wait_for(lambda: reference in self.lines)
        return time.perf_counter()


async def measure(address: str, state: Path) -> Found:
    """Fill the queue, open the screens, and let urgent ones come one after another."""
    database = Database(find_places(state).url)
    await database.open()
    try:
        for number in range(OPEN):
            at = number % len(_REASONS)
            await _hand_over(database, _REASONS[at], _PRIORITIES[at])
        async with _screens(database, address) as screens:
            return await _rounds(database, screens)
    finally:
        await database.close()


async def _rounds(database: Database, screens: list[Screen]) -> Found:
    found = Found()
    for _ in range(ROUNDS):
        await asyncio.sleep(1.5)
        reference = await _hand_over(database, "danger", "danger")
        committed = time.perf_counter()
        shown = [asyncio.wait_for(screen.shows(reference), _LOST) for screen in screens]
        found.seconds.append(max(await asyncio.gather(*shown)) - committed)
    return found


@asynccontextmanager
async def _screens(database: Database, address: str) -> AsyncIterator[list[Screen]]:
    screens = [Screen(address, await _log_in(database)) for _ in range(SCREENS)]
    tasks = [asyncio.create_task(screen.run()) for screen in screens]
    try:
        for screen in screens:
            async with screen.changed:
                await asyncio.wait_for(
                    screen.changed.wait_for(lambda screen=screen: bool(screen.lines)), _LOST
                )
        await asyncio.sleep(1)
        yield screens
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _log_in(database: Database) -> str:
    """Make an account that is logged in; give its session's key."""
    key, name = new_key(), secrets.token_hex(4)
    async with database.transaction() as connection:
        account = await staff.add(
            connection, f"{name}@example.org", f"Ana {name}", "Ana", "counsellor", "ro"
        )
        assert account
        await staff.set_password(connection, account.id, "unused")
        await logins.begin(connection, hash_key(key), account.id, "unused")
    return key


async def _hand_over(database: Database, reason: str, priority: str) -> str:
    """Let somebody new ask for a person; give the reference."""
    async with database.transaction() as connection:
        token_hash = hash_key(uuid.uuid4().hex)
        made = await conversations.create(connection, "web", token_hash, "ar")
        await conversations.lock(connection, made.id)
        request = HandoffRequest(reference_of(made.id), reason, priority)
        await handoffs.open_or_add(connection, made.id, request, "ar")
    return request.reference


def _open_to_all(base: Path) -> Path:
    """Let PostgreSQL's own user in."""
    base.chmod(0o755)
    return base


async def main() -> int:
    """Measure the desk alone; 0 if the goal is met."""
    with tempfile.TemporaryDirectory(prefix="impreuna-bench-") as folder:
        base = _open_to_all(Path(folder))
        async with product.running(base / "state", {}) as (address, _):
            found = await measure(address, base / "state")
    print("\n".join(found.rows()))
    return 1 if found.missed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
