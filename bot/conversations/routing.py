"""Which way an inbound message goes: to Rasa as text or as a choice, or answered at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from bot.conversations.message import KEPT_KINDS, Choice, Inbound, Question, read_choice_id
from bot.conversations.text import defuse, same_words, typed_number


@dataclass(frozen=True)
class ToRasa:
    """Rasa answers; `payload` is set when the person took a choice on offer."""

    text: str
    payload: str | None = None


@dataclass(frozen=True)
class Passed:
    """The choice is no longer on offer: say so, with the current question."""


@dataclass(frozen=True)
class TooLong:
    """The text is longer than what is understood."""


@dataclass(frozen=True)
class KeepKey:
    """The person said whether this chat stays on this phone."""

    keep: bool


@dataclass(frozen=True)
class Kept:
    """A picture, a voice note or a file: kept for a counsellor.

    Attributes:
        caption: The way of the words that came along, if any did.
    """

    kind: str
    caption: ToRasa | None = None


@dataclass(frozen=True)
class Unreadable:
    """A place on a map, a contact card and the like: to be written in words."""

    kind: str


@dataclass(frozen=True)
class Nothing:
    """Nothing is to be said to it."""


Route = Union[ToRasa, Passed, TooLong, KeepKey, Kept, Unreadable, Nothing]  # noqa: UP007 (3.10)

_KEY_WORDS = {"keep": True, "forget": False}
_START = "/greet"
_IN_WORDS = {"text", "choice"}


def route(
    inbound: Inbound, question: Question | None, signal: str | None, has_key: bool = True
) -> Route:
    """Decide the way of one message.

    Args:
        inbound: The message, as stored.
        question: The bot's newest question, answered or not; None if there is none.
        signal: The kind of the safety word found in the text, if any.
        has_key: Whether a key opens this conversation, which a device may keep or forget.
    """
    if inbound.choice is not None:
        chosen = _clicked(inbound.choice, question)
        return ToRasa(inbound.text, chosen.payload) if chosen else Passed()
    if inbound.kind not in _IN_WORDS:
        return _without_words(inbound)
    if inbound.too_long:
        return TooLong()
    written = _written(inbound.text, question)
    if written:
        return ToRasa(inbound.text, written.payload)
    if has_key and signal in _KEY_WORDS:
        return KeepKey(_KEY_WORDS[signal])
    return ToRasa(defuse(inbound.text))


def _without_words(inbound: Inbound) -> Route:
    if inbound.kind == "tap":
        return Nothing()
    if inbound.kind == "start":
        return ToRasa("", _START)
    if inbound.kind not in KEPT_KINDS:
        return Unreadable(inbound.kind)
    wordless = inbound.too_long or not inbound.text.strip()
    return Kept(inbound.kind, None if wordless else ToRasa(defuse(inbound.text)))


def _clicked(choice: str, question: Question | None) -> Choice | None:
    """Find a choice by its id; only the current question's choices are valid, and once."""
    place = read_choice_id(choice)
    if place is None or question is None or question.answered or place[0] != question.seq:
        return None
    return _at(question.choices(), place[1])


def _written(text: str, question: Question | None) -> Choice | None:
    """Find the choice that a person typed: its number, or its title word for word."""
    if question is None or question.answered:
        return None
    choices = question.choices()
    number = typed_number(text)
    if number is not None and question.numbered:
        return _at(choices, number)
    return next((choice for choice in choices if same_words(choice.title, text)), None)


def _at(choices: list[Choice], number: int) -> Choice | None:
    return choices[number - 1] if 0 < number <= len(choices) else None
