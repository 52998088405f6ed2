"""What open facts may still turn out to be, and whether that could change the result.

The reference decides, never the engine: a *witness* is one way to fill in all other open facts
under which two values of one fact give two results.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.law.reference import CHILDREN, PROTECTED, Result, refer
from tests.law.worlds import FORMS, RELATIONS, STATUSES, WHENS, Flat

BOOL = (False, True)
DOMAINS: dict[str, tuple[Any, ...]] = {
    "application": ("none", "none", "pending", "approved", "refused"),
    "months_since_application": (0, 8, 9, 20),
    "visa_refused": BOOL,
    "sponsor.status": (*PROTECTED, *PROTECTED, *STATUSES),
    "sponsor.refusal_days": (0, 30, 31, 400),
    "sponsor.age": (12, 16, 17, 18, 22, 23, 34),
    "sponsor.unaccompanied": BOOL,
    "sponsor.parent_in_romania": ("none", "with_protection", "without_protection"),
    "sponsor.married": BOOL,
    "sponsor.turned_18": ("no", "during_asylum_procedure", "after_status"),
    "sponsor.applied_before_18": BOOL,
    "sponsor.parents_or_guardian": ("can_be_found", "cannot_be_found"),
    "person.relation": (*RELATIONS, *CHILDREN),
    "person.place": ("country_of_origin", "third_country") * 3 + ("eu", "romania", "unknown"),
    "person.in_origin_at_asylum_application": BOOL,
    "person.marriage.form": (*FORMS, "official", "official"),
    "person.marriage.when": WHENS,
    "person.marriage.other_spouses": BOOL,
    "person.marriage.under_18_at_marriage": BOOL,
    "person.marriage.under_18_now": BOOL,
    "person.age": (0, 3, 16, 17, 18, 19, 25),
    "person.age_at_asylum_application": (0, 15, 17, 18, 24),
    "person.under_18_at_family_application": BOOL,
    "person.married": BOOL,
    "person.born_after_asylum_application": BOOL,
    "person.adopted_under_home_law": BOOL,
    "person.adopted_after_asylum_application": BOOL,
    "person.dependent_for_health": BOOL,
}
# The date of the asylum application is asked for the sake of these.
TOLD_BY_THE_DATE = (
    "person.age_at_asylum_application",
    "person.born_after_asylum_application",
    "sponsor.turned_18",
)


# Values under which other facts come to bear; drawn half of the time.
CALM = {
    "application": "none",
    "sponsor.status": "refugee",
    "sponsor.married": False,
    "sponsor.parent_in_romania": "none",
    "person.place": "third_country",
    "person.in_origin_at_asylum_application": True,
    "person.marriage.form": "official",
    "person.marriage.when": "before_flight",
    "person.marriage.other_spouses": False,
    "person.marriage.under_18_at_marriage": False,
    "person.marriage.under_18_now": False,
    "person.married": False,
    "person.born_after_asylum_application": False,
    "person.under_18_at_family_application": False,
    "person.adopted_under_home_law": True,
    "person.adopted_after_asylum_application": False,
}


def fill(rng: Random, partial: Flat) -> Flat:
    """Give every open fact that is ever asked some value."""
    drawn = {
        path: CALM[path] if path in CALM and rng.random() < 0.5 else rng.choice(values)
        for path, values in DOMAINS.items()
    }
    return drawn | partial


def is_possible(f: Flat) -> bool:
    """Refuse situations whose facts contradict each other."""
    return not any(contradictions(f))


def contradictions(f: Flat) -> Iterator[bool]:
    """List what cannot be true together."""
    age, then = f["person.age"], f["person.age_at_asylum_application"]
    unborn, family = f["person.born_after_asylum_application"], f["application"] != "none"
    couple = f["person.relation"] in ("spouse", "fiance", "partner")
    yield f["sponsor.unaccompanied"] and f["sponsor.parent_in_romania"] != "none"
    yield not f["sponsor.married"] and f["person.relation"] in ("spouse", "fiance")
    yield f["sponsor.turned_18"] != "no" and f["sponsor.age"] < 18
    yield f["sponsor.turned_18"] == "after_status" and f["sponsor.status"] == "asylum_seeker"
    yield f["sponsor.applied_before_18"] and not family
    yield f["person.under_18_at_family_application"] and (not family or then >= 18)
    yield family and age < 18 and not f["person.under_18_at_family_application"]
    yield then > age or (unborn and (then > 0 or age >= 18))
    yield unborn and not f["person.adopted_after_asylum_application"]
    yield couple and f["person.marriage.under_18_now"] != (age < 18)
    yield not couple and (
        f["person.marriage.under_18_at_marriage"] or f["person.marriage.under_18_now"]
    )
    yield (
        f["person.relation"] in ("fiance", "partner")
        and (f["person.marriage.under_18_at_marriage"])
    )
    yield f["person.marriage.under_18_now"] and (
        f["person.relation"] == "spouse" and not f["person.marriage.under_18_at_marriage"]
    )


def results(situation: Flat, path: str, *, possible: bool) -> set[Result]:
    """Give the results that the values of one fact lead to."""
    variants = [situation | {path: value} for value in dict.fromkeys(DOMAINS[path])]
    return {refer(variant) for variant in variants if not possible or is_possible(variant)}


def has_witness(rng: Random, partial: Flat, path: str, tries: int, *, possible: bool) -> bool:
    """Look for a way to fill in the rest so that this fact changes the result."""
    return any(len(results(fill(rng, partial), path, possible=possible)) > 1 for _ in range(tries))
