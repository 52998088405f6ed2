"""The engine against the table transcribed as plain ifs, at random and exhaustively."""

from collections import Counter
from itertools import product
from random import Random

import pytest

from actions.law import precheck
from tests.law.completions import fill, is_possible
from tests.law.reference import RANK, Result, refer
from tests.law.worlds import FORMS, RELATIONS, STATUSES, WHENS, Flat, draw_world, nest

SITUATIONS = 20_000
BOOL = (False, True)
PLACES = "country_of_origin third_country eu romania unknown".split()

# A settled situation of an adult sponsor; each grid below varies its own facts.
PLAIN: Flat = {
    "today": "2026-11-21",
    "application": "none",
    "sponsor.status": "refugee",
    "sponsor.age": 34,
    "sponsor.turned_18": "no",
    "sponsor.applied_before_18": False,
    "sponsor.unaccompanied": False,
    "sponsor.parent_in_romania": "none",
    "sponsor.married": True,
    "sponsor.parents_or_guardian": "can_be_found",
    "person.place": "third_country",
    "person.in_origin_at_asylum_application": True,
    "person.marriage.form": "official",
    "person.marriage.when": "before_flight",
    "person.marriage.other_spouses": False,
    "person.marriage.under_18_at_marriage": False,
    "person.marriage.under_18_now": False,
    "person.age": 12,
    "person.age_at_asylum_application": 10,
    "person.born_after_asylum_application": False,
    "person.under_18_at_family_application": False,
    "person.married": False,
    "person.dependent_for_health": False,
    "person.adopted_under_home_law": True,
    "person.adopted_after_asylum_application": False,
}

COUPLE = {
    "person.relation": ("spouse", "fiance", "partner"),
    "person.marriage.form": FORMS,
    "person.marriage.when": WHENS,
    "person.marriage.other_spouses": BOOL,
    "person.marriage.under_18_at_marriage": BOOL,
    "person.marriage.forced": BOOL,
    "person.marriage.ended": BOOL,
    "person.in_origin_at_asylum_application": BOOL,
    "person.age": (30,),
}
CHILD = {
    "person.relation": ("child", "raised_child"),
    "person.age": (0, 16, 17, 18, 25),
    "person.age_at_asylum_application": (0, 15, 17, 18, 22),
    "person.born_after_asylum_application": BOOL,
    "person.adopted_after_asylum_application": (True,),
    "person.married": BOOL,
    "person.dependent_for_health": BOOL,
    "person.in_origin_at_asylum_application": BOOL,
    "person.place": ("third_country", "eu"),
}
STEPCHILD = {
    "person.relation": ("stepchild",),
    "person.marriage.form": FORMS,
    "person.marriage.when": WHENS,
    "person.marriage.other_spouses": BOOL,
    "person.marriage.ended": BOOL,
    "person.age": (12, 17, 19, 25),
    "person.age_at_asylum_application": (0, 16, 21),
    "person.married": BOOL,
}
ADOPTED = {
    "person.relation": ("adopted_child",),
    "person.age": (1, 17, 19, 25),
    "person.age_at_asylum_application": (0, 16, 21),
    "person.born_after_asylum_application": BOOL,
    "person.adopted_under_home_law": BOOL,
    "person.adopted_after_asylum_application": BOOL,
    "person.married": BOOL,
    "person.dependent_for_health": BOOL,
    "person.in_origin_at_asylum_application": BOOL,
}
MINOR_SPONSOR = {
    "sponsor.age": (12, 17),
    "person.relation": RELATIONS,
    "person.age": (12, 30),
    "person.place": ("third_country", "romania", "unknown"),
    "sponsor.unaccompanied": BOOL,
    "sponsor.parent_in_romania": ("none", "with_protection", "without_protection"),
    "sponsor.married": BOOL,
    "sponsor.fears_or_does_not_want": BOOL,
    "sponsor.parents_or_guardian": ("can_be_found", "cannot_be_found"),
}
TURNED_18 = {
    "sponsor.age": (18, 22, 23),
    "sponsor.turned_18": ("no", "during_asylum_procedure", "after_status"),
    "sponsor.applied_before_18": BOOL,
    "application": ("none", "refused"),
    "person.relation": ("spouse", "child", "parent", "guardian", "sibling", "other_relative"),
    "person.place": PLACES,
    "sponsor.status": ("refugee", "asylum_seeker", "other"),
}
GATES = {
    "application": ("none", "pending", "approved", "refused"),
    "months_since_application": (8, 9),
    "visa_refused": BOOL,
    "sponsor.status": STATUSES,
    "sponsor.refusal_days": (30, 31),
    "person.place": PLACES,
    "person.relation": ("sibling", "child"),
    "danger": BOOL,
}
GRIDS = {
    "couple": COUPLE,
    "child": CHILD,
    "stepchild": STEPCHILD,
    "adopted child": ADOPTED,
    "minor sponsor": MINOR_SPONSOR,
    "turned 18": TURNED_18,
    "gates": GATES,
}


def engine(facts: Flat) -> Result:
    finding = precheck(nest(facts))
    return Result(finding.row, finding.outcome, finding.flags)


def without_idle_facts(situation: Flat) -> Flat:
    """Drop what nobody would be told together with the rest."""
    dropped = set()
    if situation["application"] != "pending":
        dropped.add("months_since_application")
    if situation["application"] != "approved":
        dropped.add("visa_refused")
    if situation["sponsor.status"] != "no_status":
        dropped.add("sponsor.refusal_days")
    return {path: value for path, value in situation.items() if path not in dropped}


@pytest.mark.parametrize("name", GRIDS)
def test_every_possible_situation_of_a_grid_has_the_result_of_the_table(name: str) -> None:
    grid = GRIDS[name]
    rng = Random(0)  # noqa: S311
    seen: set[str] = set()
    for values in product(*grid.values()):
        situation = PLAIN | dict(zip(grid, values, strict=True))
        if situation["application"] != "none" and situation["person.age"] < 18:
            situation["person.under_18_at_family_application"] = True
        if not is_possible(fill(rng, situation)):
            continue
        situation = without_idle_facts(situation)
        key = repr(sorted(situation.items()))
        if key not in seen:
            seen.add(key)
            assert engine(situation) == refer(situation), situation
    assert len(seen) > 100


def test_random_situations_have_the_result_of_the_table() -> None:
    rng = Random(122)  # noqa: S311
    reached: Counter[str] = Counter()
    for _ in range(SITUATIONS):
        world = draw_world(rng)
        expected = refer(world)
        reached[expected.row] += 1
        assert engine(world) == expected, world
    assert not set(RANK) - set(reached), "the draw must reach every row"
