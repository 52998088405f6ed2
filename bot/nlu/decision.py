"""Which language a conversation goes on in: a pure rule, apart from the model that guesses.

A conversation never changes its language for one odd word, nor for names and numbers. It does
for a message of three words or more that is clearly in another language. Where two languages
are equally likely, the person is asked; the languages asked about are always some that are
spoken here, and after the answer the conversation's language is one of them, so that a message
in doubt between the same languages is never a reason to ask again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.safety import words

CLEAR_WORDS = 3
# "Salam" may be of many languages; more choices than these fit on no phone's buttons.
MOST_CHOICES = 3


@dataclass(frozen=True)
class Identified:
    """What the identifier thinks of one message.

    Attributes:
        code: The likeliest language, or None where the message tells nothing.
        confidence: How likely it is, 0 to 1.
        candidates: All languages that may be meant, the likeliest first.
        sure: Whether the first is far ahead of the second.
    """

    code: str | None
    confidence: float
    candidates: tuple[str, ...]
    sure: bool


@dataclass(frozen=True)
class Decision:
    """What follows for the conversation.

    Attributes:
        code: The language to answer in; None only if there is none yet and the message tells none.
        ask: Two or three languages to choose between, or None.
    """

    code: str | None
    ask: tuple[str, ...] | None = None


def decide(
    identified: Identified,
    current: str | None,
    text: str,
    offered: Collection[str] | None = None,
) -> Decision:
    """Decide the language of the answer.

    Args:
        identified: What the identifier thinks of the message.
        current: The conversation's language so far, or None at its first message.
        text: The message.
        offered: The languages that are spoken here; None if every one is.
    """
    if identified.code is None or identified.code == current:
        return Decision(current)
    doubtful = _doubtful(identified, offered)
    choices = doubtful if len(doubtful) > 1 else None
    if current is None:
        return Decision(doubtful[0] if doubtful else identified.code, choices)
    if spoken_words(text) < CLEAR_WORDS:
        return Decision(current)
    if identified.sure:
        return Decision(identified.code)
    return Decision(current, None if current in identified.candidates else choices)


def _doubtful(identified: Identified, offered: Collection[str] | None) -> tuple[str, ...]:
    """The languages on offer that an unclear message may be in, the likeliest first."""
    if identified.sure:
        return ()
    codes = (code for code in identified.candidates if offered is None or code in offered)
    return tuple(codes)[:MOST_CHOICES]


def spoken_words(text: str) -> int:
    """How many words of a text hold letters, not only digits."""
    return sum(1 for word in words(text) if not word.isdigit())
