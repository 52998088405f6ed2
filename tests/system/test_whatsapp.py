"""What people come for, on WhatsApp: by typing, and by tapping buttons and lists.

The stand-in of `bot.phone` is in Meta's place; the journeys are those of the web chat.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from bot.phone.account import WEBHOOK_PATH, new_account
from bot.phone.joined import approve_templates
from bot.phone.network import Network, Pace
from bot.phone.rates import Rates
from bot.phone.refusal import Refusal
from bot.phone.server import HOST, serving
from bot.store.vault import Vault, kept_key
from tests.system.database import rows_left
from tests.system.person import question_of, rows_of
from tests.system.product import Product, free_ports
from tests.system.speech import EVERY_LANGUAGE, Speech, notices_of, read_speech
from tests.system.test_journeys import FINDINGS, MOST_QUESTIONS, URGENT_TEXTS, interview
from tests.system.whatsapp_person import WhatsAppPerson
from tests.whatsapp.phone_person import PhonePerson

pytestmark = [pytest.mark.system, pytest.mark.asyncio(loop_scope="session")]

THREE = ("address", "cost", "address")
FAST = Pace(status=0.05, repeat=0.2)
LANGUAGES = ("ar", "ro")
EITHER_LANGUAGE = pytest.mark.parametrize("speech", [*map(read_speech, LANGUAGES)], ids=LANGUAGES)
EITHER_WAY = pytest.mark.parametrize("taps", [False, True], ids=["typing", "tapping"])

Arrive = Callable[..., Awaitable[WhatsAppPerson]]


class CountedRates(Rates):
    """Counts what was refused."""

    refused = 0

    def check(self, person: str, now: float) -> None:
        try:
            super().check(person, now)
        except Refusal:
            self.refused += 1
            raise


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def line(model: Path) -> AsyncIterator[tuple[Network, Product]]:
    """The whole product with the stand-in in Meta's place."""
    [port] = free_ports(1)
    account = new_account("")
    product = Product(model, **account.environment(f"http://{HOST}:{port}"))
    account = replace(account, webhook_url=f"{product.url}{WEBHOOK_PATH}")
    try:
        async with serving(account, port, FAST) as network:
            product.start()
            await approve_templates(network, os.environ)
            await asyncio.to_thread(product.wait_until_ready)
            assert await network.webhooks.handshake()
            yield network, product
    finally:
        await asyncio.to_thread(product.stop)


@pytest_asyncio.fixture(loop_scope="session")
async def arrive(line: tuple[Network, Product]) -> AsyncIterator[Arrive]:
    """Give somebody a phone; each has a number of their own."""
    network, product = line
    async with ClientSession() as session:

        async def new_person(*, taps: bool = False, **given: Any) -> WhatsAppPerson:
            phone = f"44770091{len(list(network.people)):04}"
            given = {"phone": phone, **given}
            made = await PhonePerson.arrive(session, network.address, **given)
            vault = Vault(kept_key(product.state))
            return WhatsAppPerson(made, product.database_url, vault, taps=taps)

        yield new_person
    assert network.webhooks.counts.given_up == 0


@EITHER_WAY
@EVERY_LANGUAGE
async def test_the_father_hears_of_each_member(arrive: Arrive, speech: Speech, taps: bool) -> None:
    father = await arrive(taps=taps)
    first = await father.say(speech["father"]["first"])
    assert first["language"] == speech.language
    asked = await interview(father, speech["father"], first)
    assert len(asked) <= MOST_QUESTIONS, asked
    assert not taps or len(father.tapped) >= 3, asked
    told = father.last
    assert {person: sorted(rows) for person, rows in rows_of(told).items()} == {
        person: sorted(rows) for person, rows in FINDINGS.items()
    }
    assert "utter_next_steps" in told["names"]
    [handoff] = father.handoffs()
    assert (handoff["priority"], handoff["language"]) == ("deadline", speech.language)
    # Nothing of it was lost on the way to the bubbles.
    assert handoff["reference"] in father.heard.text
    for paragraph in told["text"].split("\n\n"):
        assert paragraph.strip() in father.heard.text
    await father.assert_all_read()
    await father.assert_one_answer_each()


