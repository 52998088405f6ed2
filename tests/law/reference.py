"""The decision table as plain ifs, for fully known facts: the engine's independent second opinion.

Written from the table and from nothing else. Facts are flat (`"person.marriage.when"`), no value
is missing, none is `dont_know` except where a row names it. As simple as possible, not as fast.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Flat = Mapping[str, Any]

RANK = (
    "A1 A2 A2b C13 B6 B15 C5 C8 C9 C10 B17 A3 A4 A5 A7a A7 A8 A9 A10 A11 A12 A13 A14 A15 C11 C6 "
    "C2 C3 C4 B3 B5 B4 B8 B2 B7 B12a B13 B11 B14 B19 B18 B20 B21 B22 C7 C1 B16 B1 B9 B10 B12 "
    "B24 C14"
).split()

OUTCOMES = {
    "SAFETY": "A1",
    "URGENT": "A2 A2b B17 C8 C9 C10",
    "PENDING": "A3 A4",
    "APPROVED": "A5",
    "WAIT_STATUS": "A7 A7a",
    "ALT_TP": "A8",
    "NOT_NAMED": "A9 A10 B3 B7 B8 B13 B15 B18 B21 B22",
    "ALT_CIT": "A11",
    "HANDOFF": "A12 A14 B4 B5 B6 B11 B12a B24 C3 C5 C11 C13 C14",
    "IN_RO": "A13",
    "TRACE": "A15",
    "ELIG": "B1 B9 B10 B12 B16",
    "ELIG_CHECK": "B2 B14",
    "ALT_194": "B19 B20 C4",
    "UAM": "C1 C2 C6 C7",
}
OUTCOME = {row: outcome for outcome, rows in OUTCOMES.items() for row in rows.split()}

PROTECTED = ("refugee", "subsidiary_protection")
ABROAD = ("country_of_origin", "third_country")
CHILDREN = ("child", "stepchild", "adopted_child", "raised_child")
RELATIVES_OF_A_CHILD = ("parent", "guardian", "sibling", "other_relative")
TURNED_18_COUNTS_UP_TO = 22

Holding = Iterator[tuple[str, str]]


class Result(NamedTuple):
    """What the table says of one situation; `flags` are sorted."""

    row: str
    outcome: str
    flags: tuple[str, ...]


def refer(f: Flat) -> Result:
    """Read the table: the first row by rank, the flags of all rows that hold."""
    holding = dict([*table_a(f), *table_b(f), *table_c(f)])
    if not holding:
        holding["B24" if f["sponsor.age"] >= 18 else "C14"] = "HANDOFF"
    row = next(row for row in RANK if row in holding)
    flags = set(" ".join(holding.values()).split()) | exceptions(f) | documents(f)
    return Result(row, OUTCOME[row], tuple(sorted(flags)))


def table_a(f: Flat) -> Holding:
    """Gates."""
    application, status, place = f["application"], f["sponsor.status"], f["person.place"]
    if f.get("danger"):
        yield "A1", "HANDOFF"
    if application == "refused":
        yield "A2", "URGENT HANDOFF"
    if application == "approved":
        yield ("A2b", "URGENT HANDOFF") if f.get("visa_refused") else ("A5", "")
    if application == "pending":
        yield ("A3", "") if f["months_since_application"] < 9 else ("A4", "HANDOFF")
    if status == "asylum_seeker":
        yield "A7", "HANDOFF" if place == "eu" else ""
        if (f["sponsor.age"] < 18 and f["sponsor.unaccompanied"]) or turned_18(f) != "no":
            yield "A7a", "URGENT HANDOFF"
    if status == "temporary_protection":
        yield "A8", "HANDOFF"
    if status == "tolerated":
        yield "A9", "HANDOFF"
    if status == "no_status":
        yield "A10", "URGENT HANDOFF" if f["sponsor.refusal_days"] <= 30 else "HANDOFF"
    if status == "romanian_citizen":
        yield "A11", "HANDOFF"
    if status == "other":
        yield "A12", "HANDOFF"
    if place == "romania":
        yield "A13", "HANDOFF"
    if place == "eu":
        yield "A14", "HANDOFF"
    if place == "unknown" and f["sponsor.age"] >= 18:
        yield "A15", "HANDOFF TRACE"


def turned_18(f: Flat) -> str:
    """Say when the sponsor turned 18, where that counts."""
    if 18 <= f["sponsor.age"] <= TURNED_18_COUNTS_UP_TO:
        return str(f["sponsor.turned_18"])
    return "no"


def table_b(f: Flat) -> Holding:
    """Sponsor 18 or over with protection, person outside Romania and the EU."""
    if f["sponsor.status"] not in PROTECTED or f["person.place"] not in ABROAD:
        return
    if f["sponsor.age"] < 18:
        return
    relation = f["person.relation"]
    if b6(f):
        yield "B6", "SAFETY_SCREEN HANDOFF"
    if relation == "spouse":
        yield from spouse(f)
    if relation == "fiance":
        yield "B7", "HANDOFF"
    if relation == "partner" or (relation == "spouse" and f.get("person.marriage.same_sex")):
        yield "B8", "HANDOFF"
    if relation in CHILDREN:
        yield from child(f)
    if relation == "parent":
        yield "B20", "HANDOFF"
    if relation == "sibling":
        yield "B21", "HANDOFF"
    if relation == "other_relative":
        yield "B22", "HANDOFF"


def b6(f: Flat) -> bool:
    """Either was under 18 at the marriage or is now, or it was forced."""
    return f["person.relation"] in ("spouse", "fiance", "partner") and bool(
        f["person.marriage.under_18_at_marriage"]
        or f["person.marriage.under_18_now"]
        or f.get("person.marriage.forced")
    )


def not_in_origin(f: Flat) -> str:
    """Give the flag of an `ELIG` when the family had left the home country by then."""
    return "" if f["person.in_origin_at_asylum_application"] is True else "HANDOFF"


def marriage_is_b1(f: Flat) -> bool:
    """Official, before leaving the home country, not ended, no other spouse."""
    return (
        f["person.marriage.form"] == "official"
        and f["person.marriage.when"] == "before_flight"
        and not f.get("person.marriage.ended")
        and not f["person.marriage.other_spouses"]
    )


def spouse(f: Flat) -> Holding:
    """B1 to B5: a spouse whose marriage has not ended."""
    if f.get("person.marriage.ended"):
        return
    if marriage_is_b1(f):
        yield "B1", not_in_origin(f)
    if f["person.marriage.when"] == "after_flight_before_entry":
        yield "B2", "HANDOFF"
    if f["person.marriage.when"] == "after_entry":
        yield "B3", "ALT_194 HANDOFF"
    if f["person.marriage.form"] in ("religious", "proxy", "late_registered"):
        yield "B4", "HANDOFF"
    if f["person.marriage.other_spouses"]:
        yield "B5", "HANDOFF"


def child(f: Flat) -> Holding:
    """B9 to B19: own, step, adopted and raised children."""
    relation, age, married = f["person.relation"], f["person.age"], f["person.married"]
    if age < 18 and married:
        yield "B15", "SAFETY_SCREEN HANDOFF"
    if age < 18 and relation != "raised_child" and f["person.born_after_asylum_application"]:
        yield "B14", "HANDOFF"
    if relation == "adopted_child" and f["person.adopted_after_asylum_application"]:
        yield "B12a", "HANDOFF"
    if relation == "raised_child":
        yield "B13", "HANDOFF"
    if relation == "stepchild" and not marriage_is_b1(f):
        yield "B11", "HANDOFF"
    if age >= 18:
        yield from grown_child(f)
    elif not married and not f["person.born_after_asylum_application"]:
        yield from named_child(f)


def named_child(f: Flat) -> Holding:
    """B9, B10, B12 and, at 17, B16: under 18, unmarried, born before."""
    named = {"child": "B9", "stepchild": "B10", "adopted_child": "B12"}.get(f["person.relation"])
    if named == "B10" and not marriage_is_b1(f):
        return
    if named == "B12" and not adopted_in_time(f):
        return
    if named:
        yield named, not_in_origin(f)
        if f["person.age"] == 17:
            yield "B16", "URGENT HANDOFF"


def adopted_in_time(f: Flat) -> bool:
    """Adopted under the home country's law before the asylum application."""
    return f["person.adopted_under_home_law"] and not f["person.adopted_after_asylum_application"]


