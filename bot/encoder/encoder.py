"""The encoder in use: from texts to a score for each intent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.encoder.adapter import Adapter
from bot.encoder.network import Network
from bot.encoder.packed import Floats, Packed, packed_file
from bot.encoder.pieces import Pieces

# How many pieces of a text are read: more than the longest of a thousand messages has.
LONGEST = 96
# How much a text's vector is stretched before the intents' weights.
STRETCH = 2.0


class Encoder:
    """A packed encoder with an adapter.

    Attributes:
        adapter: The adapter.
    """

    def __init__(self, packed: Packed, adapter: Adapter) -> None:
        import tensorflow as tf

        self.adapter, self._pieces = adapter, Pieces(packed)
        self._network = Network(packed, added=adapter.narrow)
        shape = [tf.TensorSpec((None, None, packed.sizes.width)), tf.TensorSpec((None, None))]
        self._vectors = tf.function(self._network.vectors, shape, autograph=False)

    @classmethod
    def load(cls) -> Encoder:
        """The encoder of the wheel with our adapter."""
        return cls(Packed(packed_file()), Adapter.load())

    def vectors(self, texts: Sequence[str]) -> Floats:
        """What the network makes of texts: one row each."""
        numbers = [self._pieces.numbers(text, LONGEST) for text in texts]
        vectors: Floats = self._vectors(*self._network.padded(numbers)).numpy()
        return vectors

    def scores(self, texts: Sequence[str]) -> Floats:
        """A score for each intent, uncalibrated.

        Returns:
            One row a text, one column an intent in the order of the adapter's `classes`.
        """
        scores: Floats = STRETCH * self.vectors(texts) @ self.adapter.head + self.adapter.bias
        return scores
