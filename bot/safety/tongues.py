"""Names of languages in every language, and what flags and locale codes stand for."""

from __future__ import annotations

import re
from functools import lru_cache

from babel.core import get_global
from babel.languages import get_official_languages

from bot.safety.letters import words
from bot.safety.locales import exists, own_part

# A language below this share of every country's people, and official nowhere, is not looked
# for by its name: some names ("Even", "Fan") are everyday words elsewhere.
_SHARE = 2.0
_SHORTEST_NAME = 3
_LOCALE_CODE = re.compile(r"\s*([a-z]{2,3})[_-]([A-Z][A-Z]|[A-Z][a-z]{3})\s*")
_FIRST_FLAG_LETTER, _LAST_FLAG_LETTER = 0x1F1E6, 0x1F1FF


@lru_cache(maxsize=1)
def spoken_codes() -> frozenset[str]:
    """Codes of the languages that are official or widely spoken in some country."""
    codes = set()
    for languages in get_global("territory_languages").values():
        for code, about in languages.items():
            if about.get("official_status") or about.get("population_percent", 0) >= _SHARE:
                codes.add(code.split("_")[0])
    return frozenset(codes - {"und"})


@lru_cache(maxsize=2)
def language_names(shown_in: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    """Folded words of each language's name to its code: in those languages and in its own."""
    names: dict[tuple[str, ...], str] = {}
    for code in sorted(spoken_codes()):
        _add(names, _names_shown_in(code).get(code), code)
    # Later ones win: the languages that the product speaks know best what a word means.
    for shown in ("en", *shown_in):
        for code in sorted(spoken_codes()):
            _add(names, _names_shown_in(shown).get(code), code)
    return names


def flag_language(text: str) -> str | None:
    """The first official language of a text that is one flag, else None."""
    letters = [ord(char) for char in text if _FIRST_FLAG_LETTER <= ord(char) <= _LAST_FLAG_LETTER]
    if len(letters) != 2 or words(text):
        return None
    territory = "".join(chr(letter - _FIRST_FLAG_LETTER + ord("A")) for letter in letters)
    official = get_official_languages(territory, de_facto=True)
    return official[0].split("_")[0] if official else None


def locale_language(text: str) -> str | None:
    """The language of a text that is a locale's code such as "so_SO", else None."""
    match = _LOCALE_CODE.fullmatch(text)
    return match[1] if match and match[1] in spoken_codes() else None


def find_name(tokens: list[str], names: dict[tuple[str, ...], str]) -> tuple[int, int, str] | None:
    """The longest name of a language among those words: start, end, code."""
    longest = max(map(len, names), default=0)
    for size in range(min(longest, len(tokens)), 0, -1):
        for start in range(len(tokens) - size + 1):
            code = names.get(tuple(tokens[start : start + size]))
            if code:
                return start, start + size, code
    return None


def _add(names: dict[tuple[str, ...], str], name: str | None, code: str) -> None:
    folded = tuple(words(name or ""))
    if len("".join(folded)) >= _SHORTEST_NAME:
        names[folded] = code


@lru_cache(maxsize=4)
def _names_shown_in(shown_in: str) -> dict[str, str]:
    """Codes to names of languages in a language; none for one that Babel lacks."""
    return own_part(shown_in, "languages") if exists(shown_in) else {}
