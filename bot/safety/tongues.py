"""Names of languages in every language, and what flags and locale codes stand for."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from babel.core import get_global
from babel.languages import get_official_languages

from bot.safety.letters import words
from bot.safety.locales import exists, own_part

# A language below this share of every country's people, and official nowhere, is not looked
# for by its name: some names ("Even", "Fan") are everyday words elsewhere.
_SHARE = 2.0
_SHORTEST_NAME = 3
# In words; the longest that Babel knows has four.
_LONGEST_NAME = 5
_LOCALE_CODE = re.compile(r"([a-z]{2,3})[_-]([a-z]{2}|[a-z]{4})", re.IGNORECASE)
# Codes of three letters that are everyday words too: "I" in Turkish, "for" in Italian.
_WORDS_TOO = frozenset({"ben", "per"})
_BARE_CODE = re.compile(r"[a-z]{3}|[A-Z]{3}")
# Of two official languages the second is as good a guess where so large a part of the first's
# speakers speak it: a flag of Afghanistan says nothing about Persian and Pashto.
_AS_LIKELY = 0.8
# Official in many countries beside the language that people speak at home.
_WORLD_LANGUAGES = frozenset({"en", "es", "fr", "pt"})
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
    for code, name in _own_names().items():
        _add(names, name, code)
    # Later ones win: the languages that the product speaks know best what a word means.
    for shown in ("en", *shown_in):
        for code in sorted(spoken_codes()):
            _add(names, _names_shown_in(shown).get(code), code)
    return names


def flag_language(text: str) -> str | None:
    """The language that flags alone ask for; None for anything else and where it is in doubt."""
    spoken = {territory_language(territory) for territory in _flags(text)}
    return spoken.pop() if len(spoken) == 1 else None


def is_flags(text: str) -> bool:
    """Whether a text is flags and nothing else: it asks for a language, whichever it is."""
    return bool(_flags(text))


@lru_cache(maxsize=512)
def territory_language(territory: str) -> str | None:
    """The main language of a country (ISO 3166, two letters); None where two are as likely.

    English, French and the like are taken only where no other language is official.
    """
    official = get_official_languages(territory, de_facto=True)
    own = [code for code in official if code not in _WORLD_LANGUAGES] or list(official)
    about = get_global("territory_languages").get(territory, {})
    ranked = sorted(own, key=lambda code: about[code]["population_percent"], reverse=True)
    if not ranked:
        return None
    shares = [about[code]["population_percent"] for code in ranked]
    in_doubt = len(shares) > 1 and shares[1] >= _AS_LIKELY * shares[0]
    return None if in_doubt else str(ranked[0]).split("_")[0]


def locale_language(text: str, ours: Collection[str] = ()) -> str | None:
    """The language of a text that is a code such as "so_SO", "so-SO" or "som"; else None.

    Args:
        text: The message.
        ours: Languages whose code of three letters is understood without a region. One of two
            letters never is: "so" and "am" are words, "TR" and "UK" are countries.
    """
    text = text.strip()
    if _BARE_CODE.fullmatch(text):
        bare = _two_letters(text)
        return bare if bare in ours and text.lower() not in _WORDS_TOO else None
    match = _LOCALE_CODE.fullmatch(text)
    if match is None:
        return None
    code = _two_letters(match[1])
    is_known = code in spoken_codes() and _is_written_as_locale(code, match[2])
    return code if is_known else None


def _is_written_as_locale(code: str, part: str) -> bool:
    """Whether the second part is a region or script: by its capitals, or a locale of that name."""
    region = part.upper() if len(part) == 2 else part.title()
    if part == region:
        return len(part) == 4 or part in get_global("territory_languages")
    # "so-so" is a word of English.
    return code != part.lower() and exists(f"{code}_{region}")


def _two_letters(code: str) -> str:
    """The code that names are kept by: "so" for "som", "fa" for "prs"."""
    known = get_global("language_aliases").get(code.lower(), code.lower())
    return str(known).split("_")[0]


def _flags(text: str) -> list[str]:
    """The territories whose flags a text consists of; none if it holds anything else."""
    letters = [ord(char) - _FIRST_FLAG_LETTER for char in text if not char.isspace()]
    last = _LAST_FLAG_LETTER - _FIRST_FLAG_LETTER
    if len(letters) % 2 or not all(0 <= letter <= last for letter in letters):
        return []
    names = "".join(chr(letter + ord("A")) for letter in letters)
    return [names[place : place + 2] for place in range(0, len(names), 2)]


def find_name(tokens: list[str], names: dict[tuple[str, ...], str]) -> tuple[int, int, str] | None:
    """The longest name of a language among those words: start, end, code."""
    for size in range(min(_LONGEST_NAME, len(tokens)), 0, -1):
        for start in range(len(tokens) - size + 1):
            code = names.get(tuple(tokens[start : start + size]))
            if code:
                return start, start + size, code
    return None


def _add(names: dict[tuple[str, ...], str], name: str | None, code: str) -> None:
    folded = tuple(words(name or ""))
    if len("".join(folded)) >= _SHORTEST_NAME:
        names[folded] = code


@lru_cache(maxsize=1)
def _own_names() -> dict[str, str | None]:
    """Codes to each language's name in itself: a file is opened for every one of them."""
    return {code: _names_shown_in(code).get(code) for code in sorted(spoken_codes())}


@lru_cache(maxsize=4)
def _names_shown_in(shown_in: str) -> dict[str, str]:
    """Codes to names of languages in a language; none for one that Babel lacks."""
    return own_part(shown_in, "languages") if exists(shown_in) else {}
