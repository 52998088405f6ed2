"""When a person may expect an answer: said where a handoff is opened, as far as it is decided.

Opening hours and the on-call number are settings without a default; unset, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from bot.conversations.hours import ZONE, Hours
from bot.conversations.turn import Said
from bot.gateway.voice import Voice
from bot.settings import Operator

OPEN, CLOSED, ON_CALL = (
    "utter_handoff_hours_open",
    "utter_handoff_hours_closed",
    "utter_handoff_on_call",
)
_OPENED = "utter_handoff_opened"


class Expectation:
    """Says when counsellors work, and whom to call meanwhile."""

    def __init__(self, voice: Voice, operator: Operator) -> None:
        self._voice = voice
        self.hours = Hours.parse(operator.opening_hours) if operator.opening_hours else None
        self._on_call = operator.on_call_number

    def is_open(self, at: datetime) -> bool:
        """Tell whether counsellors work; true where nobody has said when they do."""
        return self.hours is None or self.hours.is_open(at)

    def add(self, said: Sequence[Said], language: str, at: datetime | None = None) -> list[Said]:
        """Put what can be expected behind the words that a handoff was noted, else at the end."""
        at = at or datetime.now(timezone.utc)
        told = [self._voice.say(name, language, values) for name, values in self._told(at)]
        places = [n for n, one in enumerate(said, 1) if (one.name or "").startswith(_OPENED)]
        place = places[-1] if places else len(said)
        return [*said[:place], *told, *said[place:]]

    def _told(self, at: datetime) -> list[tuple[str, Mapping[str, Any]]]:
        told = self._hours_told(at)
        if self._on_call:
            told.append((ON_CALL, {"number": {"digits": self._on_call}}))
        return told

    def _hours_told(self, at: datetime) -> list[tuple[str, Mapping[str, Any]]]:
        if self.hours is None:
            return []
        closing = self.hours.closing(at)
        if closing:
            return [(OPEN, {"time": _time(closing)})]
        opening = self.hours.next_opening(at)
        if opening is None:
            return []
        day = {"date": opening.date().isoformat()}
        return [(CLOSED, {"date": day, "time": _time(opening)})]


def _time(at: datetime) -> Mapping[str, str]:
    return {"digits": at.astimezone(ZONE).strftime("%H:%M")}
