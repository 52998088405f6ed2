"""The course of the questions: whatever is answered, the interview ends and asks nothing twice."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.form import TRIES, clarify
from actions.interview.findings import groups_of
from actions.interview.questions import Question, give_up, next_question
from actions.interview.reading import Reading
from actions.interview.situation import DONT_KNOW, RELATIONS, Situation
from actions.law import SCHEMA
from tests.interview.saying import read
from tests.interview.words import buttons_of, domain, responses

MOST_QUESTIONS = 30
MANY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
FAMILIES = st.lists(st.sampled_from(sorted(RELATIONS)), min_size=1, max_size=4)


class Silent:
    """A dispatcher that only notes what was uttered."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def utter_message(self, response: str, **_: Any) -> None:
        self.names.append(response)


def new(kinds: list[str], **shared: Any) -> Situation:
    situation = Situation(shared={"asker": "sponsor", **shared})
    for kind in kinds:
        situation.add(kind)
    return situation


def abroad(kinds: list[str]) -> Situation:
    """A relative writes: of nobody is it known who they are to the person in Romania."""
    situation = new(["self", *kinds], asker="family_abroad")
    for member in situation.members:
        member.facts.pop("relation", None)
    return situation


def choices_of(question: Question) -> list[dict[str, str]]:
    """The entities of each choice that the question's sentence offers."""
    offered = buttons_of(f"utter_ask_{question.slot}")
    return [json.loads(button["payload"].removeprefix("/inform")) for button in offered]


def answers_of(question: Question, random: Random) -> dict[str, str]:
    """Any answer: one of the choices, or what may be written where a number is asked."""
    kind = SCHEMA[question.paths[0]].kind
    if kind == "int" and random.random() < 0.8:
        return {"number": str(random.choice([0, 5, 12, 16, 17, 18, 20, 22, 23, 40, 70]))}
    if kind == "date" and random.random() < 0.8:
        return {"date": f"{random.randint(2012, 2025)}-{random.randint(1, 12):02}"}
    return random.choice(choices_of(question))


def answer(situation: Situation, question: Question, entities: dict[str, str]) -> Reading:
    """What the form does with a message: read it, and after two tries give up."""
    given = [{"entity": name, "value": value} for name, value in entities.items()]
    reading = Reading(situation, question, given, "inform")
    if not reading.answered:
        clarify(Silent(), situation, question, reading.unknown)  # type: ignore[arg-type]
    return reading


def interview(situation: Situation, random: Random) -> list[Question]:
    """Answer every question until none is left."""
    asked: list[Question] = []
    while (question := next_question(situation)) is not None:
        assert len(asked) < MOST_QUESTIONS, [q.slot for q in asked]
        asked.append(question)
        answer(situation, question, answers_of(question, random))
    return asked


@MANY
@given(kinds=FAMILIES, seed=st.integers(0, 10**6))
def test_whatever_is_answered_the_interview_ends_with_a_finding_for_everyone(
    kinds: list[str], seed: int
) -> None:
    situation = new(kinds)
    interview(situation, Random(seed))
    groups = groups_of(situation)
    assert sum(len(group.members) for group in groups) == len(situation.members) >= len(kinds)
    assert all(group.finding.row and group.finding.outcome for group in groups)


@MANY
@given(kinds=FAMILIES, seed=st.integers(0, 10**6))
def test_nothing_is_asked_twice_but_what_was_not_known(kinds: list[str], seed: int) -> None:
    situation = new(kinds)
    asked = [(question.slot, question.members) for question in interview(situation, Random(seed))]
    for question in set(asked):
        tries = situation.tries.get(":".join((question[0], *question[1])), 0)
        assert asked.count(question) <= min(TRIES, 1 + tries), question


@MANY
@given(kinds=FAMILIES, seed=st.integers(0, 10**6))
def test_every_question_that_is_asked_can_be_said(kinds: list[str], seed: int) -> None:
    for question in interview(new(kinds), Random(seed)):
        assert f"utter_ask_{question.slot}" in responses()
        assert question.slot in domain()["slots"]
        placeholder = "{person}" in responses()[f"utter_ask_{question.slot}"][0]["text"]
        assert bool(question.members) or not placeholder


