"""Text as numbers of pieces: the likeliest way to cut it, as SentencePiece's unigram model does."""

from __future__ import annotations

import re

from bot.encoder.packed import Packed
from bot.vocabulary import UNKNOWN

# A space, as pieces have it.
SPACE = "▁"
SPACES = re.compile(f"[ {SPACE}]+")
# Of a character that no piece has, less than of the rarest piece (SentencePiece's own penalty).
PENALTY = 10.0
# Longer pieces are lines and dots.
LONGEST = 16


class Pieces:
    """Cuts texts into the pieces of one packed encoder."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._unknown = float(packed.likely.min()) - PENALTY

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers of a text's pieces between the first and the last one, `most` altogether."""
        replaced = text.translate(self._packed.replacements).strip()
        spaced = SPACE + SPACES.sub(SPACE, replaced)
        # No piece of those that are kept begins behind this.
        inner = self._cut(spaced[: most * LONGEST])[: most - 2]
        return [self._packed.first, *inner, self._packed.last]

    def _cut(self, text: str) -> list[int]:
        """The best cut of each beginning of the text leads to that of the whole (Viterbi)."""
        spans = [
            (start, end)
            for start in range(len(text))
            for end in range(start + 1, min(len(text), start + LONGEST) + 1)
        ]
        found = self._packed.pieces.find([text[start:end] for start, end in spans])
        # For each place in the text: the best score up to it, the last piece and where that began.
        best = [(0.0, 0, 0)] + [(float("-inf"), 0, 0)] * len(text)
        for (start, end), place in zip(spans, found.tolist(), strict=True):
            if place == UNKNOWN and end > start + 1:
                continue
            number, likely = self._of(place)
            if best[start][0] + likely > best[end][0]:
                best[end] = (best[start][0] + likely, number, start)
        numbers, end = [], len(text)
        while end:
            _, number, end = best[end]
            numbers.append(number)
        return numbers[::-1]

    def _of(self, place: int) -> tuple[int, float]:
        """Number and likelihood of a piece by its place in the vocabulary."""
        if place == UNKNOWN:
            return self._packed.unknown, self._unknown
        return int(self._packed.numbers[place]), float(self._packed.likely[place])
