"""Text as numbers of pieces: the likeliest way to cut it, as SentencePiece's unigram model does."""

from __future__ import annotations

import re

from bot.encoder.packed import Packed

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
        self._unknown = min(score for _, score in packed.pieces.values()) - PENALTY

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers of a text's pieces between the first and the last one, `most` altogether."""
        replaced = text.translate(self._packed.replacements).strip()
        inner = self._cut(SPACE + SPACES.sub(SPACE, replaced))[: most - 2]
        return [self._packed.first, *inner, self._packed.last]

    def _cut(self, text: str) -> list[int]:
        """The best cut of each beginning of the text leads to that of the whole (Viterbi)."""
        pieces, unknown = self._packed.pieces, (self._packed.unknown, self._unknown)
        # For each place in the text: the best score up to it, the last piece and where that began.
        best = [(0.0, 0, 0)] + [(float("-inf"), 0, 0)] * len(text)
        for start in range(len(text)):
            score = best[start][0]
            for end in range(start + 1, min(len(text), start + LONGEST) + 1):
                found = pieces.get(text[start:end])
                if found is None and end > start + 1:
                    continue
                number, likely = found or unknown
                if score + likely > best[end][0]:
                    best[end] = (score + likely, number, start)
        numbers, end = [], len(text)
        while end:
            _, number, end = best[end]
            numbers.append(number)
        return numbers[::-1]
