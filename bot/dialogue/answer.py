"""The answer to the gateway, made from the events of a turn: pure.

A first answer and a repeated one are both made here from the same events, so they are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered


def is_answered(events: Sequence[Event]) -> bool:
    """Whether a turn came to its end: it listens again and has said something.

    An action that wants silence says so with a JSON payload, such as `{"no_reply": true}`.
    """
    actions = [event for event in events if isinstance(event, ActionExecuted)]
    listens = bool(actions) and actions[-1].action_name == ACTION_LISTEN_NAME
    return listens and any(isinstance(event, BotUttered) for event in events)


def build_answer(events: Iterable[Event]) -> dict[str, Any]:
    """Make the answer of `docs/architecture.md` from the events of one turn."""
    messages: list[dict[str, Any]] = []
    custom: dict[str, Any] = {
        "language": None,
        "findings": [],
        "handoff": None,
        "facts": None,
        "erase": False,
    }
    intent: Mapping[str, Any] = {}
    heard = False
    for event in events:
        if isinstance(event, UserUttered):
            intent, heard = event.intent, True
        elif heard and isinstance(event, SlotSet) and event.key == "language":
            custom["language"] = event.value
        elif heard and isinstance(event, SlotSet) and event.key == "situation":
            custom["facts"] = event.value
        elif isinstance(event, BotUttered):
            _merge(custom, event.data.get("custom") or {})
            if event.text or event.data.get("buttons"):
                messages.append(_message(event))
    _add_links(messages, custom.pop("links", ()))
    return {
        "messages": messages,
        "custom": custom,
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
    }


def _message(event: BotUttered) -> dict[str, Any]:
    metadata = event.metadata.get("metadata") or {}
    return {
        "name": event.metadata.get("utter_action"),
        "text": event.text or "",
        "choices": [_choice(button) for button in event.data.get("buttons") or ()],
        "numbered": bool(metadata.get("numbered", True)),
        "links": list(metadata.get("links") or ()),
    }


def _choice(button: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": button["title"],
        "description": button.get("description"),
        "payload": button["payload"],
    }


def _add_links(messages: list[dict[str, Any]], links: Iterable[Mapping[str, str]]) -> None:
    """Links that an action knows and the domain does not stand below its last message."""
    if messages:
        messages[-1]["links"] = [*messages[-1]["links"], *links]


def _merge(custom: dict[str, Any], payload: Mapping[str, Any]) -> None:
    """Merge a payload in: lists grow, of everything else the last one counts."""
    for key, value in payload.items():
        if isinstance(value, list) and isinstance(custom.get(key), list):
            custom[key] = [*custom[key], *value]
        else:
            custom[key] = value
