"""How fast may be sent: to one person, and in all. Pure: times go in, waits come out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

PAIR_SPACE = timedelta(seconds=6)
"""WhatsApp takes one message in 6 s to one person, for a time."""
PAIR_BURST = 10
"""So many at once are well below the 45 that it lends."""
PAIR_MEMORY = timedelta(minutes=10)
"""Older messages are not looked at."""
NUMBER_RATE = 60
"""Messages a second in all; WhatsApp takes 80, in and out together."""


def pair_due(asked: Iterable[datetime]) -> datetime | None:
    """Tell when the next message may go to a person; None if at any time.

    Args:
        asked: When the earlier ones went, the oldest first.
    """
    # The generic cell rate algorithm: `full` is when the allowance will be whole again.
    full: datetime | None = None
    for at in asked:
        full = max(full or at, at) + PAIR_SPACE
    return full - (PAIR_BURST - 1) * PAIR_SPACE if full else None


class Bucket:
    """The allowance of a whole number, in one process.

    Args:
        rate: Messages a second, and as many at once.
    """

    def __init__(self, rate: int = NUMBER_RATE) -> None:
        self._space = timedelta(seconds=1) / rate
        self._tolerance = self._space * (rate - 1)
        self._full: datetime | None = None

    def reserve(self, now: datetime) -> float:
        """Take the next place and give the seconds until it comes."""
        full = max(self._full or now, now)
        self._full = full + self._space
        return max((full - self._tolerance - now).total_seconds(), 0.0)
