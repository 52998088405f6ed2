"""How often may be sent: for the whole number, and to one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.phone.refusal import Refusal

PER_SECOND = 80
"""Messages of one number, both ways (Meta: "Throughput")."""
PAIR_SECONDS = 6.0
PAIR_BURST = 45
"""To one person: one message in six seconds, 45 at once (Meta: "Pair rate limits")."""


class Meter(Protocol):
    """Says whether one more message fits."""

    def take(self, now: float) -> bool:
        """Take one message's room, if there is any."""


class Bucket:
    """A token bucket, full at first."""

    def __init__(self, size: float, per_second: float) -> None:
        self._size = size
        self._per_second = per_second
        self._left = size
        self._at: float | None = None

    def take(self, now: float) -> bool:
        """Take one message's room, if there is any."""
        if self._at is not None:
            gained = max(0.0, now - self._at) * self._per_second
            self._left = min(self._size, self._left + gained)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Loan:
    """The strictest reading of Meta's text: a burst is lent, and nothing goes until it is paid.

    "20 messages at once: then about two minutes nothing."
    """

    def __init__(self, burst: int, seconds: float) -> None:
        self._burst = burst
        self._seconds = seconds
        self._began = self._paid = float("-inf")
        self._count = 0

    def take(self, now: float) -> bool:
        """Take one message's room, if there is any."""
        if now >= self._paid:
            self._began, self._paid, self._count = now, now, 0
        elif now - self._began > self._seconds or self._count >= self._burst:
            return False
        self._count += 1
        self._paid += self._seconds
        return True


@dataclass
class Rates:
    """The limits that hold, and what was used of them.

    Attributes:
        strict: Whether a burst must be paid back before anything more is sent.
    """

    per_second: float = PER_SECOND
    pair_burst: int = PAIR_BURST
    pair_seconds: float = PAIR_SECONDS
    strict: bool = False
    _number: Bucket | None = field(default=None, init=False)
    _pairs: dict[str, Meter] = field(default_factory=dict, init=False)

    def count_inbound(self, now: float) -> None:
        """Count a message of a person: it is never refused, but it uses up the number's rate."""
        self._of_number().take(now)

    def check(self, person: str, now: float) -> None:
        """Take the room of one message to a person.

        Raises:
            Refusal: 130429 for the number, 131056 for the pair.
        """
        if not self._of_number().take(now):
            raise Refusal(130429, "Message failed to send because there were too many messages")
        if person not in self._pairs:
            self._pairs[person] = self._new_pair()
        if not self._pairs[person].take(now):
            raise Refusal(131056, "Too many messages sent from this number to the same person")

    def _of_number(self) -> Bucket:
        if self._number is None:
            self._number = Bucket(self.per_second, self.per_second)
        return self._number

    def _new_pair(self) -> Meter:
        if self.strict:
            return Loan(self.pair_burst, self.pair_seconds)
        return Bucket(self.pair_burst, 1 / self.pair_seconds)
