"""The lexicon: which words mean which facts, for each language.

It comes out of the training data (`data/nlu/<lang>/lexicon.yml`) and is stored in the model.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from bot.nlu.keys import LANGUAGE_SEPARATOR
from bot.safety import Lookup
from bot.safety.lookups import split_name

PERSONS = frozenset(
    "wife husband spouse fiance partner son daughter child stepson stepdaughter stepchild "
    "adopted_child raised_child mother father parent guardian brother sister sibling grandparent "
    "grandchild nephew niece cousin uncle aunt in_law step_parent other_relative family".split()
)
YES = frozenset({"yes"})
YES_NO = frozenset({"yes", "no"})
NUMBER = re.compile(r"\d+")
COUNTRY = re.compile(r"[A-Z]{2}")
CODE = re.compile(r"[a-z]{2,3}")
NAME = re.compile(r"[a-z_]+")
# What the lexicons may say: the names and values that the dialogue reads. A pattern stands for
# values without a list.
FACTS: dict[str, frozenset[str] | re.Pattern[str]] = {
    "person": PERSONS,
    "number": NUMBER,
    "unit": frozenset({"year", "month", "week", "day"}),
    "ago": YES,
    "month": NUMBER,
    # "Almost 18" is 17; "born" stands beside a date.
    "age": frozenset({"yes", "almost", "born"}),
    "self": YES,
    "other": frozenset({"he", "she", "they"}),
    "negation": YES,
    "country": COUNTRY,
    "place": frozenset({"country_of_origin", "unknown", "romania"}),
    "status": frozenset(
        "refugee subsidiary_protection asylum_seeker temporary_protection tolerated no_status "
        "romanian_citizen other".split()
    ),
    "asker": frozenset({"sponsor", "family_abroad", "helper"}),
    "application": frozenset({"none", "pending", "approved", "refused"}),
    "visa_refused": YES,
    "own_application": frozenset({"pending", "refused"}),
    "marriage_form": frozenset({"official", "religious", "proxy", "late_registered"}),
    "marriage_when": frozenset({"before_flight", "after_flight_before_entry", "after_entry"}),
    "married": YES_NO,
    "marriage_flag": frozenset({"forced", "same_sex", "ended", "other_spouses", "under_18"}),
    "unaccompanied": YES_NO,
    "fears": YES,
    "applied_before_18": YES,
    "turned_18": frozenset({"during_asylum_procedure", "after_status"}),
    "parent_in_romania": frozenset({"with_protection", "without_protection", "none"}),
    "parents_or_guardian": frozenset({"can_be_found", "cannot_be_found"}),
    "born_after": YES,
    "dependent": YES,
    "documents": frozenset(
        {"with_me", "with_family", "none", "embassy_out_of_reach", "no_passport", "no_money"}
    ),
    "answer": frozenset({"yes", "no", "dont_know"}),
    "language": CODE,
    "correction": YES,
    "topic": NAME,
    "file": frozenset({"own", "family", "visa"}),
}
# How to read, no facts.
READING: dict[str, frozenset[str]] = {
    "affix": frozenset({"prefix", "suffix"}),
    "joiner": frozenset({"number"}),
    "skip": frozenset({"country", "month", "language", "phrase"}),
    "safety": frozenset("danger not_danger human delete language menu keep forget filler".split()),
}
_SEVERAL = re.compile(r"\+|\*\d")


class LexiconError(ValueError):
    """Names in a lexicon that nobody reads; the message lists them all."""


def check(lookups: Iterable[Lookup]) -> None:
    """See to it that every name is one that something reads.

    Raises:
        LexiconError: A name or value is misspelt or unknown.
    """
    unknown = {f"{item.language}: {item.kind}={item.value}" for item in lookups if not _known(item)}
    if unknown:
        raise LexiconError(f"unknown in the lexicon: {', '.join(sorted(unknown))}")


def _known(item: Lookup) -> bool:
    allowed = FACTS.get(item.kind) or READING.get(item.kind, frozenset())
    # Several and two exist of persons, two of units.
    value = _SEVERAL.sub("", item.value) if item.kind in ("person", "unit") else item.value
    if isinstance(allowed, re.Pattern):
        return allowed.fullmatch(value) is not None
    return value in allowed


def read_tables(tables: Iterable[dict[str, Any]]) -> list[Lookup]:
    """The phrases of Rasa's lookup tables whose names carry a language: `ar/person=wife`.

    Tables with other names are left alone: they are somebody else's.
    """
    found: list[Lookup] = []
    for table in tables:
        language, separator, name = str(table["name"]).partition(LANGUAGE_SEPARATOR)
        if not separator or "=" not in name:
            continue
        kind, value = split_name(name)
        found += [Lookup(language, kind, value, str(phrase)) for phrase in table["elements"]]
    return found


def by_language(lookups: Iterable[Lookup]) -> dict[str, list[Lookup]]:
    """The same phrases, a list for each language."""
    grouped: dict[str, list[Lookup]] = defaultdict(list)
    for lookup in lookups:
        grouped[lookup.language].append(lookup)
    return dict(grouped)
