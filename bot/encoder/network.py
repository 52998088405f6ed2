"""The network: twelve layers of attention over the pieces of texts, with an adapter beside them.

Transformer layers as in BERT (arXiv 1810.04805); the adapter as in LoRA (arXiv 2106.09685). It is
written in TensorFlow, which Rasa brings: the same code learns and serves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bot.encoder.packed import Floats, Packed

# What the product of the adapter's two narrow matrices is multiplied by.
SCALE = 2.0
# Names of a layer's matrices in the packed file: what is compared, with what, what is taken over,
# what becomes of it; then the two of the inner network.
QUERY, KEY, VALUE, OUT, WIDEN, NARROW = "q", "k", "v", "ao", "fi", "fo"
# The layer normalisations: after the words, and twice in each layer.
FIRST_NORM, NORMS = "emb.ln", ("aln", "oln")
FAR = -1e9


class Network:
    """A packed encoder with an adapter: added to its matrices, or beside them while it learns."""

    def __init__(
        self,
        packed: Packed,
        added: Mapping[str, tuple[Floats, Floats]] | None = None,
        learning: Mapping[str, tuple[Any, Any]] | None = None,
    ) -> None:
        """Unpack the matrices.

        Args:
            packed: The encoder.
            added: For each matrix, by its name, two narrow ones whose product is added to it.
            learning: The same as variables, which stand beside the matrices.
        """
        import tensorflow as tf

        self._tf, self._packed, self._learning = tf, packed, learning or {}
        self._matrices = {
            name: tf.constant(_matrix(packed, name, entering, (added or {}).get(name)))
            for name, (entering, _) in shapes(packed).items()
        }
        self._biases = {name: tf.constant(packed.vector(f"{name}.b")) for name in self._matrices}
        layers = [f"l{layer}.{norm}" for layer in range(packed.sizes.layers) for norm in NORMS]
        self._norms = {
            name: [tf.constant(packed.vector(f"{name}.{side}")) for side in "wb"]
            for name in (FIRST_NORM, *layers)
        }

    def padded(self, numbers: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        """Texts of one length.

        Args:
            numbers: The pieces of each text.

        Returns:
            A vector for each piece of each text, and a mask: one where there is a piece.
        """
        width, longest = self._packed.sizes.width, max(map(len, numbers))
        states = np.zeros((len(numbers), longest, width), np.float32)
        mask = np.zeros((len(numbers), longest), np.float32)
        for row, some in enumerate(numbers):
            states[row, : len(some)] = self._packed.matrix("emb.word", width, some)
            mask[row, : len(some)] = 1.0
        places = self._packed.vector("emb.pos").reshape(-1, width)[:longest]
        return states + places + self._packed.vector("emb.type")[:width], mask

    def vectors(self, states: Any, mask: Any) -> Any:
        """The mean of what the last layer makes of each text's pieces: one row a text."""
        tf, sizes = self._tf, self._packed.sizes
        count, length = tf.shape(states)[0], tf.shape(states)[1]
        nowhere = (1.0 - mask)[:, None, None, :] * FAR

        def heads(flat: Any) -> Any:
            split = tf.reshape(flat, (count, length, sizes.heads, sizes.width // sizes.heads))
            return tf.transpose(split, (0, 2, 1, 3))

        flat = tf.reshape(self._normal(FIRST_NORM, states), (-1, sizes.width))
        for layer in (f"l{number}" for number in range(sizes.layers)):
            query, key, value = (
                heads(self._linear(f"{layer}.{kind}", flat)) for kind in (QUERY, KEY, VALUE)
            )
            near = tf.matmul(query, key, transpose_b=True) / math.sqrt(sizes.width // sizes.heads)
            taken = tf.transpose(tf.matmul(tf.nn.softmax(near + nowhere), value), (0, 2, 1, 3))
            attended = self._linear(f"{layer}.{OUT}", tf.reshape(taken, (-1, sizes.width)))
            flat = self._normal(f"{layer}.{NORMS[0]}", flat + attended)
            inner = tf.nn.gelu(self._linear(f"{layer}.{WIDEN}", flat), approximate=True)
            flat = self._normal(
                f"{layer}.{NORMS[1]}", flat + self._linear(f"{layer}.{NARROW}", inner)
            )
        shown = tf.reshape(flat, (count, length, sizes.width)) * mask[:, :, None]
        return tf.reduce_sum(shown, axis=1) / tf.reduce_sum(mask, axis=1, keepdims=True)

    def _linear(self, name: str, flat: Any) -> Any:
        product = self._tf.matmul(flat, self._matrices[name]) + self._biases[name]
        if name not in self._learning:
            return product
        first, second = self._learning[name]
        return product + SCALE * self._tf.matmul(self._tf.matmul(flat, first), second)

    def _normal(self, name: str, flat: Any) -> Any:
        tf, (weight, bias) = self._tf, self._norms[name]
        mean, spread = tf.nn.moments(flat, -1, keepdims=True)
        return (flat - mean) * tf.math.rsqrt(spread + self._packed.epsilon) * weight + bias


def _matrix(
    packed: Packed, name: str, entering: int, added: tuple[Floats, Floats] | None
) -> Floats:
    """A matrix with as many rows as numbers enter, and what an adapter adds to it."""
    matrix: Floats = np.ascontiguousarray(packed.matrix(f"{name}.w", entering).T)
    if added:
        matrix += SCALE * added[0] @ added[1]
    return matrix


def shapes(packed: Packed) -> dict[str, tuple[int, int]]:
    """For each matrix of each layer how many numbers enter it and how many leave."""
    width, inner = packed.sizes.width, packed.sizes.inner
    kinds = dict.fromkeys((QUERY, KEY, VALUE, OUT), (width, width))
    kinds |= {WIDEN: (width, inner), NARROW: (inner, width)}
    return {
        f"l{layer}.{kind}": shape
        for layer in range(packed.sizes.layers)
        for kind, shape in kinds.items()
    }
