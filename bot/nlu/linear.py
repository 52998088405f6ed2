"""A linear classifier: trained by scikit-learn, stored and served as plain arrays.

Confidences are calibrated by one temperature, found on scores for examples that the scoring
model had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

Floats = NDArray[np.float32]
Unseen = tuple[Floats, NDArray[np.intp]]
SEED = 20
FOLDS = 4


@dataclass(frozen=True)
class Linear:
    """Weights of a linear classifier.

    Attributes:
        classes: Names, in the order of the scores.
        weights: One row a feature, one column a class: the order in which they are read.
        bias: One number a class.
        scale: What scores are multiplied by before they become confidences.
    """

    classes: tuple[str, ...]
    weights: Floats
    bias: Floats
    scale: float

    def scores(self, rows: csr_matrix) -> Floats:
        """Uncalibrated scores, one row a text, one column a class."""
        scores: Floats = np.asarray(rows @ self.weights) + self.bias
        return scores

    def confidences(self, rows: csr_matrix) -> Floats:
        """Calibrated confidences; each row sums to one."""
        confidences: Floats = softmax(self.scores(rows) * self.scale, axis=1)
        return confidences

    def save(self, path: Path) -> None:
        """Store as one `.npz` file without pickles."""
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
        unseen: What `unseen_scores` gave for the same, if it was asked before.
    """
    classes = tuple(sorted(set(labels)))
    if len(classes) == 1:
        empty = np.zeros((rows.shape[1], 1), dtype=np.float32)
        return Linear(classes, empty, np.zeros(1, dtype=np.float32), 1.0)
    model = _fit(rows, labels, strength)
    scale = _temperature(*(unseen or unseen_scores(rows, labels, strength)))
    return Linear(classes, model.weights, model.bias, scale)


def unseen_scores(
    rows: csr_matrix,
    labels: Sequence[str],
    strength: float,
    parts: NDArray[np.intp] | None = None,
) -> Unseen:
    """Scores by models that did not see the row, and each row's class as a number.

    Rows of classes with fewer examples than folds are scored by models that saw none of theirs
    or some; they are too few to matter.

    Args:
        rows: One row an example.
        labels: The class of each row.
        strength: How closely the examples are followed (scikit-learn's C).
        parts: For each row the part that is left out together with it; None: taken at random.
    """
    classes = sorted(set(labels))
    numbers = np.searchsorted(classes, labels)
    scores = np.full((len(labels), len(classes)), -1.0, dtype=np.float32)
    parts = _random_parts(numbers) if parts is None else parts
    for part in np.unique(parts):
        seen, unseen = np.flatnonzero(parts != part), np.flatnonzero(parts == part)
        model = _fit(rows[seen], [labels[index] for index in seen], strength)
        columns = np.searchsorted(classes, model.classes)
        scores[np.ix_(unseen, columns)] = model.scores(rows[unseen])
    return scores, numbers


def _random_parts(numbers: NDArray[np.intp]) -> NDArray[np.intp]:
    """A part for each row, every class spread evenly over the parts."""
    smallest = int(np.bincount(numbers).min())
    folds = StratifiedKFold(max(2, min(FOLDS, smallest)), shuffle=True, random_state=SEED)
    parts = np.zeros(len(numbers), dtype=np.intp)
    for part, (_, unseen) in enumerate(folds.split(numbers, numbers)):
        parts[unseen] = part
    return parts


def _fit(rows: csr_matrix, labels: Sequence[str], strength: float) -> Linear:
    svm = LinearSVC(C=strength, class_weight="balanced", random_state=SEED)
    svm.fit(rows, labels)
    weights = svm.coef_.astype(np.float32)
    bias = svm.intercept_.astype(np.float32)
    if len(svm.classes_) == 2:
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    classes = tuple(str(name) for name in svm.classes_)
    return Linear(classes, np.ascontiguousarray(weights.T), bias, 1.0)


def _temperature(scores: Floats, numbers: NDArray[np.intp]) -> float:
    """The multiplier under which the true classes are most likely."""
    picked = np.arange(len(numbers))

    def loss(log_scale: float) -> float:
        return -float(log_softmax(scores * np.exp(log_scale), axis=1)[picked, numbers].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-1.0, 4.0), method="bounded").x))
