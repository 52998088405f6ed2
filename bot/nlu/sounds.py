"""Sounds: roughly what a word sounds like, in Latin letters and without vowels.

"درخواست" and "darkhast" both are "drkst": what was learnt of a word holds for its romanised forms,
which people spell each in their own way, and for its cousins in languages of another script.
"""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

# Vowels, what is written now as one and now as a consonant, and the second letter of "kh", "gh".
UNSTEADY = re.compile(r"[aeiouwyh]")
SILENT = re.compile(r"[^a-z0-9]")
TWICE = re.compile(r"(.)\1+")
SAME = str.maketrans("qc", "kk")


def sounds(text: str) -> str:
    """The sounds of each word of a folded text; a word of vowels alone keeps the first two."""
    return " ".join(map(_sound, text.split()))


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    letters = SILENT.sub("", anyascii(word).lower())
    steady = UNSTEADY.sub("", letters).translate(SAME)
    return TWICE.sub(r"\1", steady) or letters[:2]
