"""Facts out of a message whose entities are marked by hand: no model, no lexicon."""

from __future__ import annotations

import pytest

from actions.interview.questions import Question
from actions.interview.situation import RELATIONS, Situation
from tests.interview.saying import family, more, read

TURKEY, LEBANON, ROMANIA = "[Turkey](country=TR)", "[Lebanon](country=LB)", "[Romania](country=RO)"


@pytest.mark.parametrize(
    ("message", "members"),
    [
        ("[wife](person=wife)", ["wife"]),
        (
            f"my [wife](person=wife) and [two](number=2) [sons](person=son+), [12](number=12)"
            f" and [17](number=17), are in {TURKEY}",
            ["wife TR", "son 12 TR", "son 17 TR"],
        ),
        (
            "our [children](person=child+), [12](number=12) and [17](number=17)",
            ["child 12", "child 17"],
        ),
        (
            "[kids](person=child+): [3](number=3), [5](number=5), [9](number=9), [11](number=11)",
            ["child 3", "child 5", "child 9", "child 11"],
        ),
        ("[3](number=3) [daughters](person=daughter+)", ["daughter", "daughter", "daughter"]),
        ("[children](person=child+)", ["child+"]),
        ("[ولدين](person=son*2)", ["son", "son"]),
        ("[3](number=3) [son](person=son) [2](number=2) [daughter](person=daughter)",
         ["son", "son", "son", "daughter", "daughter"]),
        ("[my wife](person=wife), [2](number=2) [sons](person=son+)", ["wife", "son", "son"]),
        (f"[wife](person=wife) in {TURKEY}, [brother](person=brother) in {LEBANON}",
         ["wife TR", "brother LB"]),
        ("my [mother](person=mother) [lost contact](place=unknown)", ["mother unknown"]),
        (f"[wife](person=wife) has been in {TURKEY} [for 2 years](ago=2 year)", ["wife TR"]),
        ("[my people](person=family)", []),
    ],
)  # fmt: skip
def test_people_counts_ages_and_places_are_taken_together(message: str, members: list[str]) -> None:
    assert family(read(message).situation) == members


def test_a_word_for_the_age_may_say_whose_it_is() -> None:
    of_16 = {"entity": "number", "value": 16, "start": 0, "end": 2}
    years = [{"entity": name, "value": "yes", "start": 3, "end": 13} for name in ("age", "self")]
    assert read([of_16, *years]).situation.shared == {"sponsor.age": 16}


@pytest.mark.parametrize(
    ("message", "members"),
    [
        ("[12](number=12)-[year-old](age) [daughter](person=daughter)", ["daughter 12"]),
        ("[daughter](person=daughter) [12](number=12) [years old](age)", ["daughter 12"]),
        (
            "[daughter](person=daughter) is [12](number=12) [years old](age) and"
            " [son](person=son) [17](number=17) [years old](age)",
            ["daughter 12", "son 17"],
        ),
        (
            "[my wife](person=wife) ([34](number=34)), [son](person=son) ([10](number=10)),"
            " [daughter](person=daughter) ([8](number=8)), [mother](person=mother)",
            ["wife 34", "son 10", "daughter 8", "mother"],
        ),
        ("[son](person=son) is [12](number=12). [My wife](person=wife)", ["son 12", "wife"]),
        ("[son](person=son) [10](number=10) [daughter](person=daughter) [8](number=8)",
         ["son 10", "daughter 8"]),
        ("[baby](person=child) is [8](number=8) [months](unit=month) [old](age)", ["child 0"]),
        ("[son](person=son) [12](number=12), [son](person=son) [14](number=14)",
         ["son 12", "son 14"]),
        (
            "[son](person=son) [12](number=12), my [son](person=son) is in [Syria](country=SY)",
            ["son 12 SY"],
        ),
        ("[daughter](person=daughter) is [not](negation) [12](number=12), [she](other=she) is"
         " [13](number=13)", ["daughter 13"]),
        (
            "[son](person=son), [daughter](person=daughter). [He](other=he) is [12](number=12),"
            " [she](other=she) is [9](number=9)",
            ["son 12", "daughter 9"],
        ),
        ("[two](number=2) [sons](person=son+). [One](number=1) is [12](number=12), the other"
         " [19](number=19)", ["son 12", "son 19"]),
        ("[two](number=2) [sons](person=son+), [1](number=1), [3](number=3)", ["son 1", "son 3"]),
        ("[son](person=son) has waited [2](number=2) [months](unit=month)", ["son"]),
    ],
)  # fmt: skip
def test_an_age_goes_to_the_one_it_is_told_of(message: str, members: list[str]) -> None:
    assert family(read(message).situation) == members


