"""The message of this turn, as an action sees it in Rasa's tracker."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

from actions.interview.situation import Situation

INTERVIEW = "interview_form"


class Turn:
    """The newest message with its intent and entities, and what happened since.

    Attributes:
        intent: Name of the intent; an empty string where there is none.
        confidence: Confidence of the intent, 0 to 1.
        entities: The entities in the order of the text.
        text: What was written; only ever looked at for its form, never stored or logged.
        channel: Where it was written, `web` for one; an empty string where that is not said.
    """

    def __init__(self, tracker: Tracker) -> None:
        message = tracker.latest_message or {}
        intent = message.get("intent") or {}
        self.intent: str = intent.get("name") or ""
        self.confidence: float = float(intent.get("confidence") or 0.0)
        self.entities: list[dict[str, Any]] = list(message.get("entities") or [])
        self.text: str = message.get("text") or ""
        self.channel: str = (message.get("metadata") or {}).get("channel") or ""
        self._tracker = tracker

    @property
    def in_interview(self) -> bool:
        """Whether the interview was going on before this message."""
        active = (self._tracker.active_loop or {}).get("name") == INTERVIEW
        return active and not any(event.get("event") == "active_loop" for event in self._since())

    @property
    def answered(self) -> bool:
        """Whether an action already answered in this turn: the form is being returned to."""
        return any(
            event.get("event") == "action_execution_rejected"
            or (event.get("event") == "action" and event.get("name") not in QUIET)
            for event in self._since()
        )

    @property
    def said(self) -> set[str]:
        """Names of the responses that were uttered since the message."""
        bot = (event for event in self._since() if event.get("event") == "bot")
        return {str((event.get("metadata") or {}).get("utter_action")) for event in bot}

    def _since(self) -> Iterator[dict[str, Any]]:
        """What happened since the message, newest first."""
        return itertools.takewhile(
            lambda event: event.get("event") != "user", reversed(self._tracker.events)
        )

    def value(self, name: str) -> str | None:
        """The value of the first entity of that name."""
        for entity in self.entities:
            if entity.get("entity") == name:
                return str(entity.get("value"))
        return None


# While the form is asked for its facts, Rasa already counts it as run.
QUIET = {"action_listen", "action_extract_slots", "action_session_start", INTERVIEW}


def situation_of(tracker: Tracker) -> Situation:
    """What this conversation knows so far."""
    return Situation.load(tracker.get_slot("situation"))
