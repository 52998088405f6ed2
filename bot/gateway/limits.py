"""Limits on how often one person or one address may write; generous, and bounded in memory.

Addresses live in this process's memory only, and are forgotten with it.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

MAX_KEYS = 20_000


@dataclass(frozen=True)
class Rate:
    """A bucket: `burst` requests at once, refilled by `per_second`."""

    burst: float
    per_second: float


PER_PERSON = Rate(burst=60, per_second=1.0)
# Behind one address there may be a whole reception centre.
PER_ADDRESS = Rate(burst=600, per_second=20.0)


class Limiter:
    """Token buckets by key; the key unused for longest is forgotten first."""

    def __init__(self, rate: Rate, max_keys: int = MAX_KEYS) -> None:
        self._rate = rate
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Take one request out of a key's bucket.

        Args:
            key: Who asks.
            now: A clock in seconds that never goes back.

        Returns:
            0 if it may go on, else the whole seconds to wait.
        """
        left, before = self._buckets.pop(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - before) * self._rate.per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._rate.per_second)

    def __len__(self) -> int:
        return len(self._buckets)
