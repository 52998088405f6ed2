"""An action's answer is checked as strictly as upstream checks it."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError
from rasa.core.actions.action import RemoteAction

from bot.dialogue.action_result import _checks, check_result

UPSTREAM = Draft7Validator(RemoteAction.action_response_format_spec())
SLOT = {"event": "slot", "name": "status", "value": None, "timestamp": 1.5}
GOOD: dict[str, Any] = {
    "nothing": {},
    "no events": {"responses": [{"text": "hello"}]},
    "events": {"events": [SLOT, {"event": "active_loop", "name": None}], "responses": []},
    "a user's message": {"events": [{"event": "user", "parse_data": {"entities": []}}]},
    "other keys": {"events": [{**SLOT, "more": 1}], "more": 2},
}
BAD: dict[str, Any] = {
    "no object": [],
    "no list of events": {"events": {}},
    "no list of responses": {"events": [SLOT], "responses": {}},
    "a response that is a text": {"events": [SLOT], "responses": ["hello"]},
    "an event that is a text": {"events": [SLOT, "slot"]},
    "an event without a name": {"events": [{"name": "status", "value": 1}]},
    "an event whose name is a list": {"events": [{"event": ["slot"]}]},
    "an event that nobody knows": {"events": [{"event": "party"}]},
    "a slot without a value": {"events": [{"event": "slot", "name": "status"}]},
    "a slot whose name is a number": {"events": [{**SLOT, "name": 3}]},
    "a time that is a text": {"events": [{**SLOT, "timestamp": "now"}]},
    "an entity without a value": {"events": [{"event": "entities", "entities": [{}]}]},
}


@pytest.mark.parametrize("name", GOOD)
def test_what_upstream_takes_is_taken(name: str) -> None:
    assert UPSTREAM.is_valid(GOOD[name])
    check_result(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_what_upstream_refuses_is_refused(name: str) -> None:
    assert not UPSTREAM.is_valid(BAD[name])
    with pytest.raises(ValidationError):
        check_result(BAD[name])


def test_every_kind_of_event_has_a_check_of_its_own() -> None:
    kinds = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]["oneOf"]
    assert len(_checks().kinds) == len(kinds) > 20
