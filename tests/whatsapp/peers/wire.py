"""What is posted to the Graph API, looked at from outside: its limits, its words, its ids.

Counted anew here, from Meta's pages, and not taken from the channel's own code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Payload = Mapping[str, Any]


def units(text: str) -> int:
    """The longest of the ways to count characters."""
    return max(len(text), len(text.encode("utf-16-le")) // 2)


def kind_of(payload: Payload) -> str:
    kind = payload["type"]
    return str(payload["interactive"]["type"] if kind == "interactive" else kind)


def faults(payload: Payload) -> list[str]:
    """Everything about a message that Meta would refuse."""
    found = [] if payload.get("to") or payload.get("recipient") else ["it is for nobody"]
    if payload.get("messaging_product") != "whatsapp":
        found.append("messaging_product")
    found += _bounded("key", payload.get("biz_opaque_callback_data", "-"), 512)
    return found + list(_CHECKS[kind_of(payload)](payload))


def readable(payload: Payload) -> list[str]:
    """Every text that the person can read, in reading order."""
    kind = kind_of(payload)
    if kind == "text":
        return [payload["text"]["body"]]
    if kind in {"document", "image"}:
        return [payload[kind].get("caption", "")]
    if kind == "template":
        return []
    interactive = payload["interactive"]
    return [interactive["body"]["text"], *_labels(interactive["action"])]


def main_text(payload: Payload) -> str:
    """The text of the bubble itself, without its buttons and rows."""
    return readable(payload)[0]


def reply_ids(payload: Payload) -> list[str]:
    """The ids that a tap on this message can bring back."""
    return [reply["id"] for reply in _replies(payload)]


def address(payload: Payload) -> str | None:
    """Where the bubble's link button leads."""
    if kind_of(payload) != "cta_url":
        return None
    return str(payload["interactive"]["action"]["parameters"]["url"])


def _labels(action: Payload) -> Iterator[str]:
    for button in action.get("buttons", ()):
        yield button["reply"]["title"]
    for row in _rows(action):
        yield row["title"]
        yield row.get("description", "")
    parameters = action.get("parameters", {})
    yield parameters.get("display_text", "")
    yield parameters.get("url", "")


def _replies(payload: Payload) -> list[Payload]:
    action = payload.get("interactive", {}).get("action", {})
    return [button["reply"] for button in action.get("buttons", ())] + _rows(action)


def _rows(action: Payload) -> list[Payload]:
    return [row for section in action.get("sections", ()) for row in section["rows"]]


def _bounded(name: str, text: str, most: int) -> list[str]:
    if not text.strip():
        return [f"{name} is empty"]
    return [f"{name} has {units(text)} of {most}"] if units(text) > most else []


def _plain(name: str, text: str) -> list[str]:
    return [f"{name} has a line break"] if "\n" in text else []


def _distinct(name: str, values: Sequence[str]) -> list[str]:
    return [] if len(set(values)) == len(values) else [f"{name} is there twice"]


def _text(payload: Payload) -> Iterator[str]:
    yield from _bounded("text", payload["text"]["body"], 4096)


def _button(payload: Payload) -> Iterator[str]:
    yield from _bounded("body", main_text(payload), 1024)
    replies = _replies(payload)
    if not 1 <= len(replies) <= 3:
        yield f"{len(replies)} buttons"
    yield from _distinct("a button's title", [reply["title"] for reply in replies])
    yield from _labelled(replies, title=20, identifier=256)


def _list(payload: Payload) -> Iterator[str]:
    yield from _bounded("body", main_text(payload), 1024)
    action = payload["interactive"]["action"]
    yield from _bounded("the list's button", action["button"], 20)
    if not 1 <= len(action["sections"]) <= 10 or not 1 <= len(_rows(action)) <= 10:
        yield "too many or too few rows"
    for section in action["sections"]:
        if len(action["sections"]) > 1 or "title" in section:
            yield from _bounded("a section's title", section.get("title", ""), 24)
    yield from _labelled(_rows(action), title=24, identifier=200)
    for row in _rows(action):
        if "description" in row:
            yield from _bounded("a row's description", row["description"], 72)
            yield from _plain("a row's description", row["description"])


def _labelled(replies: list[Payload], title: int, identifier: int) -> Iterator[str]:
    yield from _distinct("an id", [reply["id"] for reply in replies])
    for reply in replies:
        yield from _bounded("an id", reply["id"], identifier)
        yield from _bounded("a title", reply["title"], title)
        yield from _plain("a title", reply["title"])
        if reply["id"] != reply["id"].strip():
            yield "an id begins or ends with a space"


def _cta_url(payload: Payload) -> Iterator[str]:
    yield from _bounded("body", main_text(payload), 1024)
    parameters = payload["interactive"]["action"]["parameters"]
    yield from _bounded("the link's title", parameters["display_text"], 20)
    if not parameters["url"].startswith(("http://", "https://")):
        yield "the link is no address"


def _location_request(payload: Payload) -> Iterator[str]:
    yield from _bounded("body", main_text(payload), 1024)


def _file(payload: Payload) -> Iterator[str]:
    content = payload[payload["type"]]
    if not (content.get("id") or content.get("link")):
        yield "no file"
    if "caption" in content:
        yield from _bounded("caption", content["caption"], 1024)


def _template(payload: Payload) -> Iterator[str]:
    template = payload["template"]
    yield from _bounded("name", template["name"], 512)
    yield from _bounded("language", template["language"]["code"], 16)
    for component in template.get("components", ()):
        for parameter in component["parameters"]:
            text = parameter.get("text", "")
            if any(mark in text for mark in ("\n", "\t", "     ")):
                yield "a parameter with a line break, a tab or five spaces"


_CHECKS = {
    "text": _text,
    "button": _button,
    "list": _list,
    "cta_url": _cta_url,
    "location_request_message": _location_request,
    "document": _file,
    "image": _file,
    "template": _template,
}