@pytest.mark.parametrize(
    ("message", "shared"),
    [
        ("[I am](self) [34](number=34) [years old](age), [my wife](person=wife) [30](number=30)",
         {"sponsor.age": 34}),
        ("[I am](self) [16](number=16), [alone](unaccompanied) here",
         {"asker": "sponsor", "sponsor.age": 16, "sponsor.unaccompanied": True}),
        (f"[I am](self) a [refugee](status=refugee) in {ROMANIA}",
         {"asker": "sponsor", "sponsor.status": "refugee"}),
        ("[my asylum was refused](status=no_status) [6 days ago](ago=6 day)",
         {"sponsor.status": "no_status", "sponsor.refusal_days": 6}),
        ("[pending](application=pending) [for 4 months](ago=4 month)",
         {"application": "pending", "months_since_application": 4}),
        ("[pending](application=pending) [for a year](ago=1 year)",
         {"application": "pending", "months_since_application": 12}),
        ("[visa refused](visa_refused)", {"visa_refused": True}),
        ("[afraid](fears)", {"sponsor.fears_or_does_not_want": True}),
        ("[arrived](self) [two years ago](ago=2 year)", {}),
        ("[I applied for asylum before 18](applied_before_18)", {}),
        ("[50](number=50) people [500](number=500)", {}),
    ],
)  # fmt: skip
def test_what_is_said_of_the_sponsor_is_kept_and_nothing_else(
    message: str, shared: dict[str, object]
) -> None:
    assert read(message).situation.shared == shared


HUSBAND_HERE = f"[My husband](person=husband) has [refugee status](status=refugee) in {ROMANIA}"


@pytest.mark.parametrize(
    ("message", "asker"),
    [
        (f"[I am](self) a [refugee](status=refugee) in {ROMANIA}", "sponsor"),
        (f"[I am](self) in {TURKEY}, my [husband](person=husband) is in {ROMANIA}",
         "family_abroad"),
        (f"[I am](self) in {TURKEY}. {HUSBAND_HERE}", "family_abroad"),
        ("[for a friend](asker=helper), [he](other=he) is a [refugee](status=refugee)", "helper"),
        (f"[wife](person=wife) is with me [here](place=romania) in {ROMANIA}", None),
        ("[wife](person=wife) and [brother](person=brother)", None),
        ("[he](other=he) is a [refugee](status=refugee)", None),
        (f"[I am](self) a [refugee](status=refugee); my [wife](person=wife) is in {ROMANIA}",
         "sponsor"),
    ],
)  # fmt: skip
def test_who_writes_is_understood_only_where_it_is_said(message: str, asker: str | None) -> None:
    assert read(message).situation.asker == asker


def test_family_abroad_is_told_from_the_sponsors_side() -> None:
    children = f"[I am](self) in {TURKEY} with [two](number=2) [children](person=child+), [4](number=4) and [7](number=7). "  # noqa: E501
    situation = read(children + HUSBAND_HERE).situation
    assert family(situation) == ["self TR", "child 4", "child 7"]
    assert situation.members[0].facts["relation"] == "spouse"
    assert situation.shared["sponsor.status"] == "refugee"
    # A child of the writer need not be one of the sponsor: that is asked.
    assert "relation" not in situation.members[1].facts


def test_the_status_of_a_writer_who_is_not_the_sponsor_is_not_the_sponsors() -> None:
    message = "[for a friend](asker=helper); [I am](self) a [refugee](status=refugee)"
    situation = read(message).situation
    assert situation.shared == {"asker": "helper"}


