"""What people come for, from the first sentence to the last answer, by typing only."""

from __future__ import annotations

import asyncio
import re

import pytest
from aiohttp import ClientSession

from tests.system.conftest import Arrive
from tests.system.database import conversation_of, handoffs_of, rows_left
from tests.system.person import Message, Person, question_of, rows_of
from tests.system.product import Product
from tests.system.speech import EVERY_LANGUAGE, Speech, following, notices_of, read_speech

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

MOST_QUESTIONS = 8
FINDINGS = {"wife": ["B1"], "child": ["B9", "B16"], "brother": ["B21"]}
URGENT_TEXTS = ["utter_safety", "utter_handoff_opened_urgent", "utter_safety_end"]


async def interview(person: Person, story: dict[str, object], answer: Message) -> list[str]:
    """Answer every question as the story says; give the questions."""
    asked: list[str] = []
    answers = story["answers"]
    assert isinstance(answers, dict)
    while (question := question_of(answer)) is not None:
        asked.append(question)
        assert asked.count(question) == 1, f"asked twice: {asked}"
        assert question in answers, f"nobody expected {question} after {asked}"
        answer = await person.say(answers[question])
    return asked


def assert_speaks(message: Message, speech: Speech) -> None:
    assert (message["language"], message["direction"]) == (speech.language, speech["direction"])


