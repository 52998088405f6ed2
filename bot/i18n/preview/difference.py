"""What changed between two sentences, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

SAME, GONE, NEW = "same", "gone", "new"
_WORD = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """A run of words that stayed, went or came."""

    mark: str
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Give the pieces in reading order; what went stands before what came in its place."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(old[a:b])))
        else:
            pieces += [Piece(GONE, "".join(old[a:b])), Piece(NEW, "".join(new[c:d]))]
    return tuple(piece for piece in pieces if piece.text)
