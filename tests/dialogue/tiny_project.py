"""A tiny assistant for the tests of the Rasa server, and the action server that it calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

CONFIG = """
recipe: default.v1
assistant_id: tiny
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 3
- name: LogisticRegressionClassifier
- name: FallbackClassifier
  threshold: 0.3
policies:
- name: RulePolicy
"""

DOMAIN = """
version: "3.1"
intents: [greet, inform, change_language, ask_nothing, ask_costs]
entities: [sponsor_status]
slots:
  language:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
  sponsor_status:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: sponsor_status}]
responses:
  utter_greet:
  - text: "Hello, what is your status?"
    buttons:
    - title: "Refugee"
      payload: '/inform{"sponsor_status": "refugee"}'
      description: "With a card"
    - {title: "Other", payload: '/inform{"sponsor_status": "other"}'}
    metadata: {numbered: false, links: [{title: "The law", url: "https://example.org/law"}]}
  utter_told:
  - text: "You told us: {told} on {day}."
  utter_answer_costs:
  - text: "It costs nothing."
  utter_default:
  - text: "Please say that in other words."
  utter_restart:
  - text: "Let us begin again."
actions: [action_tell, action_change_language, action_silent, action_session_start]
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""

NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - hello there
    - good day
- intent: change_language
  examples: |
    - arabic please
    - speak arabic
- intent: ask_costs
  examples: |
    - how much does it cost
    - what is the price of it
- intent: inform
  examples: |
    - [refugee](sponsor_status)
    - status is [other](sponsor_status)
"""

RULES = """
version: "3.1"
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: inform
  steps: [{intent: inform}, {action: action_tell}]
- rule: language
  steps: [{intent: change_language}, {action: action_change_language}, {action: utter_greet}]
- rule: nothing
  steps: [{intent: ask_nothing}, {action: action_silent}]
- rule: costs
  steps: [{intent: ask_costs}, {action: utter_answer_costs}]
- rule: fallback
  steps: [{intent: nlu_fallback}, {action: utter_default}]
"""


def write_project(folder: Path) -> None:
    """Write the files that `rasa train` reads."""
    (folder / "data").mkdir(parents=True)
    (folder / "config.yml").write_text(CONFIG)
    (folder / "domain.yml").write_text(DOMAIN)
    (folder / "data" / "nlu.yml").write_text(NLU)
    (folder / "data" / "rules.yml").write_text(RULES)


class TinyActions:
    """The action server; a test makes the next calls fail or wait."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.failures = 0
        self.delay = 0.0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhook", self._handle)
        return app

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.calls.append(body["next_action"])
        self.bodies.append(body)
        if self.failures and body["next_action"] != "action_session_start":
            self.failures -= 1
            return web.Response(status=500, text="SENTINEL in an error")
        await asyncio.sleep(self.delay)
        handler: Callable[[dict[str, Any]], dict[str, Any]] = getattr(self, body["next_action"])
        return web.json_response(handler(body["tracker"]))

    def action_tell(self, tracker: dict[str, Any]) -> dict[str, Any]:
        told = tracker["slots"]["sponsor_status"] or "nothing"
        utterances = [
            {"response": "utter_told", "told": told, "day": {"date": "2026-05-03"}},
            {"custom": {"findings": [{"row": "B1"}], "handoff": {"reason": "test"}}},
            {"custom": {"findings": [{"row": "B2"}]}},
        ]
        return {"events": [], "responses": utterances}

    def action_change_language(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "events": [{"event": "slot", "name": "language", "value": "ar"}],
            "responses": [{"custom": {"language": "ar"}}],
        }

    def action_silent(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"events": [], "responses": []}

    def action_session_start(self, tracker: dict[str, Any]) -> dict[str, Any]:
        carried = [
            {"event": "slot", "name": name, "value": value}
            for name, value in tracker["slots"].items()
            if value is not None
        ]
        listen = {"event": "action", "name": "action_listen"}
        return {"events": [{"event": "session_started"}, *carried, listen], "responses": []}
