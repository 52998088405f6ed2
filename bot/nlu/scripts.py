"""Scripts: in which writing a text is, and which writings a language is written in."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

# A script counts as a language's own from this share of its letters on: a few foreign words
# in Arabic examples do not make Latin an Arabic script, romanised examples do.
OWN_SHARE = 0.01


@lru_cache(maxsize=4096)
def script(char: str) -> str:
    """The script of a letter by its Unicode name ("LATIN", "ARABIC"); "" for other characters."""
    if not char.isalpha():
        return ""
    return unicodedata.name(char, "").partition(" ")[0]


def scripts(text: str) -> Counter[str]:
    """How many letters of each script a text holds."""
    counts = Counter(script(char) for char in text)
    del counts[""]
    return counts


def main_script(text: str) -> str | None:
    """The script of most letters, or None without letters."""
    counts = scripts(text)
    return counts.most_common(1)[0][0] if counts else None


def scripts_by_language(examples: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The scripts of each language, learnt from pairs of language and text."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for code, text in examples:
        counts[code].update(scripts(text))
    return {code: _own(letters) for code, letters in sorted(counts.items())}


def _own(letters: Counter[str]) -> list[str]:
    total = sum(letters.values())
    return sorted(name for name, count in letters.items() if count >= OWN_SHARE * total)
