"""The API's JSON of one bubble. Pure.

Source: developers.facebook.com, WhatsApp Cloud API, "Messages" reference.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from bot.channels.whatsapp.parts import (
    Address,
    Buttons,
    Document,
    Link,
    Menu,
    Option,
    Part,
    Template,
    Text,
)

Json = dict[str, Any]


def build(part: Part, address: Address, key: str) -> Json:
    """Make the body of a request that sends one bubble.

    Args:
        part: What is sent.
        address: To whom: the number if it is known (`to`), else the user id (`recipient`).
        key: Comes back with each status of the message.
    """
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(address),
        **content(part),
        "biz_opaque_callback_data": key,
    }


def build_read_and_typing(message_id: str) -> Json:
    """Make the request that marks a message read and shows that we are writing."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message_id,
        "typing_indicator": {"type": "text"},
    }


@singledispatch
def content(part: Part) -> Json:
    """Make what is sent, without to whom.

    Raises:
        TypeError: If it is no kind of bubble that is known here.
    """
    raise TypeError(f"cannot build a {type(part).__name__}")


@content.register
def _text(part: Text) -> Json:
    return {"type": "text", "text": {"body": part.text, "preview_url": False}}


@content.register
def _buttons(part: Buttons) -> Json:
    buttons = [
        {"type": "reply", "reply": {"id": option.id, "title": option.title}}
        for option in part.options
    ]
    return _interactive("button", part.body, {"buttons": buttons})


@content.register
def _menu(part: Menu) -> Json:
    rows = [_row(option) for option in part.options]
    return _interactive("list", part.body, {"button": part.button, "sections": [{"rows": rows}]})


@content.register
def _link(part: Link) -> Json:
    parameters = {"display_text": part.title, "url": part.url}
    return _interactive("cta_url", part.body, {"name": "cta_url", "parameters": parameters})


@content.register
def _document(part: Document) -> Json:
    document = {"id": part.media_id, "filename": part.filename}
    if part.caption:
        document["caption"] = part.caption
    return {"type": "document", "document": document}


@content.register
def _template(part: Template) -> Json:
    button = {
        "type": "button",
        "sub_type": "quick_reply",
        "index": "0",
        "parameters": [{"type": "payload", "payload": part.payload}],
    }
    return {
        "type": "template",
        "template": {
            "name": part.name,
            "language": {"code": part.language},
            "components": [button],
        },
    }


def _interactive(kind: str, body: str, action: Json) -> Json:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": body}, "action": action},
    }


def _row(option: Option) -> Json:
    row = {"id": option.id, "title": option.title}
    if option.description:
        row["description"] = option.description
    return row


def _recipient(address: Address) -> Json:
    # A user id in `to` is dropped without an error.
    if address.phone:
        return {"to": address.phone}
    return {"recipient": address.user_id}
