"""A linear classifier: trained by scikit-learn, stored and served as plain arrays.

Confidences are calibrated by one temperature, found on scores for examples that the scoring
model had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.parallel import in_parallel

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
SEED = 20
PARTS = 4
# A tenth is as good as scikit-learn's own ten-thousandth (78.11 and 78.12 % of the examples in
# cross-validation), in two thirds of the time.
TOLERANCE = 0.1
# From so many entries on, the work takes longer than starting processes for it.
WORTH_PROCESSES = 1_000_000
# A thousandth is exact enough for a weight, and half of a model's size and of its memory.
STORED = np.float16


class Unseen(NamedTuple):
    """Scores by a model for rows that it did not see.

    Attributes:
        scores: One row an example, one column a class.
        numbers: Each example's true class, as its column.
    """

    scores: Floats
    numbers: NDArray[np.intp]


@dataclass(frozen=True)
class Linear:
    """Weights of a linear classifier.

    Attributes:
        classes: Names, in the order of the scores.
        weights: One row a feature, one column a class: the order in which they are read. In half
            precision; those that a text needs are made whole as they are needed.
        bias: One number a class.
        scale: What scores are multiplied by before they become confidences.
    """

    classes: tuple[str, ...]
    weights: Halves
    bias: Floats
    scale: float

    def scores(self, rows: csr_matrix) -> Floats:
        """Uncalibrated scores, one row a text, one column a class."""
        needed, columns = np.unique(rows.indices, return_inverse=True)
        some = csr_matrix((rows.data, columns, rows.indptr), (rows.shape[0], len(needed)))
        scores: Floats = np.asarray(some @ self.weights[needed].astype(np.float32)) + self.bias
        return scores

    def confidences(self, rows: csr_matrix) -> Floats:
        """Calibrated confidences; each row sums to one."""
        confidences: Floats = softmax(self.scores(rows) * self.scale, axis=1)
        return confidences

    def save(self, path: Path) -> None:
        """Store as one `.npz` file without pickles.

        Compressed here: Rasa's own packing takes over a minute for weights that are not.
        """
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            weights=self.weights,
            bias=self.bias,
            scale=np.array(self.scale),
        )

    @classmethod
    def load(cls, path: Path) -> Linear:
        """Read back what `save` stored."""
        with np.load(path, allow_pickle=False) as stored:
            classes = tuple(str(name) for name in stored["classes"])
            return cls(classes, stored["weights"], stored["bias"], float(stored["scale"]))


def train_linear(
    rows: csr_matrix,
    labels: Sequence[str],
    strength: float,
    unseen: Unseen | None = None,
) -> Linear:
    """Train on labelled rows; a class alone needs no training and always wins.

    Args:
        rows: One row an example.
        labels: The class of each row.
        strength: How closely the examples are followed (scikit-learn's C).
        unseen: What `unseen_scores` gave for a part of the same, if it was asked before.
    """
    classes = tuple(sorted(set(labels)))
    if len(classes) == 1:
        empty = np.zeros((rows.shape[1], 1), dtype=STORED)
        return Linear(classes, empty, np.zeros(1, dtype=np.float32), 1.0)
    model = _fit(rows, labels, strength)
    unseen = unseen or unseen_scores(rows, labels, strength, a_part(labels))
    return Linear(classes, model.weights, model.bias, _temperature(unseen))


def unseen_scores(
    rows: csr_matrix, labels: Sequence[str], strength: float, part: NDArray[np.intp]
) -> Unseen:
    """Scores for a part of the rows, by a model that saw all the others.

    Args:
        rows: One row an example.
        labels: The class of each row.
        strength: How closely the examples are followed (scikit-learn's C).
        part: Which rows to score, as places.
    """
    classes = sorted(set(labels))
    numbers = np.searchsorted(classes, labels)
    others = np.setdiff1d(np.arange(len(labels)), part)
    model = _fit(rows[others], [labels[index] for index in others], strength)
    # A class whose only examples are in the part was not learnt: nothing speaks for it.
    scores = np.full((len(part), len(classes)), -1.0, dtype=np.float32)
    scores[:, np.searchsorted(classes, model.classes)] = model.scores(rows[part])
    return Unseen(scores, numbers[part])


def a_part(labels: Sequence[str]) -> NDArray[np.intp]:
    """A quarter of the rows, as places, taken at random, the same share of every class."""
    numbers = np.unique(labels, return_inverse=True)[1]
    smallest = int(np.bincount(numbers).min())
    folds = StratifiedKFold(max(2, min(PARTS, smallest)), shuffle=True, random_state=SEED)
    part: NDArray[np.intp] = next(folds.split(numbers, numbers))[1]
    return part


def _fit(rows: csr_matrix, labels: Sequence[str], strength: float) -> Linear:
    """Each class against all others, weighted as `LinearSVC(class_weight="balanced")` does.

    It is asked class by class, so that all processors work: the same comes out with any number
    of them.
    """
    classes, counts = np.unique(labels, return_counts=True)
    balanced = len(labels) / (len(classes) * counts)
    exact, told = csr_matrix(rows, dtype=np.float64), np.asarray(labels)
    if len(classes) == 2:
        one, other = balanced
        side = _fit_class(exact, told == classes[1], strength, one, other)
        sides = [-side, side]
    else:
        parts = [
            (exact, told == name, strength, 1.0, weight)
            for name, weight in zip(classes, balanced, strict=True)
        ]
        sides = in_parallel(_fit_class, parts, worth=exact.nnz >= WORTH_PROCESSES)
    columns = np.column_stack(sides)
    bias = columns[-1].astype(np.float32)
    return Linear(tuple(map(str, classes)), columns[:-1], bias, 1.0)


def _fit_class(
    rows: csr_matrix, inside: NDArray[np.bool_], strength: float, outer: float, inner: float
) -> Halves:
    """Weights of one class, then its bias; others count `outer` times, its own `inner` times."""
    weights = {False: outer, True: inner}
    svm = LinearSVC(C=strength, class_weight=weights, random_state=SEED, tol=TOLERANCE)
    svm.fit(rows, inside)
    side: Halves = np.append(svm.coef_[0], svm.intercept_).astype(STORED)
    return side


def _temperature(unseen: Unseen) -> float:
    """The multiplier under which the true classes are most likely."""
    scores, numbers = unseen
    picked = np.arange(len(numbers))

    def loss(log_scale: float) -> float:
        return -float(log_softmax(scores * np.exp(log_scale), axis=1)[picked, numbers].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-1.0, 4.0), method="bounded").x))
