"""How each channel shows a message: the channel's own rendering, measured against its limits.

A channel is added by one more class and one more name in `CHANNELS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.channels.whatsapp import limits
from bot.channels.whatsapp.limits import length, on_one_line
from bot.channels.whatsapp.parts import Buttons, Link, Menu, Option, Part, Text
from bot.channels.whatsapp.render import Words, render
from bot.i18n.responses import Responses

CHOOSE = "utter_choose"
"""The response whose text stands on the button that opens a list."""
_SEQ = 1


@dataclass(frozen=True)
class Measured:
    """A text with its length and the room there is; `limit` is None where there is no end."""

    text: str
    length: int = 0
    limit: int | None = None

    @property
    def over(self) -> bool:
        """Whether it is longer than there is room for."""
        return self.limit is not None and self.length > self.limit


@dataclass(frozen=True)
class Row:
    """A choice or a link as it is shown: its title, the line below it, the number before it."""

    title: Measured
    description: Measured | None = None
    number: int | None = None


@dataclass(frozen=True)
class Bubble:
    """One message on a screen; `kind` is text, buttons, list or link.

    `opener` is the button that opens a list.
    """

    kind: str
    body: Measured
    rows: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()
    opener: Measured | None = None


class Channel(Protocol):
    """A way in which people read."""

    name: str
    title: str

    def show(self, body: Mapping[str, Any], responses: Responses) -> Sequence[Bubble]:
        """Make what stands on the screen of a message (`Outbound.body()`)."""
        ...

    def faults(self, body: Mapping[str, Any], responses: Responses) -> Iterator[str]:
        """Say in plain words what of a message this channel cannot show as it should."""
        ...


class WhatsApp:
    """WhatsApp: bubbles of `bot.channels.whatsapp.render`."""

    name, title = "whatsapp", "WhatsApp"

    def show(self, body: Mapping[str, Any], responses: Responses) -> Sequence[Bubble]:
        """See `Channel.show`."""
        return [_bubble(part) for part in render(body, _SEQ, _words(body, responses))]

    def faults(self, body: Mapping[str, Any], responses: Responses) -> Iterator[str]:
        """See `Channel.faults`."""
        choices, links = body["choices"], body["links"]
        titles = [on_one_line(choice["title"], limits.ROW_TITLE) for choice in choices]
        room = _room(choices)
        yield from _too_long("the choice", titles, room)
        described = [choice.get("description") or "" for choice in choices]
        yield from _too_long("the line below a choice", described, limits.ROW_DESCRIPTION)
        if len({title.casefold() for title in titles}) < len(titles):
            yield "two choices read the same"
        words = _words(body, responses)
        if any(isinstance(part, Menu) for part in render(body, _SEQ, words)):
            yield from _too_long("the button of a list", [words.choose], limits.LIST_BUTTON)
        if len(links) == 1 and not choices:
            yield from _too_long("the link", [links[0]["title"]], limits.LINK_TITLE)
        most = limits.BODY if choices or links else limits.TEXT
        yield from _too_long("the text", [body["text"]], most)


class Web:
    """The web chat: one message as it is, for a page has room."""

    name, title = "web", "Web chat"

    def show(self, body: Mapping[str, Any], responses: Responses) -> Sequence[Bubble]:
        """See `Channel.show`."""
        rows = tuple(
            Row(
                Measured(choice["title"]),
                Measured(choice["description"]) if choice.get("description") else None,
                number if body["numbered"] else None,
            )
            for number, choice in enumerate(body["choices"], 1)
        )
        links = tuple(Row(Measured(link["title"])) for link in body["links"])
        return [Bubble("text", Measured(body["text"]), rows, links)]

    def faults(self, body: Mapping[str, Any], responses: Responses) -> Iterator[str]:
        """See `Channel.faults`."""
        if not body["text"].strip():
            yield "says nothing"
        if any(not choice["title"].strip() for choice in body["choices"]):
            yield "a choice says nothing"


CHANNELS: tuple[Channel, ...] = (WhatsApp(), Web())


def _words(body: Mapping[str, Any], responses: Responses) -> Words:
    return Words(responses.render(CHOOSE, body["language"]).text if body["choices"] else "")


def _bubble(part: Part) -> Bubble:
    if isinstance(part, Buttons):
        rows = tuple(_row(option, limits.BUTTON_TITLE) for option in part.options)
        return Bubble("buttons", _measured(part.body, limits.BODY), rows)
    if isinstance(part, Menu):
        rows = tuple(_row(option, limits.ROW_TITLE) for option in part.options)
        opener = _measured(part.button, limits.LIST_BUTTON)
        return Bubble("list", _measured(part.body, limits.BODY), rows, opener=opener)
    if isinstance(part, Link):
        link = Row(_measured(part.title, limits.LINK_TITLE))
        return Bubble("link", _measured(part.body, limits.BODY), links=(link,))
    if isinstance(part, Text):
        return Bubble("text", _measured(part.text, limits.TEXT))
    raise ValueError(f"no message of the bot is shown as {type(part).__name__}")


def _row(option: Option, room: int) -> Row:
    below = option.description
    return Row(
        _measured(option.title, room),
        _measured(below, limits.ROW_DESCRIPTION) if below else None,
    )


def _measured(text: str, limit: int) -> Measured:
    return Measured(text, length(text), limit)


def _room(choices: Sequence[Mapping[str, Any]]) -> int | None:
    """How long a title may be; there is no end where the choices stand in the text anyway."""
    if len(choices) > limits.ROWS:
        return None
    is_listed = any(choice.get("description") for choice in choices)
    return limits.ROW_TITLE if is_listed or len(choices) > limits.BUTTONS else limits.BUTTON_TITLE


def _too_long(what: str, texts: Sequence[str], limit: int | None) -> Iterator[str]:
    for text in texts:
        if limit is not None and length(text) > limit:
            quoted = f" “{text}”" if limit < limits.BODY else ""
            yield f"{what}{quoted} has {length(text)} characters; there is room for {limit}"