def grown_child(f: Flat) -> Holding:
    """B17 to B19: now 18 or over."""
    then = f["person.age_at_asylum_application"]
    if then < 18 or f["person.under_18_at_family_application"]:
        yield "B17", "URGENT HANDOFF"
    if then >= 18 and not f["person.dependent_for_health"]:
        yield "B18", "HANDOFF"
    if f["person.dependent_for_health"] and not f["person.married"]:
        yield "B19", "HANDOFF"


def table_c(f: Flat) -> Holding:
    """Sponsor under 18 with protection; C8 to C10: who has turned 18 since."""
    if f["sponsor.status"] not in PROTECTED or f["person.place"] not in (*ABROAD, "unknown"):
        return
    row = turned_18_row(f)
    if row:
        yield row, "URGENT HANDOFF"
    if f["sponsor.age"] >= 18:
        return
    if f.get("sponsor.fears_or_does_not_want"):
        yield "C13", "SAFETY_SCREEN HANDOFF"
    if c5(f):
        yield "C5", "SAFETY_SCREEN HANDOFF"
    if f["sponsor.parent_in_romania"] == "with_protection":
        yield "C11", "HANDOFF"
    if f["person.relation"] == "parent" and f["person.place"] == "unknown":
        yield "C6", "TRACE HANDOFF"
    if f["sponsor.unaccompanied"] and not f["sponsor.married"]:
        yield from child_alone(f)