@pytest.mark.parametrize(
    "message",
    [
        "[I help](asker=helper) [a boy](person=son), [he](other=he) is [16](number=16)."
        " [His](other=he) [mother](person=mother) is in [Somalia](country=SO)",
        "[for a friend](asker=helper), [he](other=he) is [16](number=16),"
        " [mother](person=mother) in [Somalia](country=SO)",
    ],
)
def test_whom_a_helper_helps_is_the_sponsor(message: str) -> None:
    situation = read(message).situation
    assert situation.shared == {"asker": "helper", "sponsor.age": 16}
    assert family(situation) == ["mother SO"]


def test_the_age_told_before_it_is_known_who_writes_is_dropped_for_a_helper() -> None:
    situation = read("[I am](self) [40](number=40)", "[I help a friend](asker=helper)").situation
    assert situation.shared == {"asker": "helper"}


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("[wife](person=wife), [married](married) in [Syria](country=SY)"
         " [before I fled](marriage_when=before_flight)", {"marriage.when": "before_flight"}),
        ("[married](married) [my wife](person=wife) in [Syria](country=SY)", {}),
        ("[wife](person=wife), [in the mosque](marriage_form=religious)",
         {"marriage.form": "religious"}),
        ("[wife](person=wife), [divorced](marriage_flag=ended)", {"marriage.ended": True}),
        ("[wife](person=wife), [forced](marriage_flag=forced)", {"marriage.forced": True}),
        ("[wife](person=wife) was [16](number=16) when we [married](married)",
         {"marriage.under_18_at_marriage": True}),
        ("[wife](person=wife) was [26](number=26) when we [married](married)", {}),
        ("[son](person=son) [19](number=19), [he](other=he) [is ill](dependent)",
         {"dependent_for_health": True}),
        ("[son](person=son) [born after](born_after)", {"born_after_asylum_application": True}),
        ("[daughter](person=daughter) [is married](married)", {"married": True}),
        ("[daughter](person=daughter), [17](number=17), [not married](married=no)",
         {"married": False}),
    ],
)  # fmt: skip
def test_marriage_birth_and_health_go_to_the_member_they_are_told_of(
    message: str, facts: dict[str, object]
) -> None:
    situation = read(message).situation
    assert more(situation) == facts
    if "married" in message and "wife" in message:
        assert family(situation) == ["wife"]


@pytest.mark.parametrize(
    "message",
    [
        "[wife](person=wife) and [two](number=2) [sons](person=son+). We [married](married) in"
        " [Syria](country=SY)",
        "[sons](person=son+) [12](number=12) and [14](number=14). [I am](self) [married](married)",
    ],
)
def test_the_parents_marriage_is_not_the_childrens(message: str) -> None:
    situation = read(message).situation
    assert all("married" not in member.facts for member in situation.members)
    assert all(member.country is None for member in situation.members)


def test_a_mother_named_from_the_childrens_side_is_not_the_writers() -> None:
    message = "[2](number=2) [kids](person=child+) with [their](other=they) [mother](person=mother)"
    assert family(read(message).situation) == ["child", "child"]
    assert family(read("[son](person=son), [my mother](person=mother)").situation)[1] == "mother"


def test_a_broad_word_and_the_exact_one_after_it_are_one_person() -> None:
    situation = read("[a child](person=child)", "[my son](person=son) is [12](number=12)").situation
    assert len(situation.members) == 1
    assert situation.members[0].facts["age"] == 12


def test_a_person_named_again_is_not_counted_again() -> None:
    assert family(read("[wife](person=wife)", f"[wife](person=wife) in {TURKEY}").situation) == [
        "wife TR"
    ]


@pytest.mark.parametrize(
    ("message", "shared"),
    [
        ("how many are [approved](application=approved)?", {}),
        ("[my wife](person=wife)'s was [approved](application=approved)",
         {"application": "approved"}),
        ("[pending](application=pending) [4 months](ago=4 month), how long?",
         {"application": "pending", "months_since_application": 4}),
    ],
)  # fmt: skip
def test_a_general_question_tells_nothing_of_the_own_file(
    message: str, shared: dict[str, object]
) -> None:
    assert read(message, intent="ask_success_rate").situation.shared == shared