@EVERY_LANGUAGE
async def test_the_father_hears_of_each_member_after_at_most_eight_questions(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    father = await arrive()
    first = await father.say(speech["father"]["first"])
    assert_speaks(first, speech)
    asked = await interview(father, speech["father"], first)
    assert len(asked) <= MOST_QUESTIONS, asked
    told = father.last
    assert_speaks(told, speech)
    assert {person: sorted(rows) for person, rows in rows_of(told).items()} == {
        person: sorted(rows) for person, rows in FINDINGS.items()
    }
    reasons = [name for name in told["names"] if name.startswith("utter_reason_")]
    assert sorted(reasons) == sorted(
        f"utter_reason_{row}" for rows in FINDINGS.values() for row in rows
    )
    assert "utter_next_steps" in told["names"]
    assert "utter_guidance_with_family" in told["names"]
    await father.assert_one_answer_each()
    [handoff] = handoffs_of(product.database_url, father.token)
    assert (handoff["priority"], handoff["language"]) == ("deadline", speech.language)
    assert len(handoff["facts"]["members"]) == 4
    assert handoff["reference"] in told["text"]


@EVERY_LANGUAGE
async def test_a_child_alone_is_led_to_a_counsellor(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    child = await arrive()
    first = await child.say(speech["child"]["first"])
    assert_speaks(first, speech)
    assert first["names"][0] == "utter_answer_unaccompanied_child"
    asked = await interview(child, speech["child"], first)
    assert len(asked) <= MOST_QUESTIONS, asked
    [finding] = child.last["findings"]
    assert (finding["person"], finding["outcome"]) == ("mother", "UAM")
    assert_speaks(child.last, speech)
    await child.assert_one_answer_each()
    [handoff] = handoffs_of(product.database_url, child.token)
    assert (handoff["priority"], handoff["language"]) == ("child", speech.language)


@EVERY_LANGUAGE
async def test_a_refusal_of_six_days_ago_is_urgent(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    told = await person.say(speech["refused"])
    assert_speaks(told, speech)
    assert told["names"][0].startswith("utter_answer_rejection")
    assert "utter_handoff_opened_urgent" in told["names"]
    await person.assert_one_answer_each()
    [handoff] = handoffs_of(product.database_url, person.token)
    assert (handoff["reason"], handoff["priority"]) == ("refusal", "deadline")
    assert handoff["language"] == speech.language
    assert handoff["reference"] in told["text"]


@EVERY_LANGUAGE
async def test_danger_is_answered_first_and_numbers_are_given(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    told = await person.say(speech["danger"])
    assert_speaks(told, speech)
    assert told["names"] == URGENT_TEXTS
    assert "112" in told["text"]
    assert "+40 21 312 62 10" in told["text"]
    await person.assert_one_answer_each()
    [handoff] = handoffs_of(product.database_url, person.token)
    assert (handoff["reason"], handoff["priority"]) == ("danger", "danger")


@EVERY_LANGUAGE
async def test_danger_in_the_interview_stops_it_until_the_person_goes_on(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    told = await person.say(speech["danger"])
    assert told["names"] == URGENT_TEXTS
    again = await person.say(speech["go_on"])
    assert question is not None
    assert again["names"] == [question]
    await person.assert_one_answer_each()
    [handoff] = handoffs_of(product.database_url, person.token)
    assert handoff["priority"] == "danger"
    assert len(handoff["facts"]["members"]) == 4


@EVERY_LANGUAGE
async def test_who_only_wants_the_address_gets_the_address(arrive: Arrive, speech: Speech) -> None:
    person = await arrive()
    told = await person.say(speech["address"])
    assert_speaks(told, speech)
    assert told["names"][0] == "utter_answer_contact"
    assert "Viesparilor 19" in told["text"]
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_a_question_in_between_is_answered_and_the_interviews_comes_back_once(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    told = await person.say(speech["cost"])
    assert told["names"] == ["utter_answer_costs", question]
    told = await person.say(speech["why"])
    assert question is not None
    assert told["names"] == [question.replace("utter_ask_", "utter_why_"), question]
    assert_speaks(told, speech)
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_a_correction_of_the_only_one_it_can_mean_is_taken(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    await person.say(speech["son"]["first"])
    told = await person.say(speech["son"]["correction"])
    assert question_of(told) is not None
    await person.say(speech["human"])
    [handoff] = handoffs_of(product.database_url, person.token)
    [son] = handoff["facts"]["members"]
    assert (son["kind"], son["facts"]["age"]) == ("son", speech["son"]["age"])
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_a_correction_that_may_mean_several_is_asked_about(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    told = await person.say(speech["correction"])
    assert told["names"] == ["utter_ask_which"]
    titles = enumerate(told["choices"], 1)
    older = next(n for n, choice in titles if re.search("17|١٧", choice["title"]))
    again = await person.say(str(older))
    assert question_of(again) == question
    await person.say(speech["human"])
    [handoff] = handoffs_of(product.database_url, person.token)
    ages = [member["facts"].get("age") for member in handoff["facts"]["members"]]
    assert sorted(age for age in ages if age) == [12, 19]
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_starting_again_forgets_the_family(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    await person.say(speech["father"]["first"])
    told = await person.say(speech["restart"])
    assert told["names"] == ["utter_restarted", "utter_menu"]
    assert_speaks(told, speech)
    await person.say(speech["human"])
    [handoff] = handoffs_of(product.database_url, person.token)
    assert "members" not in handoff["facts"]
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_a_change_of_language_in_the_interview_keeps_the_question(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    other = read_speech(following(speech.language))
    told = await person.say(other["change_language"])
    assert told["names"] == ["utter_language_changed", *notices_of(other), question]
    assert_speaks(told, other)
    assert question is not None
    told = await person.say(other["father"]["answers"][question])
    assert question_of(told) not in (None, question)
    assert_speaks(told, other)
    told = await person.say(speech["change_language"])
    assert_speaks(told, speech)
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_deleting_is_confirmed_and_then_nothing_is_left(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    await person.say(speech["father"]["first"])
    conversation = conversation_of(product.database_url, person.token)
    assert conversation is not None
    told = await person.say(speech["delete"])
    assert told["names"] == ["utter_confirm_erasure"]
    assert rows_left(product.database_url, conversation)
    await person.send(text=speech["confirm"])
    receipt = await receipt_of(person)
    assert receipt["names"] == ["utter_erased"]
    assert_speaks(receipt, speech)
    assert rows_left(product.database_url, conversation) == {}


async def receipt_of(person: Person) -> Message:
    """The erased conversation's key leads to the receipt alone."""
    for _ in range(600):
        said = await person.messages()
        if len(said) == 1:
            return said[0]
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was erased")


@EVERY_LANGUAGE
async def test_who_does_not_confirm_keeps_everything_and_goes_on(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    await person.say(speech["delete"])
    told = await person.say(speech["refuse"])
    assert told["names"] == ["utter_erasure_stopped", question]
    await person.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_a_person_is_called_at_once_and_the_interview_waits(
    arrive: Arrive, product: Product, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    told = await person.say(speech["human"])
    assert told["names"] == ["utter_handoff_opened", question]
    assert "+40 21 312 62 10" in told["text"]
    [handoff] = handoffs_of(product.database_url, person.token)
    assert (handoff["reason"], handoff["priority"]) == ("asked", "normal")
    assert handoff["reference"] in told["text"]
    await person.assert_one_answer_each()


async def test_the_numbers_of_all_processes_stand_on_one_page(
    arrive: Arrive, product: Product
) -> None:
    await (await arrive()).say("hello")
    async with ClientSession() as session, session.get(f"{product.url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    numbers = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(numbers['impreuna_inbound_total{channel="web"}']) >= 1  # counted by the gateway
    assert float(numbers['impreuna_turns_total{outcome="rasa"}']) >= 1  # counted by the worker
