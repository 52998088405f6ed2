"""Which language a conversation goes on in: a pure rule, apart from the model that guesses.

A conversation never changes its language for one odd word, nor for names and numbers. It does
for a message of three words or more that is clearly in another language. Where two languages
are equally likely, the person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.safety import words

CLEAR_WORDS = 3


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
        ask: Two languages to choose between, or None.
    """

    code: str | None
    ask: tuple[str, ...] | None = None


def decide(identified: Identified, current: str | None, text: str) -> Decision:
    """Decide the language of the answer.

    Args:
        identified: What the identifier thinks of the message.
        current: The conversation's language so far, or None at its first message.
        text: The message.
    """
    if identified.code is None or identified.code == current:
        return Decision(current)
    doubtful = () if identified.sure else identified.candidates[:2]
    if current is None:
        return Decision(identified.code, doubtful if len(doubtful) == 2 else None)
    if spoken_words(text) < CLEAR_WORDS:
        return Decision(current)
    if identified.sure:
        return Decision(identified.code)
    asks = len(doubtful) == 2 and current not in identified.candidates
    return Decision(current, doubtful if asks else None)


def spoken_words(text: str) -> int:
    """How many words of a text hold letters, not only digits."""
    return sum(1 for word in words(text) if not word.isdigit())
