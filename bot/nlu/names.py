"""Standard names from the world's locale data: countries, months, languages.

They need no volunteer: every language that Babel knows has them. What a lexicon says of the
same words comes first; its `skip=country` keeps a name out that is an everyday word.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.nlu.calendars import calendar_names
from bot.safety import Lookup, language_names
from bot.safety.locales import exists, identifiers, own_part

SOURCE_LANGUAGE = "en"
# Codes in the list of territories that are no countries: unions, test entries, unknown.
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def standard_names(language: str) -> list[Lookup]:
    """All standard names to look for in texts of one language.

    Countries and languages by their English names too, languages also by their own.
    """
    return [
        *countries(language),
        *(Lookup(language, "country", name.value, name.phrase) for name in _source_countries()),
        *months(language),
        *calendar_names(language),
        *(
            Lookup(language, "language", code, " ".join(name))
            for name, code in language_names((language,)).items()
        ),
    ]


def countries(language: str) -> Iterator[Lookup]:
    """Names of countries in a language, `country=<ISO code>`."""
    if not exists(language):
        return
    for code, name in sorted(own_part(language, "territories").items()):
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES:
            yield Lookup(language, "country", code, name)


def months(language: str) -> Iterator[Lookup]:
    """Names of months in a language and in all its countries' habits, `month=<1..12>`."""
    seen: set[tuple[int, str]] = set()
    for identifier in identifiers():
        if identifier.split("_")[0] == language:
            for context in ("format", "stand-alone"):
                seen.update(own_part(identifier, "months", context, "wide").items())
    for number, name in sorted(seen):
        if not any(char.isdigit() for char in name):
            yield Lookup(language, "month", str(number), name)


def _source_countries() -> Iterator[Lookup]:
    yield from countries(SOURCE_LANGUAGE)
