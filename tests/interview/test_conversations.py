"""Whole conversations with the trained model, by typing only unless a choice is the point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.interview.person import Person, Reply

pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

FATHER = (
    "I am a refugee in Romania. My wife, our children, 12 and 17, and my brother are in Turkey."
    " We married in Syria before I fled. My wife has the originals."
)
ANSWERS = {
    "application": "no",
    "sponsor_status": "refugee",
    "sponsor_age": "34",
    "sponsor_asylum_application": "May 2023",
    "sponsor_unaccompanied": "yes",
    "sponsor_parent_in_romania": "no",
    "sponsor_married": "no",
    "family_in_origin_at_asylum_application": "yes",
    "person_in_origin_at_asylum_application": "yes",
    "person_marriage_form": "official marriage",
    "person_marriage_when": "before the war",
    "person_marriage_other_spouses": "no",
    "person_marriage_under_18_at_marriage": "no",
    "family_married": "no",
    "person_married": "no",
    "documents": "they have the originals",
}
MOST_QUESTIONS = 8


def go_through(person: Person, reply: Reply, answers: dict[str, str] = ANSWERS) -> Reply:
    """Answer the questions until there are findings."""
    while not reply.findings:
        assert reply.questions, reply.names
        reply = person.write(answers[reply.questions[-1]])
    return reply


@pytest.fixture
def father(person: Person) -> Person:
    """A father who was asked his first question."""
    reply = person.write(FATHER)
    assert reply.questions == ["application"]
    return person


# The interview ----------------------------------------------------------------------------


def test_the_syrian_father_has_every_finding_after_eight_questions(person: Person) -> None:
    reply = go_through(person, person.write(FATHER))
    assert reply.findings == {"wife": "B1", "child": "B9,B16", "brother": "B21"}
    assert len(person.asked) <= MOST_QUESTIONS
    assert len(set(person.asked)) == len(person.asked)
    assert reply.handoff["priority"] == "deadline"
    assert "utter_guidance_with_family" in reply.names
    assert "utter_handoff_opened_urgent" in reply.names


def test_every_finding_is_dated_and_left_to_the_authority(person: Person) -> None:
    reply = go_through(person, person.write(FATHER))
    findings = [m["text"] for m in reply.answer["messages"] if "utter_finding_" in m["name"]]
    assert len(findings) == 4
    assert all("2024-2025" in text for text in findings)
    assert all("authority decides" in text for text in findings[:3])
    assert "- your wife: Türkiye" in reply.text
    assert findings[0].startswith("Your wife: named in the rule")
    assert "your child (17)" in reply.text


def test_a_person_who_only_takes_choices_comes_to_a_finding(person: Person) -> None:
    reply = person.write("hello")
    for title in ("My family", "I am in Romania", "No, not yet", "Subsidiary protection"):
        reply = person.pick(reply, title)
    reply = person.write("40")
    reply = person.write("05.2023")
    assert reply.questions == ["person_relation"]
    for title in (
        "Wife or husband",
        "Another country",
        "Yes",
        "Official, with papers",
        "Before leaving home",
        "No",
        "No, both 18 or over",
        "I have the originals",
    ):
        reply = person.pick(reply, title)
    assert reply.findings == {"spouse": "B1"}
    assert not reply.handoff


def test_the_child_alone_hears_of_the_own_procedure_and_of_whom_to_tell(person: Person) -> None:
    reply = person.write("I am 16 and alone in Romania, I want to bring my mother from Somalia")
    assert "utter_answer_unaccompanied_child" in reply.names
    reply = go_through(person, reply)
    assert reply.findings == {"mother": "C1"}
    assert "representative" in reply.text
    assert reply.handoff["priority"] == "child"
    assert not {"sponsor_age", "sponsor_unaccompanied", "asker"} & set(person.asked)


def test_family_abroad_hears_who_files_and_is_asked_about_the_sponsor(person: Person) -> None:
    reply = person.write("I am in Turkey, my husband is in Romania")
    assert reply.names[0] == "utter_note_family_abroad"
    assert "person in Romania" in reply.text
    answers = ANSWERS | {"member_relation": "I am his wife"}
    reply = go_through(person, reply, answers)
    assert reply.findings == {"self": "B1"}


def test_who_helps_somebody_is_asked_about_that_person(person: Person) -> None:
    reply = person.write("I help a friend, he is a refugee and his wife is in Kenya")
    assert reply.names[0] == "utter_note_helper"
    reply = go_through(person, reply)
    assert reply.findings == {"wife": "B1"}
    assert "the wife" in reply.text
    assert "your wife" not in reply.text


def test_a_refusal_six_days_ago_is_urgent_at_once(person: Person) -> None:
    reply = person.write("my family application was refused six days ago")
    assert reply.answer["intent"] == "ask_rejection"
    assert "today" in reply.text
    assert reply.handoff["priority"] == "deadline"
    assert reply.handoff["facts"]["shared"]["application"] == "refused"


def test_a_refused_asylum_is_urgent_whatever_else_is_said(person: Person) -> None:
    reply = person.write("they refused my asylum 10 days ago and my wife is in iraq")
    assert "today" in reply.text
    assert reply.handoff["priority"] == "deadline"


def test_who_only_wants_the_address_gets_it_and_no_interview(person: Person) -> None:
    reply = person.write("what is the address of CNRR?")
    assert "Viesparilor 19" in reply.text
    assert reply.questions == []
    assert not person.in_interview


# What was told --------------------------------------------------------------------------


def test_findings_are_not_told_again_when_nothing_changed(person: Person) -> None:
    go_through(person, person.write(FATHER))
    again = person.choose("/check_eligibility")
    assert again.names == ["utter_nothing_changed"]
    assert again.findings == {}


def test_one_line_corrects_the_family_and_the_finding_follows(person: Person) -> None:
    go_through(person, person.write(FATHER))
    reply = person.write("no, he is 19")
    assert reply.names == ["utter_ask_which"]  # either child may be meant
    assert [choice["title"] for choice in reply.choices] == ["your child (12)", "your child (17)"]
    reply = person.pick(reply, "your child (17)")
    assert reply.findings["child"] == "B9,B17"
    assert "19" in reply.text


def test_a_correction_that_names_the_person_needs_no_question(person: Person) -> None:
    message = "I am a refugee. My son 12 and my daughter 17 are in Turkey"
    reply = go_through(person, person.write(message))
    assert reply.findings == {"son": "B9", "daughter": "B16"}
    reply = person.write("no, my daughter is 13")
    reply = reply if reply.findings else go_through(person, reply)
    assert reply.findings == {"son": "B9", "daughter": "B9"}


def test_a_person_is_added_after_the_findings(person: Person) -> None:
    reply = go_through(person, person.write(FATHER))
    reply = person.pick(reply, "Add a person")
    assert reply.names == ["utter_ask_addition"]
    reply = person.write("my mother in Syria")
    reply = reply if reply.findings else go_through(person, reply)
    assert reply.findings["mother"] == "B20"
    assert reply.findings["wife"] == "B1"


def test_correct_something_waits_for_words_and_changes_nothing_by_itself(person: Person) -> None:
    reply = go_through(person, person.write(FATHER))
    assert person.pick(reply, "Correct something").names == ["utter_ask_correction"]
    assert person.write("nothing").names[-1] in ("utter_nothing_changed", "utter_menu")


def test_sources_are_given_for_findings_and_for_answers(person: Person) -> None:
    reply = go_through(person, person.write(FATHER))
    cited = person.pick(reply, "Sources")
    assert "art. 2(j)" in cited.text
    assert "2026" in cited.text
    answer = person.write("how long does it take?")
    assert "9 months" in answer.text
    assert person.pick(answer, "Where is this from?").names[0] == "utter_sources"


def test_asked_twice_and_not_known_is_given_to_a_counsellor(person: Person) -> None:
    reply = person.write("My wife is in Turkey, married before I fled. I am in Romania")
    assert reply.questions == ["application"]
    reply = person.write("no")
    assert reply.questions == ["sponsor_status"]
    reply = person.write("I don't know")
    assert reply.names == ["utter_find_out", "utter_ask_sponsor_status"]
    reply = person.write("I don't know")
    for answer in ("34", "2023", "yes", "official marriage", "no", "no", "they have the originals"):
        if reply.findings:
            break
        reply = person.write(answer)
    assert reply.findings == {"wife": "A12"}
    assert "utter_reason_dont_know" in reply.names
    assert reply.handoff["reason"].startswith("finding:")


@pytest.mark.parametrize(
    ("before", "nonsense"), [(["no"], "500"), (["no", "34"], "May 2030"), (["no"], "34 or 35")]
)
def test_an_impossible_answer_is_asked_again(
    father: Person, before: list[str], nonsense: str
) -> None:
    for message in before:
        pending = father.write(message).questions
    assert father.write(nonsense).names == ["utter_clarify", f"utter_ask_{pending[-1]}"]


# Interruptions --------------------------------------------------------------------------

INTERRUPTIONS = {
    "ask_documents": "which documents do I need for my son?",
    "ask_missing_documents": "what if my wife has no birth certificate at all?",
    "ask_originals_abroad": "the originals are in Turkey with my wife, how can they be shown?",
    "ask_costs": "how much does it cost for two children?",
    "ask_where_to_apply": "where do I apply for my family, in Bucharest?",
    "ask_when_to_apply": "is there a deadline to apply after I got refugee status?",
    "ask_duration": "how many months does it take?",
    "ask_conditions": "do I need a job and a flat to bring my wife?",
    "ask_interview": "will there be an interview with my wife?",
    "ask_visa_travel": "how does my wife get the visa and travel to Romania?",
    "ask_family_tracing": "how can I find my lost brother through the Red Cross?",
    "ask_success_rate": "how many applications are approved in a year?",
    "ask_privacy": "who can read what I write here?",
    "ask_contact": "what is the phone number of CNRR?",
    "ask_explain": "why do you ask?",
    "thank": "thank you",
    "bot_challenge": "are you a robot?",
    "greet": "hello",
    "ask_menu": "menu",
    "request_human": "I want to talk to a person",
}


@pytest.mark.parametrize("intent", INTERRUPTIONS)
def test_a_question_in_between_is_answered_and_the_interview_goes_on(
    father: Person, intent: str
) -> None:
    told = father.situation.dump()
    reply = father.write(INTERRUPTIONS[intent])
    assert reply.answer["intent"] == intent
    assert reply.questions == ["application"]
    assert reply.names[-1] == "utter_ask_application"
    assert len(reply.names) >= 2
    after = father.situation.dump()
    assert after["shared"] == told["shared"]
    assert [m["kind"] for m in after["members"]][:4] == ["wife", "child", "child", "brother"]
    assert father.write("no").questions == ["sponsor_age"]


def test_a_fact_inside_an_interruption_is_kept(person: Person) -> None:
    person.write("My wife is in Turkey, I am in Romania")
    person.write("no")
    reply = person.write("how long does it take for a refugee? I am a refugee")
    if reply.answer["intent"].startswith("ask_"):
        assert reply.names[0].startswith("utter_answer_")
    assert person.situation.shared["sponsor.status"] == "refugee"
    assert "sponsor_status" not in reply.questions


def test_a_question_that_asks_back_keeps_its_choices(father: Person) -> None:
    reply = father.choose("/ask_application_delay")
    assert reply.names == ["utter_answer_application_delay"]
    assert [choice["title"] for choice in reply.choices] == ["My own asylum", "My family's file"]
    reply = father.pick(reply, "My family's file")
    assert reply.names == ["utter_answer_application_delay_family", "utter_ask_application"]


def test_why_do_you_ask_is_answered_for_each_question(person: Person) -> None:
    reply = person.write(FATHER)
    reasons = []
    while not reply.findings:
        slot = reply.questions[-1]
        why = person.write("why do you ask?")
        assert why.names[0].startswith("utter_why_"), (slot, why.names)
        assert why.questions == [slot]
        reasons.append(why.names[0])
        reply = person.write(ANSWERS[slot])
    assert len(set(reasons)) == len(reasons)


def test_a_sentence_without_sense_is_asked_again_in_the_interview(father: Person) -> None:
    first = father.choose("/of_an_older_model")
    assert first.names == ["utter_clarify", "utter_ask_application"]
    assert father.choose("/of_an_older_model").questions == ["sponsor_age"]


def test_two_misunderstandings_in_a_row_bring_a_person(person: Person) -> None:
    first = person.choose("/of_an_older_model")
    assert first.names == ["utter_misunderstood", "utter_menu"]
    assert not first.handoff
    second = person.choose("/of_an_older_model")
    assert second.handoff["reason"] == "misunderstood"
    third = person.choose("/of_an_older_model")
    assert not third.handoff


def test_an_understood_message_between_two_misunderstandings_counts_anew(person: Person) -> None:
    person.choose("/of_an_older_model")
    person.write("what is the address of CNRR?")
    assert not person.choose("/of_an_older_model").handoff


# In every state -------------------------------------------------------------------------


def idle(person: Person) -> None:
    person.write("hello")


def in_the_interview(person: Person) -> None:
    person.write(FATHER)


def asked_to_confirm(person: Person) -> None:
    in_the_interview(person)
    person.choose("/delete_my_data")


def asked_which(person: Person) -> None:
    go_through(person, person.write(FATHER))
    person.write("no, he is 19")


def told(person: Person) -> None:
    go_through(person, person.write(FATHER))


STATES = [idle, in_the_interview, asked_to_confirm, asked_which, told]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_danger_comes_first_in_every_state_and_go_on_returns(
    person: Person, state: Callable[[Person], None]
) -> None:
    state(person)
    before = person.situation.dump() if person.slot("situation") else {}
    reply = person.write("he wants to kill me with a knife")
    assert reply.names == ["utter_safety", "utter_handoff_opened_urgent", "utter_safety_end"]
    assert "112" in reply.text
    assert reply.handoff["priority"] == "danger"
    assert "danger" not in person.situation.shared
    after = person.write("go on")
    assert after.answer["custom"]["erase"] is False
    if before.get("pending"):
        assert after.questions == [before["pending"]["slot"]]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("help, he hits me, here in Romania", "utter_safety_romania"),
        ("my family in Sudan is in danger, soldiers are shooting at them now",
         "utter_safety_abroad"),
    ],
)  # fmt: skip
def test_danger_here_and_abroad_have_their_own_numbers(
    person: Person, message: str, name: str
) -> None:
    assert person.write(message).names[0] in (name, "utter_safety")


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_person_can_be_asked_for_in_every_state(
    person: Person, state: Callable[[Person], None]
) -> None:
    state(person)
    reply = person.write("I want to speak to a person")
    assert reply.handoff["reason"] == "asked"
    assert len(reply.handoff["reference"]) == 9
    assert reply.handoff["reference"] in reply.text


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_starting_again_forgets_in_every_state(
    person: Person, state: Callable[[Person], None]
) -> None:
    state(person)
    reply = person.write("start again")
    assert reply.names == ["utter_restarted", "utter_menu"]
    assert not person.slot("situation")
    assert not person.in_interview
    assert person.choose("/check_eligibility").questions == ["asker"]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_deleting_is_confirmed_in_every_state(
    person: Person, state: Callable[[Person], None]
) -> None:
    state(person)
    reply = person.write("delete my data")
    assert reply.names == ["utter_confirm_erasure"]
    assert reply.answer["custom"]["erase"] is False
    assert person.write("yes").answer["custom"]["erase"] is True


def test_a_no_deletes_nothing_and_the_interview_goes_on(father: Person) -> None:
    father.write("delete my data")
    reply = father.write("no")
    assert reply.names == ["utter_erasure_stopped", "utter_ask_application"]
    assert len(father.situation.members) == 4


@pytest.mark.parametrize(
    "between", ["how long does it take?", "thank you", "I want to talk to a person"]
)
def test_a_yes_to_something_else_never_deletes(father: Person, between: str) -> None:
    father.write("delete my data")
    father.write(between)
    assert father.write("yes").answer["custom"]["erase"] is False


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_language_changes_in_every_state_in_the_same_turn(
    person: Person, state: Callable[[Person], None]
) -> None:
    state(person)
    before = person.slot("situation")
    reply = person.choose('/change_language{"language": "ro"}')
    assert reply.answer["custom"]["language"] == "ro"
    assert reply.answer["messages"][0]["text"] != "I now write in English."
    assert (person.slot("situation") or {}).get("members") == (before or {}).get("members")


def test_a_language_not_spoken_is_named_with_those_that_are(father: Person) -> None:
    reply = father.write("Tigrinya please")
    assert reply.names == ["utter_language_missing"]
    assert len(reply.choices) >= 3
    reply = father.choose(reply.choices[1]["payload"])
    assert reply.names == ["utter_language_changed", "utter_ask_application"]


def test_languages_change_any_number_of_times(father: Person) -> None:
    for language in ("ar", "en", "ro", "en"):
        reply = father.choose(f'/change_language{{"language": "{language}"}}')
        assert reply.answer["custom"]["language"] == language
        assert reply.questions == ["application"]


# Sessions and messages -------------------------------------------------------------------


def test_a_new_session_in_the_middle_keeps_the_question_and_the_facts(father: Person) -> None:
    for _ in range(30):
        reply = father.write("thank you")
        assert reply.names == ["utter_thank", "utter_ask_application"]
    assert len(father.situation.members) == 4
    reply = go_through(father, reply)
    assert reply.findings["wife"] == "B1"


def test_a_new_session_between_question_and_yes_still_deletes(person: Person) -> None:
    for _ in range(24):
        person.write("thank you")
    person.write("delete my data")
    assert person.write("yes").answer["custom"]["erase"] is True


def choices_are_of_the_last(reply: Reply) -> bool:
    """Whether nothing is lost when the texts of a turn become one message."""
    with_choices = [i for i, m in enumerate(reply.answer["messages"]) if m["choices"]]
    return len(with_choices) <= 1 and all(
        i == len(reply.answer["messages"]) - 1 for i in with_choices
    )


def test_a_turn_can_be_told_in_one_message(person: Person) -> None:
    said: list[Reply] = [person.write("hello"), person.write(FATHER)]
    said += [person.write(text) for text in INTERRUPTIONS.values()]
    said += [person.write("Somali please"), person.choose("/ask_application_delay")]
    said.append(go_through(person, person.write("no")))
    said += [person.write("no, he is 19"), person.write("delete my data"), person.write("no")]
    said += [person.write("he wants to kill me with a knife"), person.write("start again")]
    said += [person.choose("/of_an_older_model"), person.choose("/of_an_older_model")]
    for reply in said:
        assert reply.text.strip()
        assert choices_are_of_the_last(reply), reply.names


def test_what_a_person_repeats_is_not_counted_twice(person: Person) -> None:
    person.write(FATHER)
    reply = person.write(FATHER)
    assert reply.questions == ["application"]
    assert [member.kind for member in person.situation.members] == [
        "wife",
        "child",
        "child",
        "brother",
    ]


LINES: dict[str, list[str]] = {
    "ro": [
        "Sunt refugiat în România. Soția mea, copiii noștri, 12 și 17 ani, și fratele meu sunt în"
        " Turcia. Ne-am căsătorit în Siria înainte să fug. Soția are originalele.",
    ],
    "ar": [
        "أنا لاجئ في رومانيا. زوجتي وأولادنا، 12 و 17، وأخي في تركيا. تزوجنا في سوريا قبل أن أهرب."
        " الأوراق الأصلية مع زوجتي.",
    ],
}


@pytest.mark.parametrize("language", LINES)
def test_the_father_is_understood_in_his_own_language(
    somebody: Callable[[str], Person], language: str
) -> None:
    father = somebody(language)
    father.write(LINES[language][0])
    situation = father.situation
    shared: dict[str, Any] = situation.shared
    assert shared.get("sponsor.status") == "refugee"
    assert sorted(m.facts["relation"] for m in situation.members) == [
        "child",
        "child",
        "sibling",
        "spouse",
    ]
    assert sorted(m.facts.get("age", 0) for m in situation.members) == [0, 0, 12, 17]
    assert {m.country for m in situation.members} == {"TR"}
