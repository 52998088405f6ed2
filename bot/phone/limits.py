"""What a message may hold: every documented limit, checked before anything else.

Sources: Meta's pages on each message type and facebook/openapi
`business-messaging-api_v23.0.yaml`. Where the two differ the smaller limit holds; a length
is the larger of code points and UTF-16 units, since Meta does not say which it counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.phone.refusal import Refusal

TEXT, BODY, CAPTION, FOOTER, HEADER = 4096, 1024, 1024, 60, 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
SECTIONS, ROWS, ROW_TITLE, ROW_ABOUT, ROW_ID, SECTION_TITLE = 10, 10, 24, 72, 200, 24
CALLBACK_DATA = 512
MEDIA_KINDS = ("audio", "document", "image", "sticker", "video")

Node = Mapping[str, Any]


def length(text: str) -> int:
    """Give the larger of code points and UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_message(message: Node) -> str:
    """Check a message as it is posted, apart from its recipient and its template.

    Returns:
        Its type.

    Raises:
        Refusal: With the limit that it breaks in its details.
    """
    if message.get("messaging_product") != "whatsapp":
        raise Refusal(100, "The parameter messaging_product is required: whatsapp")
    if message.get("recipient_type", "individual") != "individual":
        raise Refusal(100, "Param recipient_type must be individual")
    _check_text(message, "biz_opaque_callback_data", CALLBACK_DATA, needed=False, code=100)
    kind = message.get("type", "text")
    if kind not in _CHECKS:
        raise Refusal(100, f"Param type must be one of {', '.join(sorted(_CHECKS))}")
    _CHECKS[kind](_node(message, kind))
    return str(kind)


def _check_body(text: Node) -> None:
    _check_text(text, "body", TEXT, code=100)


def _check_media(kind: str) -> Callable[[Node], None]:
    def check(media: Node) -> None:
        if ("id" in media) == ("link" in media):
            raise Refusal(100, f"{kind} needs either an id or a link")
        if "caption" in media and kind in {"audio", "sticker"}:
            raise Refusal(100, f"{kind} takes no caption")
        _check_text(media, "caption", CAPTION, needed=False, code=100)
        if "filename" in media and kind != "document":
            raise Refusal(100, "Only a document has a filename")

    return check


def _check_location(location: Node) -> None:
    for name in ("latitude", "longitude"):
        try:
            float(location[name])
        except (KeyError, TypeError, ValueError):
            raise Refusal(131009, f"location.{name} must be a number") from None


def _check_reaction(reaction: Node) -> None:
    _check_text(reaction, "message_id", TEXT)
    if not isinstance(reaction.get("emoji", ""), str):
        raise Refusal(131009, "reaction.emoji must be a text")


def _check_template(template: Node) -> None:
    _check_text(template, "name", 512)
    _check_text(_node(template, "language"), "code", 15)


def _check_interactive(interactive: Node) -> None:
    kind = interactive.get("type")
    if kind not in _INTERACTIVE:
        raise Refusal(131009, f"interactive.type must be one of {', '.join(sorted(_INTERACTIVE))}")
    _check_text(_node(interactive, "body"), "text", BODY)
    if "footer" in interactive:
        _check_text(_node(interactive, "footer"), "text", FOOTER)
    if "header" in interactive:
        _check_header(_node(interactive, "header"), str(kind))
    _INTERACTIVE[kind](_node(interactive, "action"))


def _check_header(header: Node, of: str) -> None:
    kind = header.get("type")
    allowed = {"text"} if of == "list" else {"text", "image", "video", "document"}
    if kind not in allowed or of == "location_request_message":
        raise Refusal(131009, f"header.type {kind} does not go with {of}")
    if kind == "text":
        _check_text(header, "text", HEADER)
    else:
        _check_media(str(kind))(_node(header, str(kind)))


def _check_buttons(action: Node) -> None:
    buttons = [_node(button, "reply") for button in _nodes(action, "buttons", BUTTONS)]
    for button in buttons:
        _check_label(button, "title", BUTTON_TITLE)
        _check_id(button, BUTTON_ID)
    _check_distinct(buttons, "title")
    _check_distinct(buttons, "id")


def _check_list(action: Node) -> None:
    _check_label(action, "button", BUTTON_TITLE)
    sections = _nodes(action, "sections", SECTIONS)
    rows = [row for section in sections for row in _nodes(section, "rows", ROWS)]
    if len(rows) > ROWS:
        raise Refusal(131009, f"Total row count exceeds the maximum of {ROWS}")
    for section in sections:
        _check_label(section, "title", SECTION_TITLE, needed=len(sections) > 1)
    for row in rows:
        _check_label(row, "title", ROW_TITLE)
        _check_label(row, "description", ROW_ABOUT, needed=False)
        _check_id(row, ROW_ID)
    _check_distinct(rows, "id")


def _check_link(action: Node) -> None:
    if action.get("name") != "cta_url":
        raise Refusal(131009, "action.name must be cta_url")
    parameters = _node(action, "parameters")
    _check_label(parameters, "display_text", BUTTON_TITLE)
    _check_text(parameters, "url", 2000)
    if not re.match(r"https?://[^\s/]", parameters["url"]):
        raise Refusal(131009, "action.parameters.url must start with http:// or https://")


def _check_location_request(action: Node) -> None:
    if action.get("name") != "send_location":
        raise Refusal(131009, "action.name must be send_location")


def _node(parent: Node, name: str) -> Node:
    node = parent.get(name)
    if not isinstance(node, Mapping):
        raise Refusal(131008, f"The parameter {name} is required and is an object")
    return node


def _nodes(parent: Node, name: str, most: int) -> Sequence[Node]:
    nodes = parent.get(name)
    if not isinstance(nodes, list) or not all(isinstance(node, Mapping) for node in nodes):
        raise Refusal(131008, f"The parameter {name} is required and is a list of objects")
    if not 1 <= len(nodes) <= most:
        raise Refusal(131009, f"{name}: from 1 to {most} are allowed, not {len(nodes)}")
    return nodes


def _check_text(
    node: Node, name: str, most: int, *, needed: bool = True, code: int = 131009
) -> None:
    text = node.get(name)
    if text is None and not needed:
        return
    if text is None:
        raise Refusal(131008, f"The parameter {name} is required")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(code, f"{name} must be a text that is not empty")
    if length(text) > most:
        raise Refusal(code, f"{name} length invalid: {length(text)}. Max length: {most}")


def _check_label(node: Node, name: str, most: int, *, needed: bool = True) -> None:
    _check_text(node, name, most, needed=needed)
    if "\n" in (node.get(name) or ""):
        raise Refusal(131009, f"{name} must stand on one line")


def _check_id(node: Node, most: int) -> None:
    _check_text(node, "id", most)
    if node["id"] != node["id"].strip():
        raise Refusal(131009, "id must not begin or end with a space")


def _check_distinct(nodes: Sequence[Node], name: str) -> None:
    if len({node[name] for node in nodes}) < len(nodes):
        raise Refusal(131009, f"Every {name} must be another one")


_INTERACTIVE: dict[Any, Callable[[Node], None]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_link,
    "location_request_message": _check_location_request,
}
_CHECKS: dict[Any, Callable[[Node], None]] = {
    "text": _check_body,
    "interactive": _check_interactive,
    "template": _check_template,
    "location": _check_location,
    "reaction": _check_reaction,
    **{kind: _check_media(kind) for kind in MEDIA_KINDS},
}
