"""Names of what our components leave on a Rasa message for one another and for the dialogue."""

from __future__ import annotations

from typing import Any

# Read by the dialogue: {"code", "confidence", "candidates", "sure", "decided", "ask"}.
LANGUAGE = "language"
# Read by the dialogue: the kind that `bot.safety` or the guard found, such as "danger".
SAFETY = "safety"
# For the evaluation: the intent that the classifier alone took a message for.
CLASSIFIED = "classified"
# Between our components only: whether the guard is sure that there is no danger.
HARMLESS = "harmless"
# Between our components only: the folded text and where its characters came from.
FOLDED = "folded"
FOLDED_STARTS = "folded_starts"
FOLDED_ENDS = "folded_ends"

# What a lookup's name and its language are joined by inside the training data.
LANGUAGE_SEPARATOR = "/"


def stamped(code: str) -> dict[str, Any]:
    """The language of a training example: known, not guessed."""
    return {"code": code, "confidence": 1.0, "candidates": [code], "sure": True}


def is_payload(text: str | None) -> bool:
    """Whether a text is a payload such as `/inform{...}`, which Rasa itself reads."""
    return bool(text) and str(text).lstrip().startswith("/")
