"""Views of a message for the classifiers: words, letters, what was found in it, and sounds."""

from __future__ import annotations

from typing import NamedTuple

from rasa.shared.nlu.constants import ENTITIES, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normaliser import folded
from bot.nlu.sounds import sounds

# Facts whose value says nothing about the intent: only that there is one.
ANY_VALUE = frozenset({"number", "date", "ago", "country", "month", "language"})
QUESTION_MARK = "?"


class Views(NamedTuple):
    """One message seen in four ways; each is a text for one kind of n-gram."""

    words: str
    letters: str
    signs: str
    sounds: str


def views(message: Message) -> Views:
    """The views of a message that the tokenizer has read."""
    text = folded(message).text
    tokens = [token.text for token in message.get(TEXT_TOKENS) or []]
    signs = " ".join(_signs(message, text, tokens))
    return Views(" ".join(tokens), text, signs, sounds(text))


def _signs(message: Message, text: str, tokens: list[str]) -> list[str]:
    """Signs that are the same in every language: facts found, length, a question mark."""
    entities = message.get(ENTITIES) or []
    signs = [entity["entity"] for entity in entities]
    signs += [
        f"{entity['entity']}={entity['value']}"
        for entity in entities
        if entity["entity"] not in ANY_VALUE
    ]
    signs.append(f"length:{_length(len(tokens))}")
    signs.append(f"facts:{min(len(entities), 4)}")
    if QUESTION_MARK in text:
        signs.append("question")
    return signs


def _length(count: int) -> int:
    """The length in classes: 1, 2, 3, 5, 8, 13 or more words."""
    return max(step for step in (0, 1, 2, 3, 5, 8, 13) if step <= count)
