"""Each limit of the Graph API as two messages: one just within it, one just over it.

`blind` names the oracles that do not see this limit, with the reason: what they accept there
proves nothing. `test_oracles.py` keeps the list true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KAPSO, OTHER = "kapso", "whatsapp-api-js"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@dataclass(frozen=True)
class Limit:
    """One limit; the oracles in `blind` accept what is over it."""

    name: str
    within: Mapping[str, Any]
    over: Mapping[str, Any]
    blind: Mapping[str, str] = field(default_factory=dict)


def message(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A message to somebody."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "40700000001",
        "biz_opaque_callback_data": "a-key",
        "type": kind,
        kind: content,
    }


def text(body: str) -> dict[str, Any]:
    return message("text", {"body": body, "preview_url": False})


def interactive(kind: str, action: Mapping[str, Any], body: str = "x") -> dict[str, Any]:
    return message("interactive", {"type": kind, "body": {"text": body}, "action": action})


def buttons(*titles: str, body: str = "x", same_id: bool = False) -> dict[str, Any]:
    replies = [
        {"type": "reply", "reply": {"id": "1" if same_id else f"7-{number}", "title": title}}
        for number, title in enumerate(titles, start=1)
    ]
    return interactive("button", {"buttons": replies}, body)


def rows(count: int, title: str = "", **more: str) -> list[dict[str, str]]:
    return [{"id": f"7-{n}", "title": title or f"row {n}", **more} for n in range(1, count + 1)]


def listed(
    *sections: list[dict[str, str]], button: str = "Choose", body: str = "x"
) -> dict[str, Any]:
    named = [{"title": f"part {n}", "rows": part} for n, part in enumerate(sections, start=1)]
    parts = named if len(named) > 1 else [{"rows": sections[0]}]
    return interactive("list", {"button": button, "sections": parts}, body)


def link(title: str, body: str = "x") -> dict[str, Any]:
    parameters = {"display_text": title, "url": "https://example.org/a"}
    return interactive("cta_url", {"name": "cta_url", "parameters": parameters}, body)


LIMITS = (
    Limit("text", text("x" * 4096), text("x" * 4097), {KAPSO: "its text has no upper bound"}),
    Limit("empty text", text("x"), text(""), {OTHER: "it checks upper bounds only"}),
    Limit("three buttons", buttons(*"abc"), buttons(*"abcd")),
    Limit("a button's title", buttons("x" * 20), buttons("x" * 21)),
    Limit(
        "a button's title in UTF-16",
        buttons(FAMILY),
        buttons(FAMILY * 2),
        {KAPSO: "its checker counts code points: 14, not the 22 units of two families"},
    ),
    Limit(
        "an empty button's body",
        buttons("a"),
        buttons("a", body=""),
        {OTHER: "it checks upper bounds only"},
    ),
    Limit("an empty button", buttons("a"), buttons("")),
    Limit(
        "buttons' titles are distinct",
        buttons("a", "b"),
        buttons("a", "a"),
        {KAPSO: "it does not compare buttons"},
    ),
    Limit(
        "buttons' ids are distinct",
        buttons("a", "b"),
        buttons("a", "b", same_id=True),
        {KAPSO: "it does not compare buttons"},
    ),
    Limit("a button's body", buttons("a", body="x" * 1024), buttons("a", body="x" * 1025)),
    Limit("ten rows", listed(rows(10)), listed(rows(11))),
    Limit(
        "ten rows in total",
        listed(rows(5), [{"id": f"8-{n}", "title": "b"} for n in range(5)]),
        listed(rows(6), [{"id": f"8-{n}", "title": "b"} for n in range(6)]),
        {OTHER: "it counts the rows of each section only"},
    ),
    Limit("a row's title", listed(rows(2, "x" * 24)), listed(rows(2, "x" * 25))),
    Limit(
        "an empty row",
        listed(rows(1)),
        listed([{"id": "7-1", "title": ""}]),
        {OTHER: "it checks upper bounds only"},
    ),
    Limit(
        "a row's description",
        listed(rows(2, description="x" * 72)),
        listed(rows(2, description="x" * 73)),
    ),
    Limit("the list's button", listed(rows(1), button="x" * 20), listed(rows(1), button="x" * 21)),
    Limit(
        "a list's body",
        listed(rows(1), body="x" * 1024),
        listed(rows(1), body="x" * 1025),
        {KAPSO: "it believes the page that says 4096; Meta's OpenAPI file says 1024"},
    ),
    Limit(
        "a link's title",
        link("x" * 20),
        link("x" * 21),
        {OTHER: "it has no limit for a link's title"},
    ),
    Limit("a link's body", link("x", body="x" * 1024), link("x", body="x" * 1025)),
)
