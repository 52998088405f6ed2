"""Stand-ins for what the gateway talks to.

`FakeRasa` answers as docs/architecture.md says our channel in Rasa does, a repeated message
id with the same answer; its faults are set by the test. `VOICE` says the gateway's own
sentences from a small domain; `spot` knows a handful of safety words.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.gateway.voice import Voice
from bot.i18n import Catalogs

DOMAIN: dict[str, Any] = {
    "responses": {
        "utter_safety": [{"text": "Call 112."}],
        "utter_handoff_opened": [{"text": "A counsellor will read this. Number: {reference}."}],
        "utter_handoff_opened_urgent": [{"text": "Noted as urgent. Number: {reference}."}],
        "utter_sorry_down": [{"text": "I cannot answer now. Call +40 21 312 62 10."}],
        "utter_question_passed": [{"text": "That question has passed."}],
        "utter_sorry_too_long": [{"text": "Please write less than {limit} characters."}],
        "utter_erased": [{"text": "Everything is deleted. Number: {reference}."}],
        "utter_key_kept": [{"text": "This chat stays on this phone."}],
        "utter_key_forgotten": [{"text": "This chat does not stay on this phone."}],
    }
}
VOICE = Voice(DOMAIN, Catalogs(Path("/nonexistent")))

WORDS = {
    "help me he beats me": "danger",
    "a person please": "human",
    "keep this chat on this phone": "keep",
    "do not keep": "forget",
}


@dataclass(frozen=True)
class FakeSignal:
    kind: str


def spot(text: str) -> FakeSignal | None:
    """Stands for `bot.safety.spot`."""
    kind = next((kind for words, kind in WORDS.items() if words in text.lower()), None)
    return FakeSignal(kind) if kind else None


def say(text: str, *titles: str, **more: Any) -> dict[str, Any]:
    """One message of Rasa's answer; each title becomes a choice."""
    choices = [
        {"title": title, "description": None, "payload": f'/inform{{"choice": "{title}"}}'}
        for title in titles
    ]
    return {"name": "utter_x", "text": text, "choices": choices, "links": [], **more}


@dataclass
class FakeRasa:
    """Our channel in Rasa: what it was asked, what it answers, what goes wrong."""

    url: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: list[int] = field(default_factory=list)
    always: int | None = None
    delay: float = 0.0
    script: dict[str, Any] = field(default_factory=dict)
    running: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0

    def heard(self) -> list[str]:
        """What reached Rasa, texts and payloads, in order."""
        return [call["payload"] or call["text"] for call in self.calls]

    async def webhook(self, request: web.Request) -> web.Response:
        call = await request.json()
        sender = call["conversation"]
        self.running[sender] = self.running.get(sender, 0) + 1
        self.most_at_once = max(self.most_at_once, self.running[sender])
        try:
            await asyncio.sleep(self.delay)
            status = self.statuses.pop(0) if self.statuses else self.always or 200
            if status != 200:
                return web.json_response({"error": "not now"}, status=status)
            return web.json_response(self.answer(call))
        finally:
            self.running[sender] -= 1

    def answer(self, call: dict[str, Any]) -> dict[str, Any]:
        known = self.answers.get(call["message_id"])
        if known is None:
            self.calls.append(call)
            known = self.answers[call["message_id"]] = self.turn(call)
        return known

    def turn(self, call: dict[str, Any]) -> dict[str, Any]:
        heard = call["payload"] or call["text"]
        scripted = self.script.get(heard)
        messages = [say(f"echo: {heard}")] if scripted is None else scripted.get("messages", [])
        custom = {"language": None, "findings": [], "handoff": None, "erase": False}
        custom.update((scripted or {}).get("custom", {}))
        return {"messages": messages, "custom": custom, "intent": "inform", "confidence": 0.9}

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/impreuna/webhook", self.webhook)
        app.router.add_get("/webhooks/impreuna/", _alive)
        app.router.add_get("/health", _alive)
        return app


async def _alive(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
