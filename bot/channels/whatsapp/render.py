"""A message of the bot at its best within WhatsApp's limits. Pure.

Buttons where they fit, else a list, else numbered text: an option is never lost and a sentence
never cut. A turn is one bubble unless a limit forbids it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from bot.channels.whatsapp import limits
from bot.channels.whatsapp.cutting import split, tail
from bot.channels.whatsapp.limits import length, on_one_line, shorten
from bot.channels.whatsapp.parts import Buttons, Document, Link, Menu, Option, Part, Text
from bot.conversations.message import choice_id
from bot.conversations.text import is_blank

PARAGRAPH = "\n\n"
_MENU_SIGN = "\u2630"
_DASH = " \u2013 "
_BULLET = "\u2022 "

Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """The channel's own words in one language; `choose` opens a list."""

    choose: str


def render(body: Shown, seq: int, words: Words) -> list[Part]:
    """Make the bubbles of one stored message, in order.

    Args:
        body: `Outbound.body()`; what is no message (a status) makes no bubble.
        seq: The message's seq: the choices' ids hold it.
        words: In the message's language.
    """
    if body.get("kind", "message") != "message":
        return []
    text = _said(body)
    links = list(body.get("links") or ())
    options = _options(body.get("choices") or (), seq)
    if options:
        return _with_options(
            _above_question(text, links), options, body.get("numbered") is not False, words
        )
    return _without_options(text, links)


def render_document(media_id: str, filename: str, caption: str) -> list[Part]:
    """Make the bubbles of a file; what does not fit below it goes before it."""
    before, below = tail(caption.strip(), limits.CAPTION)
    name = filename if length(filename) <= limits.FILENAME else filename[-limits.FILENAME // 2 :]
    return [*_texts(before), Document(media_id, name, below or None)]


def plain(part: Part) -> Part:
    """Make text of a bubble whose buttons or list were refused; each option still stands in it."""
    if isinstance(part, Link):
        return Text(f"{part.body}\n{part.title}: {part.url}")
    if isinstance(part, (Buttons, Menu)):
        lines = _listing(part.options, numbered=True)
        # The options of a list may stand in its body already.
        missing = any(option.title not in part.body for option in part.options)
        return Text(_joined(part.body, lines if missing else ""))
    return part


def _said(body: Shown) -> str:
    """Give the text; a person who writes is named above it, for the sender is one number."""
    text = str(body.get("text") or "").strip()
    if is_blank(text):
        return ""
    return f"*{body['agent']}:*\n{text}" if body.get("agent") else text


def _options(choices: Sequence[Shown], seq: int) -> tuple[Option, ...]:
    return tuple(
        Option(
            choice_id(seq, number),
            " ".join(str(choice.get("title") or "").split()),
            " ".join(str(choice.get("description") or "").split()) or None,
        )
        for number, choice in enumerate(choices, 1)
    )


def _without_options(text: str, links: Sequence[Shown]) -> list[Part]:
    button = _link_button(text, links)
    return [button] if button else _texts(_joined(text, _link_lines(links)))


def _link_button(text: str, links: Sequence[Shown]) -> Link | None:
    if len(links) != 1 or not text or length(text) > limits.BODY:
        return None
    url = str(links[0].get("url") or "")
    title = on_one_line(str(links[0].get("title") or ""), limits.LINK_TITLE)
    fits = not is_blank(title) and length(title) <= limits.LINK_TITLE
    return Link(text, title, url) if fits and _is_web_address(url) else None


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= limits.LINK_URL
    )


def _link_lines(links: Sequence[Shown]) -> str:
    return "\n".join(
        f"{link['title']}: {link['url']}" if link.get("title") else str(link["url"])
        for link in links
        if link.get("url")
    )


def _above_question(text: str, links: Sequence[Shown]) -> str:
    """Put the links in front of the last paragraph: the question stands beside its answers."""
    before, break_, question = text.rpartition(PARAGRAPH)
    if not break_:
        return _joined(text, _link_lines(links))
    return _joined(before, _link_lines(links), question)


