"""Guards: a second look at a message for each intent that must not be overlooked.

A guard is a binary classifier, this intent against all others, joined with how far the intent
classifier itself puts the intent above the rest. Its threshold is chosen on examples that the
scoring models had not seen. Joined they miss fewer than either alone (docs/understanding.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.linear import Floats, Linear, train_linear, unseen_scores
from bot.nlu.ranking import INTENT_OF_KIND, WATCHED

STRENGTH = 1.0
# Of messages with a word of danger and no higher joined score than this, six in seven are harmless;
# see docs/understanding.md.
SURELY_NOT = -1.5
OTHER, GUARDED = "0", "1"


@dataclass(frozen=True)
class Guard:
    """Looks for one intent.

    Attributes:
        intent: The guarded intent.
        linear: The binary classifier.
        threshold: From which joined score on a message counts as that intent.
    """

    intent: str
    linear: Linear
    threshold: float

    @classmethod
    def train(
        cls,
        intent: str,
        rows: csr_matrix,
        labels: Sequence[str],
        part: NDArray[np.intp],
        margins: Floats,
        false_alarms: float,
    ) -> Guard:
        """Learn an intent against all others.

        Args:
            intent: The intent to guard; some of the labels must be it.
            rows: One row an example.
            labels: The intent of each row.
            part: The rows on which the threshold is chosen, as places.
            margins: For each of those the intent's `margin` by a model that did not see it.
            false_alarms: The largest share of other examples that may be taken for it.
        """
        guarded = np.array([label == intent for label in labels])
        sides = [GUARDED if one else OTHER for one in guarded]
        unseen = unseen_scores(rows, sides, STRENGTH, part)
        lead = unseen.scores[:, 1] + margins
        threshold = choose_threshold(lead, guarded[part], false_alarms)
        return cls(intent, train_linear(rows, sides, STRENGTH, unseen), threshold)

    def join(self, rows: csr_matrix, margins: Floats) -> Floats:
        """How much speaks for the guarded intent, given the intent classifier's margins."""
        joined: Floats = self.linear.scores(rows)[:, 1] + margins
        return joined

    def save(self, folder: Path) -> None:
        """Store below a folder, named for the intent."""
        self.linear.save(folder / f"guard-{self.intent}.npz")
        np.save(folder / f"guard-{self.intent}.npy", np.array(self.threshold))

    @classmethod
    def load(cls, folder: Path, intent: str) -> Guard:
        """Read back what `save` stored."""
        threshold = float(np.load(folder / f"guard-{intent}.npy", allow_pickle=False))
        return cls(intent, Linear.load(folder / f"guard-{intent}.npz"), threshold)


def may_overrule(intent: str, likeliest: str) -> bool:
    """Tell whether the guard of an intent may overrule what the classifier takes for likeliest.

    That of danger may overrule everything. What is taken for another intent that must not be
    missed, the others leave alone.
    """
    return intent in (INTENT_OF_KIND["danger"], likeliest) or likeliest not in WATCHED


def denies(joined: Floats) -> NDArray[np.bool_]:
    """Which joined scores say that a message is surely not of the guarded intent."""
    surely: NDArray[np.bool_] = joined <= SURELY_NOT
    return surely


def margin(scores: Floats, column: int) -> Floats:
    """How far the scores of one class are above the best other class, for each row."""
    others: Floats = np.delete(scores, column, axis=1).max(axis=1)
    above: Floats = scores[:, column] - others
    return above


def choose_threshold(scores: NDArray[Any], guarded: NDArray[Any], false_alarms: float) -> float:
    """The lowest threshold that at most this share of the other examples reaches.

    Args:
        scores: One score an example, by models that had not seen it.
        guarded: Whether each example truly is of the guarded intent.
        false_alarms: The largest share of other examples that may reach the threshold.
    """
    others = np.sort(scores[~guarded])[::-1]
    allowed = int(false_alarms * len(others))
    lowest = float(scores[guarded].min())
    if allowed >= len(others):
        return lowest
    # Lower than every true one it need not be: that would only add false alarms.
    return max(float(np.nextafter(others[allowed], np.inf)), lowest)
