"""Whole situations made from dates, so that ages, "born after" and months agree with each other.

`draw_world(rng)` serves a seeded `random.Random` and Hypothesis' own `Random` alike.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.law.reference import CHILDREN, PROTECTED

TODAY = date(2026, 11, 21)
# Never asked and never in `missing`: absent means false.
NEVER_ASKED = (
    "danger",
    "person.marriage.forced",
    "person.marriage.same_sex",
    "person.marriage.ended",
    "sponsor.fears_or_does_not_want",
)
STATUSES = (
    "refugee subsidiary_protection asylum_seeker temporary_protection tolerated no_status "
    "romanian_citizen other"
).split()
RELATIONS = (
    "spouse fiance partner child stepchild adopted_child raised_child parent guardian sibling "
    "other_relative"
).split()
DOCUMENTS = "with_me with_family none embassy_out_of_reach no_passport no_money".split()
FORMS = tuple("official religious proxy late_registered".split())
WHENS = tuple("before_flight after_flight_before_entry after_entry".split())

Flat = dict[str, Any]


def nest(flat: Flat) -> dict[str, Any]:
    """Turn `{"person.age": 3}` into `{"person": {"age": 3}}`."""
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, leaf = path.split(".")
        node = nested
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value
    return nested


def draw_world(rng: Random) -> Flat:
    """Draw every fact of one situation; all of them are known."""
    facts: Flat = {"today": TODAY.isoformat(), "asker": rng.choice(["sponsor", "helper"])}
    birth, asylum, protected = draw_sponsor(rng, facts)
    applied = draw_application(rng, facts, protected or asylum)
    draw_majority(facts, birth, asylum, protected, applied)
    draw_person(rng, facts, asylum, applied)
    draw_minor_sponsor(rng, facts)
    facts["danger"] = rng.random() < 0.03
    facts["documents"] = [paper for paper in DOCUMENTS if rng.random() < 0.1]
    return facts


def draw_sponsor(rng: Random, facts: Flat) -> tuple[date, date, date | None]:
    """Draw the sponsor; return birth, asylum application, and grant of protection if any."""
    age = rng.choice([rng.randint(12, 16), 17, 18, rng.randint(18, 22), 22, 23, 34, 34, 34, 61])
    birth = born(rng, age)
    asylum = between(rng, max(date(2010, 1, 1), birth + timedelta(days=4000)), days_ago(40))
    status = rng.choice([*PROTECTED * 6, *STATUSES])
    granted = status in PROTECTED or status == "romanian_citizen"
    facts["sponsor.age"] = age
    facts["sponsor.status"] = status
    facts["sponsor.asylum_application"] = asylum.strftime("%Y-%m")
    if status == "no_status":
        facts["sponsor.refusal_days"] = rng.choice([0, 6, 29, 30, 31, 400])
    return birth, asylum, between(rng, asylum, days_ago(5)) if granted else None


def draw_application(rng: Random, facts: Flat, earliest: date) -> date | None:
    """Draw what became of an application for the family, and the day it was made."""
    application = rng.choice(["none"] * 5 + ["pending", "pending", "approved", "refused"])
    facts["application"] = application
    if application == "none":
        return None
    applied = between(rng, earliest, TODAY)
    if application == "pending":
        facts["months_since_application"] = (TODAY - applied).days * 12 // 365
    if application == "approved":
        facts["visa_refused"] = rng.random() < 0.3
    return applied


def draw_majority(
    facts: Flat, birth: date, asylum: date, protected: date | None, applied: date | None
) -> None:
    """Say when the sponsor turned 18, as the dates have it."""
    majority = birthday(birth, 18)
    if facts["sponsor.age"] < 18 or majority <= asylum:
        turned = "no"
    elif protected is None or majority <= protected:
        turned = "during_asylum_procedure"
    else:
        turned = "after_status"
    facts["sponsor.turned_18"] = turned
    facts["sponsor.applied_before_18"] = applied is not None and applied < majority


def draw_minor_sponsor(rng: Random, facts: Flat) -> None:
    """Draw what only a sponsor under 18 is asked."""
    alone = rng.random() < 0.7
    facts["sponsor.unaccompanied"] = alone
    facts["sponsor.parent_in_romania"] = (
        "none" if alone else rng.choice(["none", "with_protection", "without_protection"])
    )
    engaged = facts["person.relation"] in ("spouse", "fiance")
    facts["sponsor.married"] = engaged or rng.random() < 0.1
    facts["sponsor.parents_or_guardian"] = rng.choice(["can_be_found", "cannot_be_found"])
    facts["sponsor.fears_or_does_not_want"] = facts["sponsor.age"] < 18 and rng.random() < 0.1


def draw_person(rng: Random, facts: Flat, asylum: date, applied: date | None) -> None:
    """Draw the person abroad."""
    relation = rng.choice([*RELATIONS, *CHILDREN, "child", "spouse"])
    facts["person.relation"] = relation
    facts["person.place"] = rng.choice(
        ["country_of_origin", "third_country"] * 5 + ["eu", "romania", "unknown"]
    )
    facts["person.in_origin_at_asylum_application"] = rng.random() < 0.7
    if relation in ("spouse", "stepchild"):
        draw_marriage(rng, facts)
    if relation in ("spouse", "fiance", "partner"):
        draw_couple(rng, facts)
    if relation in CHILDREN:
        draw_child(rng, facts, asylum, applied)


def draw_marriage(rng: Random, facts: Flat) -> None:
    """Draw a marriage: the spouse's, or that of a stepchild's parent."""
    facts["person.marriage.form"] = rng.choice([*FORMS, "official", "official", "official"])
    facts["person.marriage.when"] = rng.choice([*WHENS, "before_flight", "before_flight"])
    facts["person.marriage.other_spouses"] = rng.random() < 0.15
    facts["person.marriage.ended"] = rng.random() < 0.15
    # Said of a stepchild's parent, these would need a sentence that the table does not have.
    facts["person.marriage.under_18_at_marriage"] = False
    facts["person.marriage.under_18_now"] = False


def draw_couple(rng: Random, facts: Flat) -> None:
    """Draw what holds of a spouse, fiancé(e) or partner."""
    minor_now = rng.random() < 0.1
    wed = facts["person.relation"] == "spouse"
    facts["person.age"] = rng.choice([16, 17]) if minor_now else rng.choice([18, 19, 33])
    facts["person.marriage.under_18_now"] = minor_now
    facts["person.marriage.under_18_at_marriage"] = wed and (minor_now or rng.random() < 0.1)
    facts["person.marriage.forced"] = rng.random() < 0.05
    # Both told at once is a marriage that B8 and B24 each claim.
    ended = facts.get("person.marriage.ended", False)
    facts["person.marriage.same_sex"] = (
        facts["person.relation"] in ("spouse", "partner") and not ended and rng.random() < 0.1
    )


def draw_child(rng: Random, facts: Flat, asylum: date, applied: date | None) -> None:
    """Draw a child: own, step, adopted or raised."""
    age = rng.choice([rng.randint(0, 16), rng.randint(0, 16), 17, 18, rng.randint(18, 30)])
    birth = born(rng, age)
    after = birth > asylum
    facts["person.age"] = age
    facts["person.born_after_asylum_application"] = after
    if not after:
        facts["person.age_at_asylum_application"] = years(birth, asylum)
    facts["person.under_18_at_family_application"] = applied is not None and applied < birthday(
        birth, 18
    )
    facts["person.married"] = rng.random() < 0.15
    facts["person.dependent_for_health"] = rng.random() < 0.3
    if facts["person.relation"] == "adopted_child":
        facts["person.adopted_under_home_law"] = rng.random() < 0.8
        facts["person.adopted_after_asylum_application"] = after or rng.random() < 0.2


def born(rng: Random, age: int) -> date:
    """Draw a day of birth of somebody who is `age` years old today."""
    return birthday(TODAY, -age) - timedelta(days=rng.randint(0, 364))


def birthday(day: date, years_later: int) -> date:
    """Move a day by whole years; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years_later)
    except ValueError:
        return date(day.year + years_later, 3, 1)


def years(birth: date, day: date) -> int:
    """Count whole years of life on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def between(rng: Random, first: date, last: date) -> date:
    """Draw a day, both ends included."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def days_ago(days: int) -> date:
    """Count back from today."""
    return TODAY - timedelta(days=days)
