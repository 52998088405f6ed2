"""What goes wrong on request: each count is used up one by one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.phone.refusal import Refusal


@dataclass
class Faults:
    """The switchboard; everything off at first.

    Attributes:
        refuse: How many of the next messages are refused, with `code`.
        status: HTTP status of those refusals; 0: the code's usual one.
        cut: How many of the next requests end without an answer, before anything is accepted.
        drop: How many of the next messages are accepted, and then no answer comes.
        delay: Seconds that every answer to a message is late.
        fail: How many of the next messages fail later, with `fail_code`.
        silent: Of how many of the next messages no status comes.
        duplicate: How many of the next webhooks come twice at once.
        disorder: How many of the next webhooks are held back and then come in reverse.
        batch: How many of the next webhooks come in one body.
        late_window: Whether a closed window is told later by a status, not at once.
    """

    refuse: int = 0
    code: int = 131000
    status: int = 0
    cut: int = 0
    drop: int = 0
    delay: float = 0.0
    fail: int = 0
    fail_code: int = 131026
    silent: int = 0
    duplicate: int = 0
    disorder: int = 0
    batch: int = 0
    late_window: bool = False

    def take(self, name: str) -> bool:
        """Use up one of a count, if there is any."""
        left = int(getattr(self, name))
        if left > 0:
            setattr(self, name, left - 1)
        return left > 0

    def refusal(self) -> Refusal | None:
        """Give the refusal that the next message meets."""
        if not self.take("refuse"):
            return None
        return Refusal(self.code, "Refused on request", status=self.status or None)

    def set(self, given: dict[str, Any]) -> None:
        """Set some of them.

        Raises:
            Refusal: If a name is unknown or a value of another type.
        """
        kinds = {each.name: type(getattr(self, each.name)) for each in fields(self)}
        for name, value in given.items():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if name not in kinds or not (
                isinstance(value, bool) if kinds[name] is bool else number
            ):
                raise Refusal(100, f"Faults: {name} is unknown or of another type")
            setattr(self, name, kinds[name](value))

    def view(self) -> dict[str, Any]:
        """Give all of them."""
        return asdict(self)
