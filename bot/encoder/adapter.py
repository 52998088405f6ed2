"""The adapter: what training added to the encoder, and the weights that make intents of it.

Beside each matrix of the encoder stand two narrow ones (LoRA, arXiv 2106.09685): a fiftieth of the
numbers of the encoder itself, so they can be kept with the code.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.encoder.network import shapes
from bot.encoder.packed import Floats, Packed

FILE = Path(__file__).with_name("adapter.npz")
# How narrow the matrices are.
RANK = 16
STORED = np.float16
SEED = 20


@dataclass(frozen=True)
class Adapter:
    """What was learnt.

    Attributes:
        narrow: For each matrix of the encoder, by its name, two narrow ones.
        classes: Names of the intents, in the order of the head's columns.
        head: One row a number of a text's vector, one column an intent.
        bias: One number an intent.
        kept: Digests of the examples that it was not shown, as `bot.vocabulary` makes them.
        needs: For each guarded intent what guard and reader must reach together. Like `kept` it is
            for the guards' sake (see `bot.nlu.tune`): one file has all that was chosen together.
    """

    narrow: Mapping[str, tuple[Floats, Floats]]
    classes: tuple[str, ...]
    head: Floats
    bias: Floats
    kept: NDArray[np.uint64]
    needs: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def unlearnt(cls, packed: Packed, classes: Sequence[str]) -> Adapter:
        """An adapter of small random numbers beside zeros: it changes nothing yet."""
        random = np.random.default_rng(SEED)
        narrow = {
            name: (
                (random.normal(size=(entering, RANK)) / math.sqrt(entering)).astype(np.float32),
                np.zeros((RANK, leaving), np.float32),
            )
            for name, (entering, leaving) in shapes(packed).items()
        }
        head = (random.normal(size=(packed.sizes.width, len(classes))) / 50).astype(np.float32)
        bias = np.zeros(len(classes), np.float32)
        return cls(narrow, tuple(classes), head, bias, np.zeros(0, np.uint64))

    @classmethod
    def mean(cls, adapters: Sequence[Adapter]) -> Adapter:
        """The mean of adapters that were taught one from another.

        It says about what all of them together would (arXiv 2203.05482), for the work of one.

        Raises:
            ValueError: They know other intents or were not shown other examples.
        """
        last = adapters[-1]
        for one in adapters:
            if one.classes != last.classes or not np.array_equal(one.kept, last.kept):
                raise ValueError("the adapters were not taught one from another")
        narrow = {
            name: (_mean([one.narrow[name][0] for one in adapters]),
                   _mean([one.narrow[name][1] for one in adapters]))
            for name in last.narrow
        }  # fmt: skip
        head = _mean([one.head for one in adapters])
        return replace(last, narrow=narrow, head=head, bias=_mean([one.bias for one in adapters]))

    def save(self, path: Path = FILE) -> None:
        """Store as one `.npz` file without pickles."""
        narrow = {
            f"{name}:{side}": matrix.astype(STORED)
            for name, pair in self.narrow.items()
            for side, matrix in enumerate(pair)
        }
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            head=self.head.astype(STORED),
            bias=self.bias,
            kept=self.kept,
            needs=np.array(list(self.needs.values()), dtype=np.float64),
            needy=np.array(list(self.needs), dtype=np.str_),
            **narrow,
        )

    @classmethod
    def load(cls, path: Path = FILE) -> Adapter:
        """Read back what `save` stored."""
        with np.load(path, allow_pickle=False) as stored:
            names = sorted({key.split(":")[0] for key in stored.files if ":" in key})
            narrow = {
                name: (
                    stored[f"{name}:0"].astype(np.float32),
                    stored[f"{name}:1"].astype(np.float32),
                )
                for name in names
            }
            return cls(
                narrow=narrow,
                classes=tuple(map(str, stored["classes"])),
                head=stored["head"].astype(np.float32),
                bias=stored["bias"],
                kept=stored["kept"],
                needs=dict(
                    zip(map(str, stored["needy"]), map(float, stored["needs"]), strict=True)
                ),
            )


def _mean(matrices: Sequence[Floats]) -> Floats:
    mean: Floats = np.mean(matrices, axis=0, dtype=np.float32)
    return mean
