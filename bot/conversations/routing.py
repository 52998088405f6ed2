"""Which way an inbound message goes: to Rasa as text or as a choice, or answered at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from bot.conversations.message import Choice, Inbound, Question, read_choice_id
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


Route = Union[ToRasa, Passed, TooLong, KeepKey]  # noqa: UP007 (an alias at run time on 3.10)

_KEY_WORDS = {"keep": True, "forget": False}


def route(inbound: Inbound, question: Question | None, signal: str | None) -> Route:
    """Decide the way of one message.

    Args:
        inbound: The message, as stored.
        question: The bot's newest question, answered or not; None if there is none.
        signal: The kind of the safety word found in the text, if any.
    """
    if inbound.choice is not None:
        chosen = _clicked(inbound.choice, question)
        return ToRasa(inbound.text, chosen.payload) if chosen else Passed()
    if inbound.too_long:
        return TooLong()
    written = _written(inbound.text, question)
    if written:
        return ToRasa(inbound.text, written.payload)
    if signal in _KEY_WORDS:
        return KeepKey(_KEY_WORDS[signal])
    return ToRasa(defuse(inbound.text))


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
