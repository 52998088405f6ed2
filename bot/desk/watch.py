"""The desk's ear: one connection listens, and wakes this process's pages.

Two channels: `desk` tells of handoffs (the store notifies at commit), `desk_presence` of
colleagues who read or write in one. Presence is kept nowhere: whoever stops telling is gone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from bot.store.database import Connection
from bot.store.handoffs import NOTIFICATIONS
from bot.store.listening import listen

PRESENCE = "desk_presence"
"""The LISTEN channel of who is where; a payload is `<handoff> <account> <doing>`."""
READING, WRITING, GONE = "reading", "writing", "gone"
_SIGNS = frozenset({READING, WRITING, GONE})
READS_FOR, WRITES_FOR = 40.0, 8.0
"""Seconds for which a sign of somebody counts."""


class Present(NamedTuple):
    """Somebody who has a conversation open."""

    account: UUID
    doing: str


class Ear:
    """What one open page of an account waits on; `handoff` None: on all of them."""

    def __init__(self, account: UUID, handoff: int | None = None) -> None:
        self.account = account
        self.handoff = handoff
        self._event = asyncio.Event()
        self._news = False

    def wake(self, news: bool = True) -> None:
        """Make the page look; without news only at who is there."""
        self._news = self._news or news
        self._event.set()

    def take_news(self) -> bool:
        """Tell whether a handoff changed since the last look."""
        news, self._news = self._news, False
        return news

    async def wait(self, seconds: float) -> bool:
        """Wait for news; False if none came in time."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self._event.clear()
        return True


class Watch:
    """Listens on the database for the desk's pages.

    Args:
        url: The database's address.
        clock: Seconds that only grow; tests give their own.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._ears: set[Ear] = set()
        self._present: dict[tuple[int, UUID], tuple[str, float]] = {}
        self.closing = False

    def open(self, account: UUID, handoff: int | None = None) -> Ear:
        """Start waiting for a handoff's news, or for all of them; `close_ear` must follow."""
        ear = Ear(account, handoff)
        self._ears.add(ear)
        return ear

    def close_ear(self, ear: Ear) -> None:
        """Stop waiting."""
        self._ears.discard(ear)

    def streams_of(self, account: UUID) -> int:
        """Tell how many pages of an account wait here."""
        return sum(ear.account == account for ear in self._ears)

    def close(self) -> None:
        """Make every stream end."""
        self.closing = True
        self._wake_all()

    def present(self, handoff: int) -> list[Present]:
        """List who has a conversation open at this moment, in any gateway."""
        now = self._clock()
        self._present = {key: seen for key, seen in self._present.items() if seen[1] > now}
        return [
            Present(account, doing)
            for (where, account), (doing, _) in self._present.items()
            if where == handoff
        ]

    async def run(self) -> None:
        """Listen until cancelled."""
        await listen(self._url, (NOTIFICATIONS, PRESENCE), self._wake_all, self._hear)

    def _hear(self, channel: str, payload: str) -> None:
        number, _, rest = payload.partition(" ")
        if not number.isdigit():
            return
        handoff = int(number)
        if channel == PRESENCE and not self._notice(handoff, rest):
            return
        for ear in tuple(self._ears):
            if ear.handoff == handoff or (ear.handoff is None and channel == NOTIFICATIONS):
                ear.wake(news=channel == NOTIFICATIONS)

    def _notice(self, handoff: int, payload: str) -> bool:
        """Take down where somebody is; False if that is known already."""
        account, _, doing = payload.partition(" ")
        if doing not in _SIGNS or not _is_id(account):
            return False
        key, now = (handoff, UUID(account)), self._clock()
        before = self._present.get(key, ("", 0.0))
        known = before[0] if before[1] > now else ""
        if doing == GONE:
            self._present.pop(key, None)
            return bool(known)
        if doing == READING and known == WRITING:
            return False
        seconds = WRITES_FOR if doing == WRITING else READS_FOR
        self._present[key] = (doing, now + seconds)
        return doing != known

    def _wake_all(self) -> None:
        for ear in tuple(self._ears):
            ear.wake()


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def tell_presence(connection: Connection, handoff: int, account: UUID, doing: str) -> None:
    """Let colleagues know, in every gateway, that somebody is here."""
    await connection.execute("SELECT pg_notify(%s, %s)", (PRESENCE, f"{handoff} {account} {doing}"))
