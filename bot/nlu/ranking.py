"""Intents and their confidences in Rasa's form."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.safety import Kind

LONGEST = 10
# Below one half, so that no other intent competes with one that is certain.
RUNNER_UP = 0.49
INTENT_OF_KIND: dict[Kind, str] = {
    "danger": "report_danger",
    "human": "request_human",
    "delete": "delete_my_data",
    "language": "change_language",
    "menu": "ask_menu",
}
# The intents that must not be missed.
WATCHED = ("report_danger", "request_human", "delete_my_data", "change_language")
KIND_OF_INTENT: dict[str, Kind] = {intent: kind for kind, intent in INTENT_OF_KIND.items()}


def set_ranking(message: Message, guesses: Iterable[tuple[str, float]]) -> None:
    """Set a message's intent and the best ten guesses, the likeliest first."""
    ranked = sorted(guesses, key=lambda guess: (-guess[1], guess[0]))[:LONGEST]
    ranking = [{"name": name, "confidence": float(confidence)} for name, confidence in ranked]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def set_no_intent(message: Message) -> None:
    """Leave a message without an intent: whoever reads it next decides."""
    message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [], add_to_output=True)


def put_first(message: Message, intent: str) -> None:
    """Make an intent certain; what was guessed before stands behind it."""
    before = message.get(INTENT_RANKING_KEY) or []
    behind = [
        (guess["name"], min(guess["confidence"], RUNNER_UP))
        for guess in before
        if guess["name"] != intent
    ]
    set_ranking(message, [(intent, 1.0), *behind])
