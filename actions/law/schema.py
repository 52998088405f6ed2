"""The facts that the law asks for: their paths, types, values and the order of asking.

The shapes are a contract with others (docs/law.md). There is no key for income, housing,
insurance, language or length of stay: they never change anything in this procedure (F3.1).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions.law.conditions import DONT_KNOW

DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


class FactsError(ValueError):
    """The facts given have an unknown key or value; the message is one line for a person."""


@dataclass(frozen=True)
class Fact:
    """One fact.

    Attributes:
        kind: `bool`, `int`, `date`, `enum` or `list`.
        values: The allowed values of an `enum` or `list`.
        asked: Whether it is ever asked; if not, absent means false.
        classes: Values that stand for all that the rules can tell apart.
        limit: The largest value of an `int`.
    """

    kind: str
    values: tuple[str, ...] = ()
    asked: bool = True
    classes: tuple[Any, ...] = ()
    limit: int = 120


def _enum(*values: str, classes: tuple[str, ...] = ()) -> Fact:
    return Fact("enum", values, classes=classes or values)


def _bool(asked: bool = True) -> Fact:
    return Fact("bool", asked=asked, classes=(False, True))


def _int(*classes: int, limit: int = 120) -> Fact:
    return Fact("int", classes=classes, limit=limit)


# In the order in which they are asked.
SCHEMA: dict[str, Fact] = {
    "danger": _bool(asked=False),
    "asker": Fact("enum", ("sponsor", "family_abroad", "helper"), asked=False),
    "application": _enum("none", "pending", "approved", "refused"),
    "months_since_application": _int(3, 12, limit=1200),
    "visa_refused": _bool(),
    "sponsor.status": _enum(
        "refugee",
        "subsidiary_protection",
        "asylum_seeker",
        "temporary_protection",
        "tolerated",
        "no_status",
        "romanian_citizen",
        "other",
        classes=(
            "refugee",
            "asylum_seeker",
            "temporary_protection",
            "tolerated",
            "no_status",
            "romanian_citizen",
            "other",
        ),
    ),
    "sponsor.refusal_days": _int(5, 100, limit=40000),
    "sponsor.age": _int(10, 17, 20, 40),
    "sponsor.unaccompanied": _bool(),
    "sponsor.parent_in_romania": _enum("none", "with_protection", "without_protection"),
    "sponsor.married": _bool(),
    "sponsor.turned_18": _enum("no", "during_asylum_procedure", "after_status"),
    "sponsor.applied_before_18": _bool(),
    "sponsor.fears_or_does_not_want": _bool(asked=False),
    "sponsor.asylum_application": Fact("date"),
    "person.place": _enum(
        "country_of_origin",
        "third_country",
        "eu",
        "romania",
        "unknown",
        classes=("third_country", "eu", "romania", "unknown"),
    ),
    "person.in_origin_at_asylum_application": _bool(),
    "person.relation": _enum(
        "spouse",
        "fiance",
        "partner",
        "child",
        "stepchild",
        "adopted_child",
        "raised_child",
        "parent",
        "guardian",
        "sibling",
        "other_relative",
    ),
    "sponsor.parents_or_guardian": _enum("can_be_found", "cannot_be_found"),
    "person.marriage.form": _enum(
        "official", "religious", "proxy", "late_registered", classes=("official", "religious")
    ),
    "person.marriage.when": _enum("before_flight", "after_flight_before_entry", "after_entry"),
    "person.marriage.other_spouses": _bool(),
    "person.marriage.under_18_at_marriage": _bool(),
    "person.marriage.under_18_now": _bool(),
    "person.marriage.forced": _bool(asked=False),
    "person.marriage.same_sex": _bool(asked=False),
    "person.marriage.ended": _bool(asked=False),
    "person.age": _int(10, 17, 30),
    "person.age_at_asylum_application": _int(10, 30),
    "person.under_18_at_family_application": _bool(),
    "person.married": _bool(),
    "person.born_after_asylum_application": _bool(),
    "person.adopted_under_home_law": _bool(),
    "person.adopted_after_asylum_application": _bool(),
    "person.dependent_for_health": _bool(),
    "documents": Fact(
        "list",
        ("with_me", "with_family", "none", "embassy_out_of_reach", "no_passport", "no_money"),
        asked=False,
    ),
}
ASKING_ORDER: tuple[str, ...] = tuple(path for path, fact in SCHEMA.items() if fact.asked)
BRANCHES = {path.rsplit(".", 1)[0] for path in SCHEMA if "." in path} | {"person"}


def flatten(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Check the nested object and return path to value, without `today` and `told_on`.

    Raises:
        FactsError: On an unknown key or value, naming the path and what is allowed.
    """
    if not isinstance(facts, Mapping):
        raise FactsError("the facts must be one JSON object")
    return {path: _checked(path, value) for path, value in _leaves(facts, "")}


def _leaves(facts: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        path = f"{prefix}{key}"
        if not prefix and key in ("today", "told_on"):
            continue
        if path in BRANCHES:
            if not isinstance(value, Mapping):
                raise FactsError(f"{path}: must be an object")
            yield from _leaves(value, f"{path}.")
        elif path in SCHEMA:
            yield path, value
        else:
            raise FactsError(f"{path}: unknown key; known are {', '.join(_known(prefix))}")


def _known(prefix: str) -> list[str]:
    paths = [path for path in SCHEMA if path.startswith(prefix)]
    extra = set() if prefix else {"today", "told_on"}
    return sorted({path.removeprefix(prefix).split(".")[0] for path in paths} | extra)


def _checked(path: str, value: Any) -> Any:
    fact = SCHEMA[path]
    if value == DONT_KNOW:
        return [] if fact.kind == "list" else value
    if not _allowed(fact, value):
        raise FactsError(f"{path}: {_shown(value)} is not allowed; allowed: {_allowance(fact)}")
    return value


def _allowed(fact: Fact, value: Any) -> bool:
    if fact.kind == "bool":
        return isinstance(value, bool)
    if fact.kind == "int":
        return type(value) is int and 0 <= value <= fact.limit
    if fact.kind == "date":
        return isinstance(value, str) and _is_date(value)
    if fact.kind == "list":
        return isinstance(value, list) and all(item in fact.values for item in value)
    return isinstance(value, str) and value in fact.values


def _is_date(value: str) -> bool:
    if not DATE.match(value):
        return False
    try:
        dt.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    return repr(value)[:40]


def _allowance(fact: Fact) -> str:
    if fact.kind == "bool":
        return "true, false, dont_know"
    if fact.kind == "int":
        return f"a whole number from 0 to {fact.limit}, dont_know"
    if fact.kind == "date":
        return "YYYY, YYYY-MM or YYYY-MM-DD, dont_know"
    return ", ".join((*fact.values, DONT_KNOW))