# Corrections ------------------------------------------------------------------------------

SON_AND_DAUGHTER = "[son](person=son) [12](number=12), [daughter](person=daughter) [17](number=17)"


@pytest.mark.parametrize(
    ("told", "correction", "members"),
    [
        ("[son](person=son) [12](number=12)", "[no](correction), [19](number=19)", ["son 19"]),
        (SON_AND_DAUGHTER, "no, [he](other=he) is [19](number=19)", ["son 19", "daughter 17"]),
        (SON_AND_DAUGHTER, "no, [she](other=she) is [19](number=19)", ["son 12", "daughter 19"]),
        (SON_AND_DAUGHTER, "[son](person=son) is [13](number=13)", ["son 13", "daughter 17"]),
        (f"[wife](person=wife) in {TURKEY}", f"[wife](person=wife) is in {LEBANON}", ["wife LB"]),
        (f"[wife](person=wife) in {TURKEY}", f"[she](other=she) is in {LEBANON}", ["wife LB"]),
    ],
)
def test_a_correction_changes_one_fact_of_one_person(
    told: str, correction: str, members: list[str]
) -> None:
    assert family(read(told, correction).situation) == members


@pytest.mark.parametrize(
    ("told", "correction"),
    [
        ("[son](person=son) [12](number=12), [son](person=son) [14](number=14)",
         "no, [he](other=he) is [19](number=19)"),
        (SON_AND_DAUGHTER, "[no, he is](correction) [19](number=19)"),
        (SON_AND_DAUGHTER, "[no](correction), [u](other=they) [19](number=19)"),
    ],
)  # fmt: skip
def test_a_correction_that_may_be_of_several_is_asked_and_changes_nothing(
    told: str, correction: str
) -> None:
    before = family(read(told).situation)
    reading = read(told, correction)
    assert reading.unclear is not None
    assert reading.unclear[1] == 19
    assert len(reading.unclear[0]) == 2
    assert family(reading.situation) == before


def test_the_choice_of_a_member_gives_the_age_to_that_one() -> None:
    choice = [
        {"entity": "member", "value": "p1", "start": 7, "end": 40},
        {"entity": "number", "value": "19", "start": 7, "end": 40},
    ]
    situation = read(SON_AND_DAUGHTER).situation
    assert family(read(choice, situation=situation).situation) == ["son 19", "daughter 17"]


def test_an_age_that_changed_is_derived_anew() -> None:
    situation = read("[son](person=son) [12](number=12)").situation
    situation.members[0].facts["age_at_asylum_application"] = 9
    read("[son](person=son) [19](number=19)", situation=situation)
    assert situation.members[0].facts == {"relation": "child", "age": 19}


# The question that waits ------------------------------------------------------------------


def test_ages_in_a_row_answer_for_everyone_who_was_asked() -> None:
    situation = read("[two](number=2) [sons](person=son+)").situation
    question = Question("family_age", ("person.age",), ("p1", "p2"))
    reading = read("[12](number=12), [17](number=17)", situation=situation, question=question)
    assert family(situation) == ["son 12", "son 17"]
    assert reading.answered


def test_the_age_then_is_not_the_age_now() -> None:
    situation = read("[son](person=son) [19](number=19)").situation
    question = Question(
        "person_age_at_asylum_application", ("person.age_at_asylum_application",), ("p1",)
    )
    reading = read("[he](other=he) was [16](number=16)", situation=situation, question=question)
    assert situation.members[0].facts["age"] == 19
    assert situation.members[0].facts["age_at_asylum_application"] == 16
    assert reading.answered


