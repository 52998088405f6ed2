"""Webhook bodies for tests, in the shapes of Meta's own samples."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

PHONE = "40722000001"
NUMBER_ID = "106540352242922"
_ids = itertools.count(1)


def message(kind: str, sender: str | None = PHONE, **fields: Any) -> dict[str, Any]:
    """One message of a person; without a sender there is no `from` at all."""
    node = {"id": f"wamid.test{next(_ids)}", "timestamp": str(int(time.time())), "type": kind}
    if sender is not None:
        node["from"] = sender
    return {**node, **fields}


def text(body: str, sender: str | None = PHONE, **fields: Any) -> dict[str, Any]:
    return message("text", sender, **{"text": {"body": body}, **fields})


def status(state: str, identifier: str, key: str | None = None, **fields: Any) -> dict[str, Any]:
    node: dict[str, Any] = {
        "id": identifier,
        "status": state,
        "timestamp": str(int(time.time())),
        "recipient_id": PHONE,
    }
    if key is not None:
        node["biz_opaque_callback_data"] = key
    return {**node, **fields}


def entry(topic: str = "messages", **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": NUMBER_ID}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    return {"id": "419561257915477", "changes": [{"value": value, "field": topic}]}


def enclose(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": list(entries)}


def envelope(topic: str = "messages", **value: Any) -> dict[str, Any]:
    return enclose(entry(topic, **value))


def as_meta(body: dict[str, Any]) -> bytes:
    """The bytes as Meta sends them: everything beyond ASCII escaped, in lower case."""
    return json.dumps(body, separators=(",", ":")).encode()