@EITHER_WAY
@EVERY_LANGUAGE
async def test_a_child_alone_is_led_to_a_counsellor(
    arrive: Arrive, speech: Speech, taps: bool
) -> None:
    child = await arrive(taps=taps)
    first = await child.say(speech["child"]["first"])
    assert first["names"][0] == "utter_answer_unaccompanied_child"
    asked = await interview(child, speech["child"], first)
    assert not taps or len(child.tapped) >= 3, asked
    assert not taps or set(child.tapped) == {"reply", "row"}
    [finding] = child.last["findings"]
    assert (finding["person"], finding["outcome"]) == ("mother", "UAM")
    [handoff] = child.handoffs()
    assert handoff["priority"] == "child"
    await child.assert_one_answer_each()


@EVERY_LANGUAGE
async def test_danger_a_refusal_an_address_and_a_person_are_answered(
    arrive: Arrive, speech: Speech
) -> None:
    expected = {
        "danger": (URGENT_TEXTS, "112", "danger"),
        "refused": (["utter_answer_rejection"], "", "deadline"),
        "address": (["utter_answer_contact"], "Viesparilor 19", None),
        "human": (["utter_handoff_opened"], "+40 21 312 62 10", "normal"),
    }
    for said, (names, part, priority) in expected.items():
        person = await arrive()
        told = await person.say(speech[said])
        assert told["language"] == speech.language
        assert told["names"][0].startswith(names[0]), told["names"]
        assert part in person.heard.text
        assert [each["priority"] for each in person.handoffs()] == [priority][: bool(priority)]
        await person.assert_one_answer_each()