@pytest.mark.parametrize(
    ("slot", "path", "message", "value"),
    [
        ("sponsor_age", "sponsor.age", "[34](number=34)", 34),
        ("sponsor_age", "sponsor.age", "[500](number=500)", None),
        ("sponsor_age", "sponsor.age", "[34](number=34) or [35](number=35)", None),
        ("months_since_application", "months_since_application", "[4](number=4)", 4),
        ("months_since_application", "months_since_application",
         "[1](number=1) [year](unit=year)", 12),
        ("months_since_application", "months_since_application", "[a year ago](ago=1 year)", 12),
        ("sponsor_refusal_days", "sponsor.refusal_days", "[2](number=2) [weeks](unit=week)", 14),
        ("sponsor_refusal_days", "sponsor.refusal_days", "[10](number=10)", 10),
        ("sponsor_asylum_application", "sponsor.asylum_application", "[May 2023](date=2023-05)",
         "2023-05"),
        ("sponsor_asylum_application", "sponsor.asylum_application", "[in 2030](date=2030)", None),
        ("sponsor_asylum_application", "sponsor.asylum_application", "[2 years ago](ago=2 year)",
         "2024"),
        ("sponsor_asylum_application", "sponsor.asylum_application", "[3 months ago](ago=3 month)",
         "2026-08"),
        ("application", "application", "[my own was refused](own_application=refused)", None),
        ("application", "application", "[no papers](documents=none)", None),
        ("application", "application", "[no](answer=no)", "none"),
        ("sponsor_unaccompanied", "sponsor.unaccompanied", "[yes](answer=yes)", True),
        ("sponsor_applied_before_18", "sponsor.applied_before_18", "[yes](answer=yes)", True),
    ],
)  # fmt: skip
def test_typed_words_answer_the_question_in_its_own_measure(
    slot: str, path: str, message: str, value: object
) -> None:
    situation = Situation(shared={"asker": "sponsor"})
    reading = read(message, situation=situation, question=Question(slot, (path,)))
    assert situation.shared.get(path) == value
    assert reading.answered is (value is not None)


def test_i_do_not_know_answers_nothing_yet() -> None:
    question = Question("sponsor_age", ("sponsor.age",))
    reading = read("[dunno](answer=dont_know)", question=question)
    assert (reading.unknown, reading.answered, reading.understood) == (True, False, False)


def test_what_holds_for_everyone_is_kept_for_everyone() -> None:
    situation = read("[wife](person=wife), [brother](person=brother)").situation
    question = Question("family_place", ("person.place",), ("p1", "p2"))
    read(
        [{"entity": "family_place", "value": "third_country", "start": 0, "end": 1}],
        situation=situation,
        question=question,
    )
    assert family(situation) == ["wife third_country", "brother third_country"]


def test_some_of_them_answers_for_nobody_and_is_asked_of_each() -> None:
    situation = read("[wife](person=wife), [brother](person=brother)").situation
    question = Question("family_place", ("person.place",), ("p1", "p2"))
    some = [{"entity": "family_place", "value": "some", "start": 0, "end": 1}]
    reading = read(some, situation=situation, question=question)
    assert reading.answered
    assert all("place" not in member.facts for member in situation.members)
    assert "each:person.place" in situation.tries


def test_several_states_of_the_documents_are_kept_once_each() -> None:
    message = "[with her](documents=with_family), [no passport](documents=no_passport)"
    assert read(message, message).situation.documents == ["with_family", "no_passport"]


def test_other_papers_are_an_answer_and_no_state_of_the_law() -> None:
    question = Question("documents", ("documents",))
    reading = read("[something else](documents=other)", question=question)
    assert reading.situation.documents == []
    assert reading.answered


def test_a_message_without_facts_is_not_understood() -> None:
    reading = read("[hello](topic=court)")
    assert not reading.understood
    assert reading.situation == Situation()


@pytest.mark.parametrize("kind", sorted(RELATIONS))
def test_every_word_for_a_relative_has_its_relation_in_the_law(kind: str) -> None:
    situation = read(f"[x](person={kind})").situation
    assert situation.members[0].facts == {"relation": RELATIONS[kind]}


def test_a_situation_survives_the_slot() -> None:
    situation = read(SON_AND_DAUGHTER, "[papers](documents=none)").situation
    assert Situation.load(situation.dump()) == situation
