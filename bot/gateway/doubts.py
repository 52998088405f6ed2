"""Doubts: which messages the bot was unsure of, masked, for staff who teach it."""

from __future__ import annotations

from bot.conversations.masking import Masking
from bot.conversations.turn import Turn
from bot.store.misunderstandings import Unsure

UNSURE_BELOW = 0.7
"""The confidence below which staff should look: 3 % of the English held-out messages, of which
every third was understood wrongly."""
_NOT_UNDERSTOOD = frozenset({"nlu_fallback", "out_of_scope"})


class Doubts:
    """Finds what the bot was unsure of.

    Args:
        masking: Takes out what could lead to a person, before anything is stored.
    """

    def __init__(self, masking: Masking) -> None:
        self._masking = masking

    def of(self, text: str, turn: Turn, language: str | None) -> Unsure | None:
        """Give the masked message if the turn shows doubt; None if it does not."""
        guessed = turn.confidence is not None and turn.confidence < UNSURE_BELOW
        if turn.intent not in _NOT_UNDERSTOOD and not guessed:
            return None
        return Unsure(self._masking.mask(text), language, turn.intent, turn.confidence)
