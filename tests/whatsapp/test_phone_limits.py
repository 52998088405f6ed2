"""What the stand-in for WhatsApp takes and what is too much."""

from __future__ import annotations

from typing import Any

import pytest

from tests.whatsapp.phone_line import (
    TEXT,
    Line,
    buttons,
    interactive,
    line,
    link,
    open_line,
    row,
    rows,
    until,
)

__all__ = ["line", "open_line"]

AT_THE_LIMIT = {
    "text": {"type": "text", "text": {"body": "x" * 4096}},
    "three buttons": buttons("a" * 20, "b" * 20, "c" * 20, body="x" * 1024),
    "ten rows": rows(*(row(n, "r" * 24, description="d" * 72) for n in range(10)), button="b" * 20),
    "a footer": buttons("a", footer={"text": "f" * 60}),
    "a link": link("o" * 20),
    "a location's request": interactive(
        "location_request_message", "Where?", {"name": "send_location"}
    ),
    "a location": {"type": "location", "location": {"latitude": 44.4, "longitude": 26.1}},
    "a linked picture": {
        "type": "image",
        "image": {"link": "https://example.org/a.png", "caption": "c" * 1024},
    },
}
BEYOND = {
    "text": ({"type": "text", "text": {"body": "x" * 4097}}, 100),
    "text in UTF-16": ({"type": "text", "text": {"body": "😀" * 2049}}, 100),
    "no text": ({"type": "text", "text": {"body": " "}}, 100),
    "no content": ({"type": "text"}, 131008),
    "unknown type": ({"type": "telegram"}, 100),
    "four buttons": (buttons("a", "b", "c", "d"), 131009),
    "no buttons": (buttons(), 131009),
    "long button": (buttons("a" * 21), 131009),
    "emoji button": (buttons("😀" * 11), 131009),
    "same titles": (buttons("a", "a"), 131009),
    "two lines on a button": (buttons("a\nb"), 131009),
    "long body": (buttons("a", body="x" * 1025), 131009),
    "long footer": (buttons("a", footer={"text": "f" * 61}), 131009),
    "empty header": (buttons("a", header={"type": "text", "text": ""}), 131009),
    "long header": (buttons("a", header={"type": "text", "text": "h" * 61}), 131009),
    "eleven rows": (rows(*(row(n) for n in range(11))), 131009),
    "long row": (rows(row(1, "r" * 25)), 131009),
    "long description": (rows(row(1, description="d" * 73)), 131009),
    "same rows": (rows(row(1), row(1)), 131009),
    "long row id": (rows({"id": "i" * 201, "title": "a"}), 131009),
    "space in an id": (rows({"id": " 1-1", "title": "a"}), 131009),
    "long list button": (rows(row(1), button="b" * 21), 131009),
    "picture over a list": (rows(row(1), header={"type": "image", "image": {"id": "1"}}), 131009),
    "rows of two sections": (
        interactive(
            "list",
            "Which?",
            {
                "button": "Choose",
                "sections": [
                    {"title": "a", "rows": [row(n) for n in range(6)]},
                    {"title": "b", "rows": [row(n) for n in range(6, 12)]},
                ],
            },
        ),
        131009,
    ),
    "section without a title": (
        interactive(
            "list",
            "Which?",
            {"button": "Choose", "sections": [{"rows": [row(1)]}, {"rows": [row(2)]}]},
        ),
        131008,
    ),
    "long link": (link("o" * 21), 131009),
    "a link to nowhere": (link(url="javascript:alert(1)"), 131009),
    "long caption": (
        {"type": "image", "image": {"link": "https://example.org/a.png", "caption": "c" * 1025}},
        100,
    ),
    "neither id nor link": ({"type": "image", "image": {}}, 100),
    "unknown file": ({"type": "image", "image": {"id": "12"}}, 100),
    "no place": ({"type": "location", "location": {"latitude": "north"}}, 131009),
    "long key": ({**TEXT, "biz_opaque_callback_data": "k" * 513}, 100),
    "for a group": ({**TEXT, "recipient_type": "group"}, 100),
}


@pytest.mark.parametrize("message", AT_THE_LIMIT.values(), ids=AT_THE_LIMIT)
async def test_what_is_within_the_limits_is_taken(open_line: Line, message: Any) -> None:
    identity = await open_line.send(**message)
    await until(lambda: len(open_line.product.statuses_told(identity)) == 3)


@pytest.mark.parametrize(("message", "code"), BEYOND.values(), ids=BEYOND)
async def test_what_is_beyond_a_limit_is_refused(open_line: Line, message: Any, code: int) -> None:
    assert await open_line.refused(**message) == code
