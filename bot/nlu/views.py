"""Views of a message for the classifiers: words, letters, what was found, sounds and gist."""

from __future__ import annotations

from typing import Any, NamedTuple

from rasa.shared.nlu.constants import ENTITIES, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.gist import gist
from bot.nlu.normaliser import folded
from bot.nlu.sounds import sounds

# Facts whose value says nothing about the intent: only that there is one.
ANY_VALUE = frozenset({"number", "date", "ago", "country", "month", "language"})
QUESTION_MARK = "?"


class Views(NamedTuple):
    """One message seen in five ways; each is a text for some kinds of n-grams."""

    words: str
    letters: str
    signs: str
    sounds: str
    gist: str


def views(message: Message) -> Views:
    """The views of a message that the tokenizer has read."""
    text = folded(message).text
    tokens, entities = message.get(TEXT_TOKENS) or [], message.get(ENTITIES) or []
    return Views(
        words=" ".join(token.text for token in tokens),
        letters=text,
        signs=" ".join(_signs(entities, text, len(tokens))),
        sounds=sounds(text),
        gist=gist(tokens, entities),
    )


def _signs(entities: list[dict[str, Any]], text: str, words: int) -> list[str]:
    """Signs that are the same in every language: facts found, length, a question mark."""
    signs = [entity["entity"] for entity in entities]
    signs += [
        f"{entity['entity']}={entity['value']}"
        for entity in entities
        if entity["entity"] not in ANY_VALUE
    ]
    signs.append(f"length:{_length(words)}")
    signs.append(f"facts:{min(len(entities), 4)}")
    if QUESTION_MARK in text:
        signs.append("question")
    return signs


def _length(count: int) -> int:
    """The length in classes: 1, 2, 3, 5, 8, 13 or more words."""
    return max(step for step in (0, 1, 2, 3, 5, 8, 13) if step <= count)
