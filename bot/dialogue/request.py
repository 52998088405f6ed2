"""What the gateway asks: one message of a conversation; checked before Rasa sees it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import InboundRejected

FALLBACK_INTENT = "nlu_fallback"
_PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z0-9_]+)\s*(?P<entities>\{.*\})?\s*", re.DOTALL)
_COMMAND = re.compile(r"^[\s/]+")


@dataclass(frozen=True)
class TurnRequest:
    """A message to be answered; exactly one of `text` and `payload` is set."""

    conversation: str
    message_id: str
    text: str | None
    payload: str | None
    language: str | None
    channel: str | None


def read_request(body: bytes) -> TurnRequest:
    """Read the gateway's JSON.

    Raises:
        InboundRejected: If it is not what the contract says.
    """
    try:
        content = json.loads(body)
    except ValueError:
        raise InboundRejected("The body is not JSON.") from None
    if not isinstance(content, dict):
        raise InboundRejected("The body is not a JSON object.")
    text, payload = _text(content, "text"), _text(content, "payload")
    if (text is None) == (payload is None):
        raise InboundRejected("Exactly one of text and payload must be given.")
    return TurnRequest(
        conversation=_required(content, "conversation"),
        message_id=_message_id(content),
        text=None if text is None else defused(text),
        payload=payload,
        language=_text(content, "language"),
        channel=_text(content, "channel"),
    )


def defused(text: str) -> str:
    """A person's text that Rasa cannot take for a command: it never begins with a slash.

    The gateway has done so already; here it holds for every caller. Rasa strips spaces.
    """
    return _COMMAND.sub("", text) if text.strip().startswith("/") else text


def understand_payload(
    payload: str, intents: Collection[str], entities: Collection[str], language: str | None
) -> dict[str, Any]:
    """What a choice means, as the understanding pipeline would say it.

    A payload that this model does not know (it was offered by an older one) counts as a message
    that was not understood: the person is asked again instead of hearing nothing.
    """
    match = _PAYLOAD.fullmatch(payload.strip())
    given = _entities(match.group("entities")) if match else None
    intent = match.group("intent") if match and given is not None else FALLBACK_INTENT
    known = intent in intents and given is not None
    name = intent if known else FALLBACK_INTENT
    return {
        "text": payload if known else "",
        "intent": {"name": name, "confidence": 1.0},
        "intent_ranking": [{"name": name, "confidence": 1.0}],
        "entities": _as_found(given or {}, entities, match) if known else [],
        "language": language,
    }


def _entities(raw: str | None) -> dict[str, Any] | None:
    if raw is None:
        return {}
    try:
        parsed = json.loads(raw)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _as_found(
    given: Mapping[str, Any], known: Collection[str], match: re.Match[str] | None
) -> list[dict[str, Any]]:
    start, end = match.span("entities") if match else (0, 0)
    return [
        {"entity": name, "value": value, "start": start, "end": end, "extractor": "choice"}
        for name, values in given.items()
        if name in known
        for value in (values if isinstance(values, list) else [values])
    ]


def _text(content: Mapping[str, Any], name: str) -> str | None:
    value = content.get(name)
    if value is not None and not isinstance(value, str):
        raise InboundRejected(f"{name} must be a text.")
    return value


def _message_id(content: Mapping[str, Any]) -> str:
    value = content.get("message_id")
    return str(value) if type(value) is int else _required(content, "message_id")


def _required(content: Mapping[str, Any], name: str) -> str:
    value = _text(content, name)
    if not value:
        raise InboundRejected(f"{name} is missing.")
    return value
