"""How a stored message looks in the API and in the stream."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.conversations.message import choice_id
from bot.conversations.text import direction_of

KEEP_ALIVE = b": still here\n\n"


def build_message(row: Mapping[str, Any]) -> dict[str, Any]:
    """Make the API's message of a row of `bot.store.outbox.after`."""
    if row["body"] is None:
        return _person(row)
    body = dict(row["body"])
    if "choices" in body:
        body["choices"] = [
            {"id": choice_id(row["seq"], number), **choice}
            for number, choice in enumerate(body["choices"], 1)
        ]
    return {"seq": row["seq"], **body}


def _person(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "seq": row["seq"],
        "kind": "message",
        "author": "person",
        "id": row["external_id"],
        "text": row["text"],
        "choices": [],
        "links": [],
        # What language a person writes is not known word by word; the direction shows.
        "language": None,
        "direction": direction_of(row["text"]),
        "names": [],
        "findings": [],
    }


def build_event(message: Mapping[str, Any]) -> bytes:
    """Make one frame of the event stream; what has a seq can be resumed from."""
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    number = f"id: {message['seq']}\n" if "seq" in message else ""
    return f"{number}data: {data}\n\n".encode()


def typing_message() -> dict[str, Any]:
    """Make the sign that an answer is being prepared; it is not stored."""
    return {"kind": "typing"}


def gone_message() -> dict[str, Any]:
    """Make the sign that the conversation was erased elsewhere; the stream ends with it."""
    return {"kind": "status", "erased": True}
