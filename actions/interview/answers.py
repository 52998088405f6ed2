"""What a message answers to the question that waits: a value of the law's schema.

A choice comes as an entity named like the question's slot. Typed words come as the lexicon's
entities: `answer=yes`, `number=3`, `date=2023-05`, or a value such as `status=refugee`.
"""

from __future__ import annotations

from typing import Any

from actions.interview.mentions import Mentions
from actions.interview.questions import Question
from actions.interview.situation import DONT_KNOW
from actions.law import SCHEMA

YES = {"affirm": True, "deny": False}
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
    return typed(question.paths[0], mentions, intent)


def cast(path: str, value: str) -> Any:
    """A choice's value in the type that the schema has for this path."""
    if value in ("yes", "no"):
        return value == "yes"
    kind = SCHEMA[path].kind if path in SCHEMA else "enum"
    if kind == "int" and value.lstrip("-").isdigit():
        return int(value)
    return value


def typed(path: str, mentions: Mentions, intent: str) -> Any:
    """The value in typed words, by the kind of fact that was asked."""
    if path not in SCHEMA:
        return None
    kind = SCHEMA[path].kind
    if kind == "bool":
        said = mentions.values("answer")
        return said[0] == "yes" if said else YES.get(intent)
    if kind == "date":
        return next(iter(mentions.values("date")), None) or _year(mentions)
    if kind == "int":
        numbers = [value for value in mentions.values("number") if value.isdigit()]
        return int(numbers[0]) if len(numbers) == 1 else None
    named = next((m.value for _, m in mentions if m.value in SCHEMA[path].values), None)
    return named or (BARE_NO.get(path) if _says_no(mentions, intent) else None)


def _says_no(mentions: Mentions, intent: str) -> bool:
    said = mentions.values("answer")
    return said[0] == "no" if said else intent == "deny"


def _year(mentions: Mentions) -> str | None:
    years = [v for v in mentions.values("number") if v.isdigit() and 1950 <= int(v) <= 2100]
    return years[0] if years else None
