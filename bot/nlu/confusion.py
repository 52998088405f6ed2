"""Pictures of which intents are taken for which: one square a pair, darker the more often."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("agg")

from matplotlib import pyplot as plt  # noqa: E402 (after the choice of a backend without a screen)

INCHES, DOTS_PER_INCH = 12, 110


def draw(title: str, told: Sequence[str], understood: Sequence[str], file: Path) -> None:
    """Draw as PNG which intents were understood as which.

    Each row is an intent and adds up to one; the numbers in the squares count messages.

    Args:
        title: What stands above.
        told: The true intent of each message.
        understood: What each was understood as.
        file: Where the picture goes.
    """
    names = sorted({*told, *understood})
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (np.searchsorted(names, told), np.searchsorted(names, understood)), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(INCHES, INCHES), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        colour = "white" if shares[row, column] > 0.5 else "black"  # noqa: PLR2004
        axes.text(column, row, counts[row, column], ha="center", va="center", color=colour, size=7)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set(title=title, xlabel="understood as", ylabel="intent")
    figure.savefig(file, dpi=DOTS_PER_INCH)
    plt.close(figure)
