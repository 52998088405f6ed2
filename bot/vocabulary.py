"""A vocabulary: very many words, each found by a digest of its letters, in little memory.

A dictionary of a million words takes some 160 megabytes, their digests eight. Of 64 bits two
of a million words have the same with one chance in forty million.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

BYTES = 8
UNKNOWN = -1


class Vocabulary:
    """Words, numbered in the order of their digests.

    Attributes:
        digests: The words' digests, rising.
    """

    def __init__(self, digests: NDArray[np.uint64]) -> None:
        self.digests = digests

    def __len__(self) -> int:
        return len(self.digests)

    def find(self, words: Sequence[str]) -> NDArray[np.intp]:
        """The number of each word; `UNKNOWN` for one that is not here."""
        if not len(self.digests):
            return np.full(len(words), UNKNOWN)
        wanted = digests_of(words)
        places = np.minimum(np.searchsorted(self.digests, wanted), len(self.digests) - 1)
        numbers: NDArray[np.intp] = np.where(self.digests[places] == wanted, places, UNKNOWN)
        return numbers


def digests_of(words: Sequence[str]) -> NDArray[np.uint64]:
    """A number of 64 bits for each word, the same in every process and on every machine."""
    joined = b"".join(
        blake2b(word.encode("utf-8", "surrogatepass"), digest_size=BYTES).digest() for word in words
    )
    digests: NDArray[np.uint64] = np.frombuffer(joined, "<u8")
    return digests
