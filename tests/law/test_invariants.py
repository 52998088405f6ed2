"""The invariants of the decision table, as properties of random whole situations."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actions.law import ROWS, FactsError, Finding, precheck
from tests.law.completions import DOMAINS
from tests.law.reference import CHILDREN, refer, turned_18_row
from tests.law.worlds import DOCUMENTS, Flat, draw_world, nest

QUIET = settings(max_examples=150, deadline=None, derandomize=True)
WORLDS = st.randoms(use_true_random=False).map(draw_world)
AGES = (
    "sponsor.age",
    "person.age",
    "person.age_at_asylum_application",
    "sponsor.turned_18",
)
# `dont_know` of these is a value of its own in the table.
SETTLED_DONT_KNOWS = ("person.place", "months_since_application", "sponsor.refusal_days")


def find(world: Flat, **changed: Any) -> Finding:
    return precheck(nest(world | {path.replace("__", "."): v for path, v in changed.items()}))


def verdict(finding: Finding) -> tuple[str | None, str | None]:
    return finding.row, finding.outcome


@QUIET
@given(WORLDS)
def test_a_fully_known_situation_reaches_exactly_one_row_and_asks_nothing(world: Flat) -> None:
    finding = find(world)
    assert finding.row in ROWS
    assert finding.outcome == ROWS[finding.row].outcome
    assert finding.missing == ()
    assert finding.reason is None
    assert set(finding.facts) == set(ROWS[finding.row].facts)


@QUIET
@given(WORLDS)
def test_refugee_or_subsidiary_never_changes_anything(world: Flat) -> None:
    refugee = find(world, sponsor__status="refugee")
    subsidiary = find(world, sponsor__status="subsidiary_protection")
    assert refugee.dump() == subsidiary.dump()


@pytest.mark.parametrize("path", ["income", "housing", "insurance", "language", "length_of_stay"])
@pytest.mark.parametrize("owner", ["", "sponsor.", "person."])
def test_income_housing_insurance_language_and_stay_are_no_facts(path: str, owner: str) -> None:
    with pytest.raises(FactsError):
        precheck(nest({"today": "2026-11-21", owner + path: True}))


@QUIET
@given(WORLDS)
def test_the_country_of_stay_outside_romania_and_the_eu_changes_nothing(world: Flat) -> None:
    home = find(world, person__place="country_of_origin")
    third = find(world, person__place="third_country")
    assert home.dump() == third.dump()


@QUIET
@given(WORLDS, st.sampled_from([True, False, "dont_know"]))
def test_where_the_family_was_then_only_adds_a_counsellor(world: Flat, was: Any) -> None:
    at_home = find(world, person__in_origin_at_asylum_application=True)
    other = find(world, person__in_origin_at_asylum_application=was)
    assert verdict(at_home) == verdict(other)
    assert set(other.flags) - set(at_home.flags) <= {"HANDOFF"}
    assert set(other.flags) >= set(at_home.flags)


@QUIET
@given(WORLDS, st.sets(st.sampled_from(DOCUMENTS)))
def test_documents_add_at_most_a_counsellor(world: Flat, papers: set[str]) -> None:
    without, told = find(world, documents=[]), find(world, documents=sorted(papers))
    assert verdict(without) == verdict(told)
    blocked = papers & {"embassy_out_of_reach", "no_passport"}
    assert set(told.flags) == set(without.flags) | ({"HANDOFF"} if blocked else set())


@QUIET
@given(WORLDS)
def test_what_cannot_wait_is_urgent_whichever_row_wins(world: Flat) -> None:
    a_child = world["person.relation"] in CHILDREN
    cannot_wait = (
        world["application"] == "refused"
        or (world["application"] == "approved" and world["visa_refused"])
        or world["sponsor.age"] == 17
        or turned_18_row(world)
        or (a_child and world["person.age"] == 17)
        or (
            a_child and world["person.age"] >= 18 and world["person.age_at_asylum_application"] < 18
        )
    )
    assume(cannot_wait)
    assert {"URGENT", "HANDOFF"} <= set(find(world).flags)


@QUIET
@given(WORLDS, st.sampled_from(["sponsor", "family_abroad", "helper"]))
def test_who_writes_changes_no_finding(world: Flat, asker: str) -> None:
    assert find(world, asker=asker).dump() == find(world).dump()


@QUIET
@given(WORLDS, st.sampled_from([path for path in DOMAINS if path not in AGES]))
def test_dont_know_is_a_counsellor_and_never_a_guess(world: Flat, path: str) -> None:
    # Told ages and dates would exclude some of the values tried below.
    assume(path in world and path not in (*SETTLED_DONT_KNOWS, "sponsor.status"))
    # Whoever's age is told is under 18 or not: that is not in doubt.
    assume(path != "person.marriage.under_18_now" or "person.age" not in world)
    known = {k: v for k, v in world.items() if k != "sponsor.asylum_application"}
    worlds = [known | {path: value} for value in dict.fromkeys(DOMAINS[path])]
    # "Not married" beside a wife or a fiancé(e) of a sponsor under 18 is read as C14, whose words
    # name the fiancé(e); the reference reads it as C5. No such pair is drawn as a world.
    assume(path != "sponsor.married" or world["person.relation"] not in ("spouse", "fiance"))
    tried = [refer(filled(each)) for each in worlds if not is_unmarried_couple(each)]
    # Known whole but for this fact: another relation would make other facts matter.
    finding = find(filled(known), **{path: "dont_know"})
    certain = set.intersection(*(set(result.flags) for result in tried))
    assert finding.missing == ()
    assert certain <= set(finding.flags)
    if len({result.row for result in tried}) == 1:
        assert verdict(finding) == (tried[0].row, tried[0].outcome)
        return
    assert finding.outcome == "HANDOFF"
    assert finding.row == ("C14" if world["sponsor.age"] < 18 else "B24")
    assert finding.reason == f"dont_know:{path}"
    assert set(finding.flags) - {"URGENT"} == (certain | {"HANDOFF"}) - {"URGENT"}


def is_unmarried_couple(facts: Flat) -> bool:
    couple = facts["person.relation"] in ("spouse", "fiance")
    return facts["sponsor.age"] < 18 and couple and facts.get("sponsor.married") is False


def filled(facts: Flat) -> Flat:
    """Add what another value of one fact would make relevant."""
    spare = {path: values[0] for path, values in DOMAINS.items()}
    return spare | facts


@QUIET
@given(WORLDS)
def test_an_unknown_status_is_row_a12_where_no_gate_stands_before_it(world: Flat) -> None:
    assume(world["application"] == "none" and not world["danger"])
    finding = find(world, sponsor__status="dont_know")
    assert verdict(finding) == ("A12", "HANDOFF")
    assert finding.reason == "dont_know:sponsor.status"
    assert "HANDOFF" in finding.flags


@QUIET
@given(WORLDS, st.sampled_from(["sponsor.age", "person.age"]))
def test_an_unknown_age_that_matters_is_urgent(world: Flat, path: str) -> None:
    assume(path in world)
    known = {k: v for k, v in world.items() if k != "sponsor.asylum_application"}
    finding = find(known, **{path: "dont_know"})
    if finding.reason == f"dont_know:{path}":
        assert finding.outcome == "HANDOFF"
        assert {"URGENT", "HANDOFF"} <= set(finding.flags)


@QUIET
@given(WORLDS)
def test_a_finding_dumps_to_the_promised_json(world: Flat) -> None:
    finding = find(world)
    dumped = finding.dump()
    assert set(dumped) - {"reason"} == {"row", "outcome", "flags", "facts", "missing", "guidance"}
    assert dumped["flags"] == sorted(dumped["flags"])
    assert all(isinstance(dumped[key], list) for key in ("flags", "facts", "missing", "guidance"))
