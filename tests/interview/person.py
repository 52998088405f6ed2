"""A person who writes to the assistant, and what came back."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any

from actions.interview.situation import Situation
from bot.dialogue.request import TurnRequest
from tests.interview.assistant import Assistant

QUESTIONS = ("utter_ask_which", "utter_ask_correction", "utter_ask_addition")


@dataclass
class Reply:
    """The answer to one message."""

    answer: dict[str, Any]

    @property
    def names(self) -> list[str]:
        return [message["name"] for message in self.answer["messages"]]

    @property
    def questions(self) -> list[str]:
        """The interview's questions in it, without `utter_ask_`."""
        asked = [name for name in self.names if name.startswith("utter_ask_")]
        return [name.removeprefix("utter_ask_") for name in asked if name not in QUESTIONS]

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.answer["messages"])

    @property
    def choices(self) -> list[dict[str, Any]]:
        return [choice for message in self.answer["messages"] for choice in message["choices"]]

    @property
    def findings(self) -> dict[str, str]:
        """Row by person; people of one kind with different rows are joined by a comma."""
        rows: dict[str, list[str]] = {}
        for finding in self.answer["custom"]["findings"]:
            rows.setdefault(finding["person"], []).append(finding["row"])
        return {person: ",".join(found) for person, found in rows.items()}

    @property
    def handoff(self) -> dict[str, Any]:
        return self.answer["custom"]["handoff"] or {}


class Person:
    """Writes and chooses; every turn must be answered, or the test fails."""

    def __init__(self, assistant: Assistant, language: str = "en") -> None:
        self._assistant = assistant
        self.language = language
        self.conversation = str(uuid.uuid4())
        self.asked: list[str] = []
        self._sent = 0

    def write(self, text: str) -> Reply:
        return self._send(text, None)

    def choose(self, payload: str) -> Reply:
        return self._send(None, payload)

    def pick(self, reply: Reply, title: str) -> Reply:
        """Take the choice of that title."""
        payloads = [choice["payload"] for choice in reply.choices if choice["title"] == title]
        assert payloads, f"no choice {title!r} among {[c['title'] for c in reply.choices]}"
        return self.choose(payloads[-1])

    @property
    def situation(self) -> Situation:
        return Situation.load(self.slot("situation"))

    def slot(self, name: str) -> Any:
        return self._assistant.tracker(self.conversation).get_slot(name)

    @property
    def in_interview(self) -> bool:
        return bool(self._assistant.tracker(self.conversation).active_loop)

    def _send(self, text: str | None, payload: str | None) -> Reply:
        self._sent += 1
        request = TurnRequest(
            self.conversation, str(self._sent), text, payload, self.language, "web"
        )
        answer = asyncio.run(self._assistant.turns.answer(request))
        self.language = answer["custom"]["language"] or self.language
        reply = Reply(answer)
        self.asked += reply.questions
        return reply
