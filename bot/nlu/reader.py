"""The reader: a second opinion of the messages about which a guard is in doubt.

The guards count letters and words. Near their threshold a sentence encoder reads the message whole
(`bot.encoder`), and both voices decide together. It reads one message in a few, so the others do
not wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from bot.encoder.encoder import Encoder
from bot.nlu.linear import Floats
from bot.nlu.ranking import INTENT_OF_KIND

# How far from a guard's threshold a message is in doubt, and how much the reader's voice counts:
# chosen by cross-validation, see docs/understanding.md.
DOUBT = 1.5
VOICE = 0.35
# How much the likelihood of a wish for a person speaks against danger: who is in danger asks for
# somebody, and the answer to danger brings a person too.
BESIDE = 0.2
# How many messages are read together.
BATCH = 64


class Reader:
    """Reads messages by an encoder.

    Attributes:
        needs: For each intent of which it is asked, what it and the guard must reach together.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.needs: Mapping[str, float] = encoder.adapter.needs

    def read(self, texts: Sequence[str], wanted: NDArray[np.bool_]) -> dict[str, Floats]:
        """The intents' logarithmic odds for the wanted messages, zeros for the others.

        Args:
            texts: The messages.
            wanted: Which of them to read.

        Returns:
            For each intent that the encoder knows one number a message.
        """
        classes = self._encoder.adapter.classes
        rivals = rivals_of(classes)
        odds = np.zeros((len(texts), len(classes)), dtype=np.float32)
        # Texts of one length stand together, so that none is padded for long.
        places = sorted(np.flatnonzero(wanted), key=lambda place: len(texts[place]))
        for start in range(0, len(places), BATCH):
            some = places[start : start + BATCH]
            odds[some] = log_odds(self._encoder.scores([texts[place] for place in some]), rivals)
        return dict(zip(classes, odds.T, strict=True))

    def finds(self, intent: str, text: str) -> bool:
        """Whether it holds an intent, one of those that it knows, for likelier than not."""
        return bool(self.read([text], np.array([True]))[intent][0] > 0)


def rivals_of(classes: Sequence[str]) -> Floats:
    """How much each intent (a column) speaks against each intent (a row)."""
    rivals = 1 - np.eye(len(classes), dtype=np.float32)
    danger, person = INTENT_OF_KIND["danger"], INTENT_OF_KIND["human"]
    if danger in classes and person in classes:
        rivals[classes.index(danger), classes.index(person)] = BESIDE
    return rivals


def log_odds(scores: Floats, rivals: Floats) -> Floats:
    """For each intent the logarithm of how likely it is against the others together.

    Args:
        scores: One row a message, one column an intent.
        rivals: What `rivals_of` gives for the intents.
    """
    against = [logsumexp(scores, axis=1, b=weights) for weights in rivals]
    odds: Floats = scores - np.column_stack(against)
    return odds


def in_doubt(above: Floats) -> NDArray[np.bool_]:
    """Which messages are so near a guard's threshold that the reader is asked.

    Args:
        above: How far each message's score is above the threshold.
    """
    doubtful: NDArray[np.bool_] = np.abs(above) <= DOUBT
    return doubtful


def weigh(above: Floats, odds: Floats, need: float) -> Floats:
    """How far messages are above a guard's threshold once the reader has been heard.

    Args:
        above: How far they are by the guard alone.
        odds: What the reader says of the guarded intent.
        need: What both voices together must reach where the guard is in doubt.
    """
    heard: Floats = np.where(in_doubt(above), above + VOICE * odds - need, above)
    return heard


@lru_cache(maxsize=1)
def reader() -> Reader:
    """The reader, loaded when it is asked for first."""
    loaded = Reader(Encoder.load())
    # The first time is slow: nobody's message waits for it.
    loaded.read(["?"], np.array([True]))
    return loaded