@EITHER_LANGUAGE
async def test_danger_in_the_interview_stops_it_until_the_person_goes_on(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    assert (await person.say(speech["danger"]))["names"] == URGENT_TEXTS
    assert (await person.say(speech["go_on"]))["names"] == [question]
    await person.assert_one_answer_each()


@EITHER_LANGUAGE
async def test_a_question_in_between_is_answered_and_the_interviews_comes_back(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    told = await person.say(speech["cost"])
    assert told["names"] == ["utter_answer_costs", question]
    other = read_speech(LANGUAGES[LANGUAGES.index(speech.language) - 1])
    told = await person.say(other["change_language"])
    assert told["names"] == ["utter_language_changed", *notices_of(other), question]
    assert told["language"] == other.language
    await person.assert_one_answer_each()


@EITHER_LANGUAGE
async def test_whom_a_correction_means_is_chosen_by_a_tap(arrive: Arrive, speech: Speech) -> None:
    person = await arrive()
    question = question_of(await person.say(speech["father"]["first"]))
    told = await person.say(speech["correction"])
    assert told["names"] == ["utter_ask_which"]
    older = next(each for each in person.heard.options if re.search("17|١٧", each.words))
    again = await person.hear(await person.phone.press(older))
    assert question_of(again) == question
    # What was tapped once has passed: no second answer is taken from it.
    late = await person.hear(await person.phone.press(older))
    assert "utter_question_passed" in late["names"]
    await person.assert_one_answer_each()


@EITHER_LANGUAGE
async def test_starting_again_forgets_the_family_and_offers_the_menu(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    await person.say(speech["father"]["first"])
    told = await person.say(speech["restart"])
    assert told["names"] == ["utter_restarted", "utter_menu"]
    assert len(person.heard.options) == len(told["choices"])
    await person.assert_one_answer_each()


@EITHER_LANGUAGE
async def test_deleting_is_confirmed_by_a_tap_and_then_nothing_is_left(
    arrive: Arrive, line: tuple[Network, Product], speech: Speech
) -> None:
    _, product = line
    person = await arrive()
    # What earlier people's phones told last may not be taken in yet; it will have been.
    before = {**person.rows_of_everybody(), "webhook": 0}
    await person.say(speech["father"]["first"])
    told = await person.say(speech["delete"])
    assert told["names"] == ["utter_confirm_erasure"]
    assert rows_left(product.database_url, person.conversation)
    assert person.rows_of_everybody() != before
    yes = person.offered(speech["confirm"])
    assert yes is not None
    receipt = await person.phone.tap(yes)
    assert len(receipt.bubbles) == 1
    for _ in range(100):
        if person.rows_of_everybody() == before:
            break
        await asyncio.sleep(0.1)
    # The receipt's own empty conversation is gone as well.
    assert person.rows_of_everybody() == before
    assert rows_left(product.database_url, person.conversation) == {}


@EITHER_LANGUAGE
async def test_who_shows_a_user_id_alone_is_answered_like_everybody(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive(name="Amina", phone=None, username="amina.k")
    told = await person.say(speech["address"])
    assert told["names"][0] == "utter_answer_contact"
    await person.assert_one_answer_each()


@EITHER_LANGUAGE
async def test_a_voice_note_is_kept_and_answered_in_the_persons_language(
    arrive: Arrive, speech: Speech
) -> None:
    person = await arrive()
    await person.say(speech["hello"])
    told = await person.send("voice")
    assert told["language"] == speech.language
    assert len(person.handoffs()) == 1
    await person.assert_one_answer_each()


async def test_webhooks_that_come_twice_are_answered_once(
    arrive: Arrive, line: tuple[Network, Product]
) -> None:
    network, _ = line
    speech = read_speech("ro")
    person = await arrive()
    await person.say(speech["hello"])
    network.faults.set({"duplicate": 2})
    await person.say(speech["address"])
    await person.say(speech["cost"])
    await person.assert_one_answer_each(said=3)


async def test_webhooks_that_come_in_disorder_are_all_answered_once(
    arrive: Arrive, line: tuple[Network, Product]
) -> None:
    network, _ = line
    speech = read_speech("ro")
    person = await arrive()
    await person.say(speech["hello"])
    network.faults.set({"disorder": 3, "duplicate": 2})
    said = [await person.phone.send("text", text=speech[what]) for what in THREE]
    await person.assert_one_answer_each(said=4, seconds=30)
    assert len(await person.phone.after(said[-1])) >= 3


async def test_the_strictest_pair_rate_delays_and_loses_nothing(
    arrive: Arrive, line: tuple[Network, Product]
) -> None:
    network, _ = line
    speech = read_speech("ro")
    person = await arrive()
    rates, strict = network.rates, CountedRates(strict=True, pair_burst=2, pair_seconds=2.0)
    network.rates = strict
    try:
        await person.say(speech["hello"])
        for what in (*THREE, *THREE):
            await person.phone.send("text", text=speech[what])
        await person.assert_one_answer_each(said=7, seconds=60)
    finally:
        network.rates = rates
    assert strict.refused
    await person.assert_in_order()


async def test_a_message_without_an_answer_is_not_sent_twice(
    arrive: Arrive, line: tuple[Network, Product]
) -> None:
    network, _ = line
    speech = read_speech("ar")
    person = await arrive()
    await person.say(speech["hello"])
    network.faults.set({"drop": 1})
    await person.say(speech["address"])
    texts = [each["text"] for each in await person.phone.screen() if each["sender"] == "business"]
    assert sum("Viesparilor 19" in text for text in texts) == 1
    await person.assert_one_answer_each()


async def test_too_many_to_one_person_wait_and_keep_their_order(
    arrive: Arrive, line: tuple[Network, Product]
) -> None:
    network, _ = line
    speech = read_speech("ro")
    person = await arrive()
    network.faults.set({"refuse": 1, "code": 131056})
    told = await person.say(speech["address"])
    assert told["names"][0] == "utter_answer_contact"
    await person.assert_one_answer_each()


async def test_after_24_hours_a_template_calls_and_the_tap_brings_the_answer(
    arrive: Arrive, line: tuple[Network, Product]
) -> None:
    network, _ = line
    speech = read_speech("ar")
    person = await arrive()
    await person.say(speech["hello"])
    network.faults.set({"late_window": True})
    holder = network.people.get(person.phone.id)
    assert holder is not None
    asked = await person.phone.send("text", text=speech["address"])
    # The person wrote just now; as if Meta had counted otherwise.
    holder.heard_at = 1.0
    try:
        called = await person.phone.hear(asked)
        [bubble] = called.bubbles
        assert bubble["template"]
        assert re.search("[\u0600-\u06ff]", bubble["text"])
        [button] = called.options
        told = await person.hear(await person.phone.press(button))
    finally:
        network.faults.set({"late_window": False})
    assert told["names"][0] == "utter_answer_contact"
