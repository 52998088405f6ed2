"""From a message as it is posted to the bubble that a phone shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.phone.limits import MEDIA_KINDS
from bot.phone.people import Bubble
from bot.phone.templates import Filled

Node = Mapping[str, Any]


def show(bubble: Bubble, message: Node, filled: Filled | None, media: Node | None) -> None:
    """Fill a bubble with what a checked message holds.

    `filled` is its template, `media` the uploaded file that it names: `{"mime_type", "url"}`.
    """
    bubble.quote = (message.get("context") or {}).get("message_id")
    bubble.data = message.get("biz_opaque_callback_data")
    if filled is not None:
        _show_template(bubble, filled)
    elif bubble.kind == "text":
        bubble.text = message["text"]["body"]
    elif bubble.kind == "location":
        bubble.place = dict(message["location"])
    elif bubble.kind == "interactive":
        _show_interactive(bubble, message["interactive"])
    elif bubble.kind in MEDIA_KINDS:
        _show_media(bubble, message[bubble.kind], media)


def _show_template(bubble: Bubble, filled: Filled) -> None:
    bubble.template, bubble.text = filled.name, filled.text
    bubble.header, bubble.footer = filled.header, filled.footer
    bubble.buttons = filled.taps


def _show_media(bubble: Bubble, node: Node, media: Node | None) -> None:
    bubble.text = node.get("caption", "")
    bubble.media = {"kind": bubble.kind, "filename": node.get("filename"), **(media or {})}
    if "link" in node:
        bubble.media["url"] = node["link"]


def _show_interactive(bubble: Bubble, node: Node) -> None:
    bubble.text = node["body"]["text"]
    bubble.footer = (node.get("footer") or {}).get("text")
    bubble.header = (node.get("header") or {}).get("text")
    action = node["action"]
    if node["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        bubble.buttons = [
            {"kind": "reply", "id": reply["id"], "title": reply["title"]} for reply in replies
        ]
    elif node["type"] == "list":
        bubble.buttons = [{"kind": "list", "title": action["button"]}]
        bubble.sections = [dict(section) for section in action["sections"]]
    elif node["type"] == "cta_url":
        parameters = action["parameters"]
        bubble.buttons = [
            {"kind": "url", "title": parameters["display_text"], "url": parameters["url"]}
        ]
    else:
        bubble.buttons = [{"kind": "location", "title": "Send location"}]
