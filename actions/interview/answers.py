"""What a message answers to the question that waits: a value of the law's schema.

A choice comes as an entity named like the question's slot. Typed words come as the lexicon's
entities: `answer=yes`, `number=3`, `date=2023-05`, or a value such as `status=refugee`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from actions.interview.births import certain_date, is_birth
from actions.interview.mentions import Mentions, days_of, kind_of, span_of
from actions.interview.questions import Question
from actions.interview.situation import DONT_KNOW, RELATIONS
from actions.law import SCHEMA, FactsError
from actions.law.schema import flatten

YES = {"affirm": True, "deny": False}
DAYS_OF_YEAR = 365
MEASURES = {"sponsor.refusal_days": 1, "months_since_application": 30}
# What a bare no means where the question has more answers than yes and no.
BARE_NO = {"application": "none", "sponsor.parent_in_romania": "none", "sponsor.turned_18": "no"}


def answer(question: Question, mentions: Mentions, intent: str, today: str = "") -> Any:
    """The value that the message gives to the question, `dont_know`, or None.

    Args:
        question: The question that waits.
        mentions: The message's entities.
        intent: The message's intent: a bare yes or no has no entity.
        today: ISO day, for "four months ago".
    """
    chosen = mentions.values(question.slot)
    if chosen:
        return cast(question.paths[0], chosen[0])
    if DONT_KNOW in mentions.values("answer"):
        return DONT_KNOW
    return typed(question.paths[0], mentions, intent, today or dt.date.today().isoformat())


def cast(path: str, value: str) -> Any:
    """A choice's value in the type that the schema has for this path."""
    kind = SCHEMA[path].kind if path in SCHEMA else "enum"
    # "No" is a value of its own where a fact has more than two.
    if value in ("yes", "no") and kind == "bool":
        return value == "yes"
    if kind == "int" and value.lstrip("-").isdigit():
        return int(value)
    return value


def typed(path: str, mentions: Mentions, intent: str, today: str) -> Any:
    """The value in typed words, by the kind of fact that was asked."""
    if path not in SCHEMA:
        return None
    kind = SCHEMA[path].kind
    if kind == "bool":
        said = mentions.values("answer")
        return said[0] == "yes" if said else YES.get(intent)
    if kind == "date":
        return _date(mentions) or _year(mentions) or _then(mentions, today)
    if kind == "int":
        return _whole(path, mentions)
    return _named(path, mentions) or (BARE_NO.get(path) if _says_no(mentions, intent) else None)


def allowed(path: str, value: Any, today: str = "") -> bool:
    """Whether the law's schema takes this value: no age of 500, no day to come."""
    if path not in SCHEMA or value == DONT_KNOW:
        return True
    *parents, last = path.split(".")
    facts: dict[str, Any] = {last: value}
    for parent in reversed(parents):
        facts = {parent: facts}
    try:
        flatten(facts)
    except FactsError:
        return False
    day = today or dt.date.today().isoformat()
    return SCHEMA[path].kind != "date" or str(value) <= day[: len(str(value))]


def _date(mentions: Mentions) -> str | None:
    """The first date that is nobody's birth, as exact as the law's schema can hold it."""
    told = (m.value for i, m in mentions if m.name == "date" and not is_birth(mentions, i))
    return next((date for date in map(certain_date, told) if date), None)


def _whole(path: str, mentions: Mentions) -> int | None:
    """A number, or a length of time in the measure that was asked for: days, months or years."""
    numbers = [value for value in mentions.values("number") if value.isdigit()]
    if len(numbers) > 1:
        return None
    days = span_of(mentions)
    if days is not None:
        return days // MEASURES.get(path, DAYS_OF_YEAR)
    return int(numbers[0]) if numbers else None


def _named(path: str, mentions: Mentions) -> str | None:
    """A value told by its own name: the own asylum refused is not the family's file refused."""
    leaf = path.rpartition(".")[2]
    names = {leaf, f"marriage_{leaf}"}
    if leaf == "relation":
        told = [kind_of(value)[0] for value in mentions.values("person")]
        return next((RELATIONS[kind] for kind in told if kind in RELATIONS), None)
    return next(
        (m.value for _, m in mentions if m.name in names and m.value in SCHEMA[path].values), None
    )


def _then(mentions: Mentions, today: str) -> str | None:
    """The month, or for years the year, that lies as long ago as the message says."""
    told = next(iter(mentions.values("ago")), "")
    days = days_of(told)
    if days is None:
        return None
    day = (dt.date.fromisoformat(today) - dt.timedelta(days)).isoformat()
    return day[:4] if told.endswith("year") else day[:7]


def _says_no(mentions: Mentions, intent: str) -> bool:
    said = mentions.values("answer")
    return said[0] == "no" if said else intent == "deny"


def _year(mentions: Mentions) -> str | None:
    years = [v for v in mentions.values("number") if v.isdigit() and 1950 <= int(v) <= 2100]
    return years[0] if years else None