def turned_18_row(f: Flat) -> str | None:
    """C8, C9, C10, whatever the status and the place."""
    if f["person.relation"] not in RELATIVES_OF_A_CHILD or turned_18(f) == "no":
        return None
    if turned_18(f) == "during_asylum_procedure":
        return "C8"
    return "C9" if f["sponsor.applied_before_18"] else "C10"


def c5(f: Flat) -> bool:
    """Married or engaged."""
    return bool(f["sponsor.married"]) or f["person.relation"] in ("spouse", "fiance")


def child_alone(f: Flat) -> Holding:
    """C1 to C4 and C7: under 18, alone, unmarried."""
    relation = f["person.relation"]
    if relation == "parent":
        yield "C1", "HANDOFF"
        if f["sponsor.age"] == 17:
            yield "C7", "URGENT HANDOFF"
    if relation == "guardian":
        yield "C2", "HANDOFF"
    if relation == "sibling":
        yield "C3", "HANDOFF"
    if relation == "other_relative" and f["sponsor.parents_or_guardian"] == "cannot_be_found":
        yield "C4", "HANDOFF"


def exceptions(f: Flat) -> set[str]:
    """Flags that hold whatever status, place and earlier application."""
    flags: set[str] = set()
    minor = f["sponsor.age"] < 18
    is_child = f["person.relation"] in CHILDREN
    if minor and (f.get("sponsor.fears_or_does_not_want") or c5(f)):
        flags |= {"SAFETY_SCREEN", "HANDOFF"}
    if not minor and (b6(f) or (is_child and f["person.age"] < 18 and f["person.married"])):
        flags |= {"SAFETY_SCREEN", "HANDOFF"}
    if f["sponsor.age"] == 17 or turned_18_row(f):
        flags |= {"URGENT", "HANDOFF"}
    if is_child and (
        f["person.age"] == 17
        or (f["person.age"] >= 18 and f["person.age_at_asylum_application"] < 18)
    ):
        flags |= {"URGENT", "HANDOFF"}
    return flags


def documents(f: Flat) -> set[str]:
    """Papers never change row or outcome, only this flag."""
    told = f.get("documents", ())
    return {"HANDOFF"} if {"embassy_out_of_reach", "no_passport"} & set(told) else set()