def _with_options(
    text: str, options: tuple[Option, ...], numbered: bool, words: Words
) -> list[Part]:
    if _fit_buttons(options):
        shown = tuple(replace(o, title=on_one_line(o.title, limits.BUTTON_TITLE)) for o in options)
        return _carried(text, "", words, lambda body: Buttons(body, shown))
    rows = _rows(options, numbered)
    if _fit_menu(rows):
        listing = "" if _say_all(rows, options) else _listing(options, numbered)
        label = _label(words)
        return _carried(text, listing, words, lambda body: Menu(body, label, rows))
    return _texts(_joined(text, _listing(options, numbered)))


def _carried(text: str, listing: str, words: Words, make: Callable[[str], Part]) -> list[Part]:
    """Put the end of a text onto the interactive bubble and the rest before it."""
    whole = _joined(text, listing)
    before, body = (whole, "") if length(listing) > limits.BODY else tail(whole, limits.BODY)
    return [*_texts(before), make(body or _label(words))]


def _fit_buttons(options: Sequence[Option]) -> bool:
    titles = [on_one_line(option.title, limits.BUTTON_TITLE) for option in options]
    return (
        len(options) <= limits.BUTTONS
        and all(_is_title(title, limits.BUTTON_TITLE) for title in titles)
        and _distinct(titles)
        and not any(option.description for option in options)
    )


def _fit_menu(rows: Sequence[Option]) -> bool:
    return (
        len(rows) <= limits.ROWS
        and all(_is_title(row.title, limits.ROW_TITLE) for row in rows)
        and _distinct([row.title for row in rows])
    )


def _is_title(title: str, limit: int) -> bool:
    return not is_blank(title) and length(title) <= limit


def _distinct(titles: Sequence[str]) -> bool:
    return len({title.casefold() for title in titles}) == len(titles)


def _rows(options: Sequence[Option], numbered: bool) -> tuple[Option, ...]:
    """Make a list's rows; where one title is too long, all are told by their numbers."""
    titles = [on_one_line(option.title, limits.ROW_TITLE) for option in options]
    if all(length(title) <= limits.ROW_TITLE for title in titles):
        return tuple(
            replace(option, title=title, description=_described(option.description))
            for option, title in zip(options, titles, strict=True)
        )
    return tuple(
        Option(
            option.id,
            str(number) if numbered else shorten(option.title, limits.ROW_TITLE),
            _full_title(option),
        )
        for number, option in enumerate(options, 1)
    )


def _described(description: str | None) -> str | None:
    return shorten(description, limits.ROW_DESCRIPTION) if description else None


def _full_title(option: Option) -> str:
    both = _in_words(option)
    return (
        both
        if length(both) <= limits.ROW_DESCRIPTION
        else shorten(option.title, limits.ROW_DESCRIPTION)
    )


def _say_all(rows: Sequence[Option], options: Sequence[Option]) -> bool:
    """Tell whether the rows say everything that the options say."""
    return all(
        row.title == on_one_line(option.title, limits.ROW_TITLE)
        and row.description == option.description
        for row, option in zip(rows, options, strict=True)
    )


def _listing(options: Sequence[Option], numbered: bool) -> str:
    return "\n".join(
        (f"{number}. " if numbered else _BULLET) + _in_words(option)
        for number, option in enumerate(options, 1)
    )


def _in_words(option: Option) -> str:
    return option.title + (_DASH + option.description if option.description else "")


def _label(words: Words) -> str:
    label = on_one_line(words.choose, limits.LIST_BUTTON)
    # A translation that is too long must not make Meta refuse the whole message.
    return label if _is_title(label, limits.LIST_BUTTON) else _MENU_SIGN


def _joined(*paragraphs: str) -> str:
    return PARAGRAPH.join(paragraph for paragraph in paragraphs if paragraph)


def _texts(text: str) -> list[Part]:
    return [Text(piece) for piece in split(text, limits.TEXT)]