@MANY
@given(kinds=FAMILIES, seed=st.integers(0, 10**6))
def test_a_family_that_knows_nothing_is_given_to_a_counsellor(kinds: list[str], seed: int) -> None:
    situation = new(kinds, **{"sponsor.status": "refugee", "application": "none"})
    for member in situation.members:
        member.facts["place"] = "third_country"
    for _ in range(2 * MOST_QUESTIONS):
        question = next_question(situation)
        if question is None:
            break
        answer(situation, question, {"answer": "dont_know"})
    assert next_question(situation) is None
    findings = [group.finding for group in groups_of(situation)]
    assert all("HANDOFF" in finding.flags for finding in findings)


@MANY
@given(kinds=st.lists(st.sampled_from(["child", "mother"]), max_size=3), seed=st.integers(0, 10**6))
def test_family_abroad_is_asked_who_they_are_to_the_sponsor(kinds: list[str], seed: int) -> None:
    situation = abroad(kinds)
    asked = interview(situation, Random(seed))
    assert all(group.finding.row for group in groups_of(situation))
    assert len(situation.members) == len(kinds) + 1
    assert all(question.slot != "person_relation" for question in asked)


def test_the_answer_who_you_are_to_the_sponsor_makes_no_new_person() -> None:
    situation = abroad(["child"])
    question = Question("member_relation", ("person.relation",), ("p1",))
    read("[I am](self) his [wife](person=wife)", situation=situation, question=question)
    assert [member.facts.get("relation") for member in situation.members] == ["spouse", None]


def test_before_anything_about_a_person_comes_who_it_is() -> None:
    shared = {"application": "none", "sponsor.status": "refugee", "sponsor.age": 34}
    situation = new([], **shared)
    asked = [question.slot for question in interview(situation, Random(5))]
    persons = [slot for slot in asked if slot.startswith(("person_", "family_"))]
    assert persons[0] == "person_relation"


def test_the_first_question_is_who_writes() -> None:
    assert next_question(Situation()) == Question("asker", ("asker",))


@pytest.mark.parametrize(
    ("slot", "shared"),
    [
        ("sponsor_status", {"application": "none"}),
        ("sponsor_age", {"application": "none", "sponsor.status": "refugee"}),
    ],
)
def test_asked_twice_and_not_known_is_a_reason_for_a_counsellor(
    slot: str, shared: dict[str, str]
) -> None:
    situation = new(["wife"], **shared)
    for _ in range(TRIES):
        question = next_question(situation)
        assert question is not None
        assert question.slot == slot
        answer(situation, question, {"answer": "dont_know"})
    interview(situation, Random(1))
    finding = groups_of(situation)[0].finding
    assert finding.reason == f"dont_know:{slot.replace('_', '.', 1)}"
    assert finding.outcome == "HANDOFF"
    assert "HANDOFF" in finding.flags


def test_each_member_is_asked_twice_of_their_own() -> None:
    situation = new(["stepson", "stepdaughter"])
    son, daughter = (
        Question("person_age", ("person.age",), (member.key,)) for member in situation.members
    )
    for question in (son, son, daughter):
        answer(situation, question, {})
    assert situation.members[0].facts["age"] == DONT_KNOW
    assert "age" not in situation.members[1].facts


def test_not_knowing_who_it_is_about_makes_a_person_of_whom_nothing_is_known() -> None:
    situation = new([])
    give_up(situation, Question("person_relation", ("person.relation",)))
    assert [member.kind for member in situation.members] == ["someone"]


def test_documents_are_asked_last_and_once() -> None:
    situation = new(["wife"])
    asked = [question.slot for question in interview(situation, Random(3))]
    assert asked.count("documents") <= 1
    assert "documents" not in asked[:-1]


def test_what_concerns_everyone_is_asked_once_for_everyone() -> None:
    situation = new(["wife", "son", "brother"], application="none")
    situation.shared |= {"sponsor.status": "refugee", "sponsor.age": 34}
    situation.shared["sponsor.asylum_application"] = "2023-05"
    question = next_question(situation)
    assert question is not None
    assert question.slot == "family_place"
    assert question.members == ("p1", "p2", "p3")
    answer(situation, question, {"family_place": "some"})
    first = next_question(situation)
    assert first == Question("person_place", ("person.place",), ("p1",))
