"""The tuner: teaches an adapter by examples; the encoder's own weights stay as they are.

Two processors take 20 to 30 ms an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.encoder.adapter import SEED, Adapter
from bot.encoder.encoder import LONGEST, STRETCH
from bot.encoder.network import Network
from bot.encoder.packed import Packed
from bot.encoder.pieces import Pieces
from bot.errors import ConfigError

BATCH = 64
# Batches that are sorted by length together, so that few places are empty.
SORTED = 50
# Steps until the highest rate is reached; from there it falls evenly to a fiftieth of it.
WARMING, LAST = 100, 0.02
# How many of a vector's numbers are hidden while it learns.
HIDDEN = 0.1
# Adam's settings, and how long all gradients together may be.
FIRST, SECOND, TINY, CLIP = 0.9, 0.999, 1e-8, 1.0
TOLD = 100


class Tuner:
    """An encoder whose adapter learns."""

    def __init__(self, packed: Packed, start: Adapter) -> None:
        """Begin with what was learnt before, or with `Adapter.unlearnt`."""
        import tensorflow as tf

        self._tf, self._pieces, self._classes = tf, Pieces(packed), start.classes
        self._random = np.random.default_rng(SEED)
        self._narrow = {
            name: (tf.Variable(first), tf.Variable(second))
            for name, (first, second) in start.narrow.items()
        }
        self._network = Network(packed, learning=self._narrow)
        self._head, self._bias = tf.Variable(start.head), tf.Variable(start.bias)
        self._learning = [one for pair in self._narrow.values() for one in pair]
        self._learning += [self._head, self._bias]
        self._means = [tf.Variable(tf.zeros_like(one)) for one in self._learning]
        self._spreads = [tf.Variable(tf.zeros_like(one)) for one in self._learning]
        shape = [tf.TensorSpec((None, None, packed.sizes.width)), tf.TensorSpec((None, None))]
        shape += [tf.TensorSpec((None,), tf.int32), tf.TensorSpec(()), tf.TensorSpec(())]
        self._step = tf.function(self._learn, shape, autograph=False)

    def tune(self, texts: Sequence[str], intents: Sequence[str], rate: float) -> Iterator[float]:
        """Learn from every example once; give the mean loss of each hundred steps.

        Args:
            texts: The messages.
            intents: The intent of each.
            rate: The highest learning rate.

        Raises:
            ConfigError: The adapter began without one of the intents.
        """
        if unknown := set(intents) - set(self._classes):
            raise ConfigError(f"the adapter does not know {sorted(unknown)}: remove it, begin anew")
        numbers = [self._pieces.numbers(text, LONGEST) for text in texts]
        labels = np.searchsorted(self._classes, intents).astype(np.int32)
        batches, losses = self._batches(numbers), []
        for count, places in enumerate(batches, 1):
            falling = max(LAST, 1.0 - count / len(batches)) * min(1.0, count / WARMING)
            states, mask = self._network.padded([numbers[place] for place in places])
            loss = self._step(states, mask, labels[places], rate * falling, float(count))
            losses.append(float(loss))
            if count % TOLD == 0 or count == len(batches):
                yield sum(losses) / len(losses)
                losses.clear()

    def adapter(self, kept: NDArray[np.uint64]) -> Adapter:
        """What was learnt so far.

        Args:
            kept: Digests of the examples that were kept back.
        """
        narrow = {
            name: (first.numpy(), second.numpy()) for name, (first, second) in self._narrow.items()
        }
        return Adapter(narrow, self._classes, self._head.numpy(), self._bias.numpy(), kept)

    def _batches(self, numbers: Sequence[Sequence[int]]) -> list[NDArray[np.intp]]:
        """Places of the examples in random order, those of a batch of about one length."""
        drawn = self._random.permutation(len(numbers))
        batches: list[NDArray[np.intp]] = []
        for start in range(0, len(drawn), BATCH * SORTED):
            some = drawn[start : start + BATCH * SORTED]
            some = some[np.argsort([len(numbers[place]) for place in some], kind="stable")]
            batches += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        return [batches[place] for place in self._random.permutation(len(batches))]

    def _learn(self, states: Any, mask: Any, labels: Any, rate: Any, count: Any) -> Any:
        """One step of Adam (arXiv 1412.6980)."""
        tf = self._tf
        with tf.GradientTape() as tape:
            vectors = tf.nn.dropout(self._network.vectors(states, mask), HIDDEN)
            scores = STRETCH * vectors @ self._head + self._bias
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores)
            loss = tf.reduce_mean(losses)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, self._learning), CLIP)
        for one, gradient, mean, spread in zip(
            self._learning, gradients, self._means, self._spreads, strict=True
        ):
            mean.assign(FIRST * mean + (1 - FIRST) * gradient)
            spread.assign(SECOND * spread + (1 - SECOND) * gradient**2)
            steady = tf.sqrt(spread / (1 - SECOND**count)) + TINY
            one.assign_sub(rate * mean / (1 - FIRST**count) / steady)
        return loss
