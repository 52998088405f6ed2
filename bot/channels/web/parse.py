"""What a request of the web chat says: JSON bodies and form fields, checked.

Nothing here touches the network or the store. Messages of errors name the field that is
wrong and never repeat its value.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.conversations.message import InboundDraft, read_choice_id
from bot.conversations.text import MAX_CHARACTERS, clean, is_blank
from bot.errors import InboundRejected

MAX_BODY = 64 * 1024
"""The largest body of a request, in bytes."""

_ID = re.compile(r"[\x21-\x7e]{1,128}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}")


def parse_json(body: bytes) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty object.

    Raises:
        InboundRejected: If it is not JSON or not an object.
    """
    if not body.strip():
        return {}
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InboundRejected("The body is not JSON in UTF-8.", reason="invalid_json") from None
    if not isinstance(value, dict):
        raise InboundRejected("The body is not a JSON object.", reason="invalid_json")
    return value


def parse_message(fields: Mapping[str, Any]) -> InboundDraft:
    """Read a message: an id with either a text or a choice.

    Raises:
        InboundRejected: If a field is missing, of another type, or the text shows nothing.
    """
    external_id, text, choice = fields.get("id"), fields.get("text"), fields.get("choice")
    if not isinstance(external_id, str) or not _ID.fullmatch(external_id):
        raise InboundRejected(
            "`id` must be a text of 1 to 128 visible ASCII characters.", reason="invalid_id"
        )
    if (text is None) == (choice is None):
        raise InboundRejected("Give either `text` or `choice`.", reason="invalid_message")
    if choice is not None:
        return _parse_choice(external_id, choice)
    return _parse_text(external_id, text)


def _parse_text(external_id: str, text: Any) -> InboundDraft:
    if not isinstance(text, str):
        raise InboundRejected("`text` must be a text.", reason="invalid_message")
    cleaned = clean(text)
    if is_blank(cleaned):
        raise InboundRejected("`text` shows nothing.", reason="empty_message")
    return InboundDraft(
        external_id=external_id,
        content_hash=_digest("text", text),
        text=cleaned[:MAX_CHARACTERS],
        too_long=len(cleaned) > MAX_CHARACTERS,
    )


def _parse_choice(external_id: str, choice: Any) -> InboundDraft:
    if not isinstance(choice, str) or read_choice_id(choice) is None:
        raise InboundRejected("`choice` must be the id of a choice.", reason="invalid_choice")
    return InboundDraft(
        external_id=external_id, content_hash=_digest("choice", choice), choice=choice
    )


def parse_language(value: Any) -> str | None:
    """Read a language's tag; None if none is given.

    Raises:
        InboundRejected: If it is no tag.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise InboundRejected("`language` must be a language tag.", reason="invalid_language")
    return value


def parse_after(*values: str | None) -> int:
    """Read the seq after which messages are wanted; the highest of those given, else 0.

    Raises:
        InboundRejected: If one is no whole number.
    """
    after = 0
    for value in values:
        if not value:
            continue
        if not (value.isascii() and value.isdigit() and len(value) <= 15):
            raise InboundRejected("`after` must be a whole number.", reason="invalid_after")
        after = max(after, int(value))
    return after


def accepted_languages(header: str) -> list[str]:
    """Read the browser's `Accept-Language`, best first; what is malformed is left out."""
    weighted = []
    for place, part in enumerate(header[:1024].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        if _LANGUAGE.fullmatch(tag):
            weighted.append((-_quality(quality), place, tag))
    return [tag for _, _, tag in sorted(weighted)]


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _digest(kind: str, content: str) -> bytes:
    return hashlib.sha256(f"{kind}:{content}".encode("utf-8", "surrogatepass")).digest()
