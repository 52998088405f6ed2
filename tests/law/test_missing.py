"""What is still asked: only what can change the result, all of it, and never without an end."""

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.law import ASKING_ORDER, SCHEMA, precheck
from tests.law.completions import DOMAINS, TOLD_BY_THE_DATE, has_witness
from tests.law.reference import Result, refer
from tests.law.worlds import NEVER_ASKED, Flat, draw_world, nest

QUIET = settings(max_examples=60, deadline=None, derandomize=True)
# Whole interviews: some twenty findings an example.
FEW = settings(max_examples=12, deadline=None, derandomize=True)
RANDOMS = st.randoms(use_true_random=False)
MOST_QUESTIONS = 25


def start(world: Flat) -> Flat:
    """Keep what a person tells unasked."""
    told = ("today", "asker", "documents", *NEVER_ASKED)
    unasked = {path: value for path, value in world.items() if path in told}
    if world.get("visa_refused") and world["application"] == "approved":
        unasked |= {"application": "approved", "visa_refused": True}
    return unasked


def reveal(rng: Random, world: Flat) -> Flat:
    """Tell a part of a situation, any share of it."""
    share = rng.choice([0.0, 0.2, 0.5, 0.8, 0.9, 0.95])
    return start(world) | {path: world[path] for path in world if rng.random() < share}


def as_result(facts: Flat) -> Result:
    finding = precheck(nest(facts))
    return Result(finding.row, finding.outcome, finding.flags)


@QUIET
@given(RANDOMS)
def test_a_finding_has_a_row_or_a_question(rng: Random) -> None:
    finding = precheck(nest(reveal(rng, draw_world(rng))))
    assert (finding.row is None) == bool(finding.missing)
    assert (finding.row is None) == (finding.outcome is None)


@QUIET
@given(RANDOMS)
def test_only_open_questions_that_may_be_asked_are_missing(rng: Random) -> None:
    facts = reveal(rng, draw_world(rng))
    missing = precheck(nest(facts)).missing
    assert not set(missing) & {*NEVER_ASKED, *facts, "asker", "today", "told_on", "documents"}
    assert all(SCHEMA[path].asked for path in missing)
    assert "visa_refused" not in missing or facts["application"] == "approved"


@QUIET
@given(RANDOMS)
def test_questions_come_in_the_order_of_asking(rng: Random) -> None:
    missing = precheck(nest(reveal(rng, draw_world(rng)))).missing
    assert sorted(missing, key=list(ASKING_ORDER).index) == list(missing)


@QUIET
@given(RANDOMS)
def test_a_decided_finding_is_that_of_the_whole_situation(rng: Random) -> None:
    world = draw_world(rng)
    finding = precheck(nest(reveal(rng, world)))
    if finding.row is not None:
        assert Result(finding.row, finding.outcome, finding.flags) == refer(world)


@FEW
@given(RANDOMS)
def test_giving_a_fact_never_removes_a_flag_that_was_certain(rng: Random) -> None:
    world = draw_world(rng)
    facts, certain = start(world), set[str]()
    for path in rng.sample(sorted(world), len(world)):
        facts[path] = world[path]
        flags = set(precheck(nest(facts)).flags)
        assert certain <= flags, f"{path} = {world[path]} took {certain - flags} away"
        certain = flags


@FEW
@given(RANDOMS)
def test_answering_in_order_ends_in_the_finding_of_the_whole_situation(rng: Random) -> None:
    world = draw_world(rng)
    facts = start(world)
    asked: list[str] = []
    while missing := precheck(nest(facts)).missing:
        asked.append(missing[0])
        assert len(asked) <= MOST_QUESTIONS, asked
        facts[missing[0]] = world[missing[0]]
    assert as_result(facts) == as_result(world)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(25))
def test_whoever_often_does_not_know_still_comes_to_a_row(seed: int) -> None:
    # Not Hypothesis: an engine that is slow here would be shrunk for minutes.
    rng = Random(seed)  # noqa: S311
    world = draw_world(rng)
    facts = start(world)
    asked: list[str] = []
    while missing := precheck(nest(facts)).missing:
        asked.append(missing[0])
        assert len(asked) <= MOST_QUESTIONS, asked
        # A fact that this situation has no value for can only be answered like this.
        unsure = rng.random() < 0.3 or missing[0] not in world
        facts[missing[0]] = "dont_know" if unsure else world[missing[0]]
    finding = precheck(nest(facts))
    assert finding.row is not None, facts
    assert finding.reason is None or finding.outcome == "HANDOFF"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("path", DOMAINS)
def test_one_answer_not_known_is_never_asked_again(path: str) -> None:
    told = {"today": "2026-11-21", path: "dont_know"}
    if path == "visa_refused":
        told["application"] = "approved"
    assert path not in precheck(nest(told)).missing


def partials(count: int) -> list[Flat]:
    """Draw half-told situations: nothing dangerous, since danger hides every other question."""
    rng = Random(6)  # noqa: S311
    drawn = []
    for _ in range(count):
        world = draw_world(rng) | {"danger": False}
        facts = reveal(rng, world)
        # Dates would exclude values that the witness tries.
        drawn.append({k: v for k, v in facts.items() if k != "sponsor.asylum_application"})
    return drawn


@cache
def half_told() -> list[tuple[Flat, tuple[str, ...]]]:
    return [(facts, precheck(nest(facts)).missing) for facts in partials(60)]


def test_a_finding_does_not_depend_on_the_findings_before_it() -> None:
    for facts, missing in reversed(half_told()):
        assert precheck(nest(facts)).missing == missing


def test_every_question_can_change_the_result() -> None:
    rng = Random(7)  # noqa: S311
    for facts, missing in half_told():
        for path in missing:
            paths = TOLD_BY_THE_DATE if path == "sponsor.asylum_application" else (path,)
            open_paths = [each for each in paths if each not in facts]
            assert any(
                has_witness(rng, facts, each, 4000, possible=False) for each in open_paths
            ), f"{path} changes nothing, knowing {facts}"


@pytest.mark.parametrize("path", [path for path in DOMAINS if path != "visa_refused"])
def test_a_fact_that_can_change_the_result_is_asked(path: str) -> None:
    rng = Random(8)  # noqa: S311
    for facts, missing in half_told():
        # These two count only of sponsors up to 22, so the age comes before them.
        waits = path in ("sponsor.turned_18", "sponsor.applied_before_18")
        if path in facts or path in missing or (waits and "sponsor.age" not in facts):
            continue
        assert not has_witness(rng, facts, path, 60, possible=True), facts
