"""What a message says: each of WhatsApp's kinds as one of ours, with its text.

Meta adds kinds at any time: an unknown one is `unsupported` and answered politely.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.whatsapp.events import MediaRef
from bot.channels.whatsapp.node import items, mapping, text, token
from bot.conversations.message import read_choice_id
from bot.conversations.text import is_blank

WAITING_PAYLOAD = "impreuna:waiting"
"""The payload of our templates' button: "show me the answer that waits"."""
_MAX_NAME = 240
_MAX_MIME = 100
_SHA256_BYTES = 32

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Content:
    """A message's kind, and what belongs to it."""

    kind: str
    text: str = ""
    choice: str | None = None
    media: MediaRef | None = None


_UNSUPPORTED = Content("unsupported")


def content_of(message: Node) -> Content:
    """Read what a message says."""
    kind = text(message, "type")
    read = _READERS.get(kind)
    if read is None:
        return _UNSUPPORTED
    content = read(message, kind)
    # A text that shows nothing cannot be understood, and must not look like silence.
    return _UNSUPPORTED if content.kind == "text" and is_blank(content.text) else content


def _text(message: Node, kind: str) -> Content:
    return Content("text", text(mapping(message, kind), "body"))


def _interactive(message: Node, kind: str) -> Content:
    node = mapping(message, kind)
    reply = mapping(node, "button_reply") or mapping(node, "list_reply")
    return _chosen(text(reply, "id"), text(reply, "title"))


def _button(message: Node, kind: str) -> Content:
    node = mapping(message, kind)
    payload, title = text(node, "payload"), text(node, "text")
    return Content("tap", title) if payload == WAITING_PAYLOAD else _chosen(payload, title)


def _chosen(identifier: str, title: str) -> Content:
    if read_choice_id(identifier) is not None:
        return Content("choice", title, choice=identifier)
    return Content("text", title)


def _media(message: Node, kind: str) -> Content:
    node = mapping(message, kind)
    ours = "voice" if kind == "audio" and node.get("voice") is True else kind
    identifier = token(node, "id")
    if identifier is None:
        return _UNSUPPORTED
    media = MediaRef(
        kind=ours,
        id=identifier,
        mime_type=text(node, "mime_type")[:_MAX_MIME] or "application/octet-stream",
        filename=text(node, "filename")[:_MAX_NAME] or None,
        sha256=_digest(text(node, "sha256")),
    )
    return Content(ours, text(node, "caption"), media=media)


def _digest(encoded: str) -> bytes | None:
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == _SHA256_BYTES else None


def _location(message: Node, kind: str) -> Content:
    node = mapping(message, kind)
    place = [text(node, key) for key in ("name", "address")]
    point = [str(node.get(key)) for key in ("latitude", "longitude") if _is_number(node.get(key))]
    return Content(kind, _lines([*place, ", ".join(point)]))


def _contacts(message: Node, kind: str) -> Content:
    cards = [
        " ".join([text(mapping(card, "name"), "formatted_name"), *_phones(card)]).strip()
        for card in items(message, kind)
    ]
    return Content(kind, _lines(cards))


def _phones(card: Node) -> list[str]:
    return [phone for phone in (text(one, "phone") for one in items(card, "phones")) if phone]


def _order(message: Node, kind: str) -> Content:
    return Content(kind, text(mapping(message, kind), "text"))


def _start(message: Node, kind: str) -> Content:
    return Content("start")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, str)) and len(str(value)) <= 24


def _lines(parts: list[str]) -> str:
    return "\n".join(part for part in parts if part)


_READERS: dict[str, Callable[[Node, str], Content]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _button,
    **dict.fromkeys(("image", "video", "document", "sticker", "audio", "voice"), _media),
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "request_welcome": _start,
}
