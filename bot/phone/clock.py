"""The stand-in's clock: it can be set forward, so that a day passes at once."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970, and how far they were shifted."""

    def __init__(self) -> None:
        self.shift = 0.0

    def now(self) -> float:
        """Give the time on this clock."""
        return time.time() + self.shift
