"""Nobody waits for the law: what it looks at is counted, and what it keeps changes nothing."""

from random import Random

import pytest

from actions.law import ASKING_ORDER, precheck
from actions.law.derive import follows
from actions.law.memory import MOST_KEPT, amount, tidy
from tests.law.completions import DOMAINS, fill
from tests.law.test_missing import partials, start
from tests.law.worlds import Flat, draw_world, nest

# Steps from nothing kept. A thousand take about six milliseconds.
MOST_STEPS = 25_000
DOUBTFUL = [path for path in ASKING_ORDER if path != "sponsor.asylum_application"]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    tidy(0)


def all_doubts(known: Flat) -> Flat:
    """Every fact that is ever asked was asked twice and is not known."""
    return {"today": "2026-11-21", **dict.fromkeys(ASKING_ORDER, "dont_know"), **known}


def test_the_first_question_is_found_in_few_steps() -> None:
    precheck({})
    assert 0 < amount() < MOST_STEPS


@pytest.mark.parametrize("path", DOUBTFUL)
def test_one_fact_in_doubt_costs_few_steps(path: str) -> None:
    precheck(nest({"today": "2026-11-21", path: "dont_know"}))
    assert amount() < MOST_STEPS


@pytest.mark.parametrize("known", [{}, {"sponsor.status": "refugee"}, {"application": "pending"}])
def test_everything_in_doubt_costs_few_steps_and_has_a_row(known: Flat) -> None:
    assert precheck(nest(all_doubts(known))).row is not None
    assert amount() < MOST_STEPS


def test_what_is_kept_has_a_limit() -> None:
    rng = Random(9)  # noqa: S311
    for _ in range(300):
        facts = start(draw_world(rng))
        facts |= {path: "dont_know" for path in DOUBTFUL if rng.random() < 0.2}
        precheck(nest(facts))
        assert amount() < MOST_KEPT + MOST_STEPS


def test_what_is_kept_changes_no_finding() -> None:
    for facts in partials(20):
        once = precheck(nest(facts))
        tidy(0)
        assert precheck(nest(facts)) == once


@pytest.mark.parametrize("seed", range(20))
def test_once_it_is_decided_beside_a_doubt_no_other_fact_changes_it(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    facts = rng.choice(partials(40)) | {rng.choice(DOUBTFUL): "dont_know"}
    world = fill(rng, facts) | {"sponsor.asylum_application": "dont_know"}
    while missing := (finding := precheck(nest(facts))).missing:
        facts[missing[0]] = world[missing[0]]
    settled = {*facts, *follows(facts.get("application"))}
    for path in DOMAINS.keys() - settled:
        for value in dict.fromkeys(DOMAINS[path]):
            other = precheck(nest(facts | {path: value}))
            assert (other.row, other.flags) == (finding.row, finding.flags), (path, value)
