"""Checks what an action answered by Rasa's own schema, an event only by the part of its kind.

Rasa's schema lists all kinds of events and tries each on every event; the kinds exclude each other
by their name, so one is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction


def check_result(result: Any) -> None:
    """Compare an action server's answer with Rasa's schema.

    Raises:
        jsonschema.ValidationError: If it does not fit.
    """
    checks = _checks()
    if not checks.fits(result):
        checks.whole.validate(result)  # says what is wrong


@dataclass(frozen=True)
class _Checks:
    """Rasa's schema whole, its frame without events, and each kind of event."""

    whole: Any
    frame: Any
    kinds: Mapping[str, Any]

    def fits(self, result: Any) -> bool:
        """Whether it certainly fits; if not, the whole schema decides."""
        events = result.get("events") if isinstance(result, dict) else None
        if not isinstance(events, list) or not self.frame.is_valid({**result, "events": []}):
            return False
        return all(self._is_event(event) for event in events)

    def _is_event(self, event: Any) -> bool:
        kind = event.get("event") if isinstance(event, dict) else None
        check = self.kinds.get(kind) if isinstance(kind, str) else None
        return check is not None and check.is_valid(event)


@lru_cache(maxsize=1)
def _checks() -> _Checks:
    schema = RemoteAction.action_response_format_spec()
    event = schema["properties"]["events"]["items"]
    common = {key: value for key, value in event.items() if key != "oneOf"}
    kinds = {kind["properties"]["event"]["const"]: kind for kind in event["oneOf"]}
    if len(kinds) != len(event["oneOf"]):
        kinds = {}  # they do not exclude each other any more: the whole schema decides
    whole = Draft7Validator(schema)
    return _Checks(
        whole,
        whole,
        {name: Draft7Validator({**common, "allOf": [kind]}) for name, kind in kinds.items()},
    )
