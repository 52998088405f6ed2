"""How the guards' shares, and what the reader must add to them, are chosen."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.encoder.adapter import Adapter
from bot.nlu.apart import Examples, Known, judge, parts_of
from bot.nlu.effect import Effect, take
from bot.nlu.reader import DOUBT, VOICE
from bot.nlu.shares import weigh
from bot.nlu.tune import choose, keep_back
from bot.vocabulary import digests_of


def effect(value, near_alarms):
    return Effect(value, 0.5, near_alarms, {}, {}, {}, np.array([]))


def test_the_easiest_value_with_which_false_alarms_meet_the_goal_is_taken():
    effects = [effect(0.01, 0.01), effect(0.02, 0.03), effect(0.03, 0.04)]
    assert take(effects, goal=0.03).value == 0.02


def test_where_no_value_meets_the_goal_the_strictest_is_taken():
    assert take([effect(0.01, 0.4), effect(0.02, 0.5)], goal=0.03).value == 0.01


def test_neighbours_of_one_run_stand_in_one_part_and_every_part_is_used():
    runs = ["a"] * 100 + ["b"] * 100
    parts = parts_of(runs)
    assert len(parts) == len(runs)
    assert len(set(parts[:8])) == len(set(parts[100:108])) == 1
    assert len(set(parts)) == 4
    assert list(parts) == list(parts_of(runs))


def known(examples):
    scores = examples.rows.toarray()[:, ::-1]
    part = np.flatnonzero(examples.parts == 0)
    return Known(part, scores[part], scores)


@pytest.fixture
def examples():
    """Danger is the first column, another intent the second, near misses have a bit of both."""
    one = np.array([[1.0, 0.0]] * 40 + [[0.0, 1.0]] * 80 + [[0.3, 0.7]] * 40)
    noise = np.random.default_rng(1).normal(0, 0.02, one.shape)
    return Examples(
        texts=[f"example {place}" for place in range(160)],
        rows=csr_matrix(one + noise),
        intents=np.array(["report_danger"] * 40 + ["inform"] * 120),
        languages=np.array(["en", "ar"] * 80),
        near=np.array([False] * 120 + [True] * 40),
        parts=np.arange(160) % 4,
        spotted=np.array([""] * 118 + ["danger"] * 2 + [""] * 40),
        shouts=np.array([False] * 119 + [True] + [False] * 40),
    )


def test_found_and_false_alarms_are_counted_by_language_with_the_safety_words_on_top(examples):
    nothing = np.zeros(160, dtype=bool)
    danger = judge("report_danger", examples, known(examples))
    effects = list(weigh(danger, examples, nothing))
    assert [round(one.value, 4) for one in effects[:2]] == [0.0025, 0.005]
    first = effects[0]
    assert min(first.found.values()) > 0.9
    assert (first.all_alarms, first.near_alarms) == (1 / 120, 0.0)
    # Of two other examples with a safety word, the Arabic one is so short that it counts though the
    # guard is sure of no danger; none is a near miss.
    assert first.alarms == {"ar": 1 / 60, "en": 0.0}
    assert first.near == {"ar": 0.0, "en": 0.0}


def test_what_an_earlier_guard_takes_is_not_found_by_the_next(examples):
    everything = np.ones(160, dtype=bool)
    first = next(weigh(judge("report_danger", examples, known(examples)), examples, everything))
    assert first.found == {"ar": 0.0, "en": 0.0}
    assert first.alarms == {"ar": 1 / 60, "en": 0.0}


def test_another_guard_leaves_alone_what_the_classifier_takes_for_what_must_not_be_missed(examples):
    nothing = np.zeros(160, dtype=bool)
    # Meant for a person, all but one; the classifier puts danger first for each of them.
    intents = np.where(examples.intents == "report_danger", "request_human", "inform")
    intents[0] = "report_danger"
    spotted = np.array([""] * 160)
    danger_first = np.column_stack([examples.rows.toarray()[:, ::-1], np.zeros(160)])
    part = np.flatnonzero(examples.parts == 0)
    other = replace(examples, intents=intents, spotted=spotted)
    person = judge("request_human", other, Known(part, danger_first[part], danger_first))
    first = next(weigh(person, other, nothing))
    assert first.found == {"ar": 0.0, "en": 0.0}


def test_with_the_reader_danger_is_found_that_the_guard_alone_misses(examples, capsys):
    danger = judge(
        "report_danger", replace(examples, spotted=np.array([""] * 160)), known(examples)
    )
    kept = np.ones(160, dtype=bool)
    # The guard is in doubt about everything and finds nothing; the reader can tell.
    above = np.full(160, -DOUBT / 2)
    odds = np.where(danger.guarded, 4.0, -4.0)
    needs = choose([danger], {"report_danger": above}, {"report_danger": odds}, examples, kept)
    alone, first, *_ = [line for line in capsys.readouterr().out.splitlines() if "found" in line]
    assert "found ar 0.00% en 0.00%" in alone
    assert "found ar 0.00% en 0.00%" in first
    # What both reach together is all danger and nothing else between these two.
    harmless, danger = -DOUBT / 2 - VOICE * 4, -DOUBT / 2 + VOICE * 4
    assert harmless < needs["report_danger"] <= danger


def test_what_the_reader_was_not_shown_it_is_never_shown(examples):
    first = keep_back(examples, None)
    assert list(first) == list(examples.parts == 0)
    digests = digests_of(list(np.array(examples.texts)[first]))
    adapter = Adapter({}, (), np.array([]), np.array([]), digests)
    moved = replace(examples, parts=examples.parts[::-1])
    assert list(keep_back(moved, adapter)) == list(first)
