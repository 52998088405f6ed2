"""What comes in is checked before Rasa sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.dialogue.request import defused, read_request, understand_payload
from bot.errors import InboundRejected

INTENTS = ["inform", "affirm", "nlu_fallback"]
ENTITIES = ["status", "family"]
VALID: dict[str, Any] = {"conversation": "c", "message_id": 7, "text": "hi", "payload": None}


def understand(payload: str) -> dict[str, Any]:
    return understand_payload(payload, INTENTS, ENTITIES, "ar")


def test_a_message_id_may_be_a_number_or_a_text() -> None:
    assert read_request(json.dumps(VALID).encode()).message_id == "7"
    assert read_request(json.dumps({**VALID, "message_id": "7"}).encode()).message_id == "7"


@pytest.mark.parametrize(
    "change",
    [
        {"conversation": ""},
        {"conversation": 1},
        {"message_id": None},
        {"message_id": True},
        {"text": None},
        {"payload": "/affirm"},
        {"text": {}},
        {"language": 3},
    ],
)
def test_what_the_contract_does_not_say_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InboundRejected):
        read_request(json.dumps({**VALID, **change}).encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [("/restart", "restart"), (" / /x", "x"), ("a/b", "a/b"), (" hi ", " hi "), ("///", "")],
)
def test_a_text_never_begins_with_a_slash(text: str, expected: str) -> None:
    assert defused(text) == expected


def test_a_choice_is_understood_with_its_entities() -> None:
    found = understand('/inform{"status": "refugee", "family": ["wife", "child"]}')
    assert found["intent"] == {"name": "inform", "confidence": 1.0}
    assert [(e["entity"], e["value"]) for e in found["entities"]] == [
        ("status", "refugee"),
        ("family", "wife"),
        ("family", "child"),
    ]
    assert found["language"] == "ar"


def test_entities_that_the_model_does_not_know_are_left_out() -> None:
    assert understand('/inform{"colour": "red"}')["entities"] == []


@pytest.mark.parametrize("payload", ["/other", "/inform{", "affirm", "/inform[]", "", "/affirm x"])
def test_what_is_not_known_counts_as_not_understood(payload: str) -> None:
    found = understand(payload)
    assert found["intent"]["name"] == "nlu_fallback"
    assert found["entities"] == []
    assert found["text"] == ""
