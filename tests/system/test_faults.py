"""Killed at every point of a message's way: the person sees what an undisturbed run shows.

For each part six people stand at six points at the moment of the kill. Afterwards each of their
conversations must be, message by message, the one of a person whom nothing disturbed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, DummyCookieJar

from tests.system.database import conversation_of, handoffs_of
from tests.system.follower import Follower
from tests.system.person import Message, Person, question_of
from tests.system.points import POINTS, Way, saved
from tests.system.product import Product, free_ports
from tests.system.proxy import Proxy
from tests.system.speech import EVERY_LANGUAGE, Speech, read_speech

pytestmark = [
    pytest.mark.system,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.timeout(400),
]

FATHER = read_speech("en")["father"]
RECOVERY_SECONDS = 120.0
TURNS_AFTER = 2
REFERENCE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def way(model: Path) -> AsyncIterator[Way]:
    """A product of its own, with proxies between its parts."""
    rasa_port, actions_port = free_ports(2)
    product = Product(
        model,
        IMPREUNA_RASA_URL=f"http://127.0.0.1:{rasa_port}",
        IMPREUNA_ACTIONS_URL=f"http://127.0.0.1:{actions_port}/webhook",
    )
    rasa = Proxy(rasa_port, product.rasa_port)
    actions = Proxy(actions_port, product.actions_port)
    async with rasa.serving(), actions.serving():
        try:
            await asyncio.to_thread(product.start)
            await asyncio.to_thread(product.wait_until_ready)
            yield Way(product, rasa, actions)
        finally:
            await asyncio.to_thread(product.stop)


@pytest_asyncio.fixture(loop_scope="session")
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as client:
        yield client


async def begin(session: ClientSession, way: Way) -> tuple[Person, str]:
    """A person who has told of the family, and the interview's question to them."""
    person = await Person.arrive(session, way.product.url)
    question = question_of(await person.say(FATHER["first"]))
    assert question is not None
    return person, question


async def go_on(person: Person, answer: Message) -> None:
    """Answer the next questions; every call that a break refuses is made again."""
    for _ in range(TURNS_AFTER):
        question = question_of(answer)
        assert question is not None, f"the interview does not go on: {answer['names']}"
        answer = await person.say(FATHER["answers"][question])


def seen(messages: list[Message]) -> list[dict[str, Any]]:
    """What two runs of one conversation have in common: all but the ids and the reference."""
    kept = ("seq", "author", "names", "language", "direction", "findings", "links")
    return [
        {name: message[name] for name in kept}
        | {"text": REFERENCE.sub("REFERENCE", message["text"])}
        | {"choices": [choice["title"] for choice in message["choices"]]}
        for message in messages
    ]


async def undisturbed(session: ClientSession, way: Way) -> list[dict[str, Any]]:
    person, question = await begin(session, way)
    await go_on(person, await person.say(FATHER["answers"][question]))
    return seen(await person.messages())


@pytest.mark.parametrize("part", ["postgres", "rasa", "actions", "worker", "gateway", "up"])
async def test_a_kill_at_any_point_loses_repeats_and_reorders_nothing(
    way: Way, session: ClientSession, part: str
) -> None:
    expected = await undisturbed(session, way)
    people = [await begin(session, way) for _ in POINTS]
    followers = [Follower(session, way.product.url, person) for person, _ in people]
    stops = []
    for point, (person, question) in zip(POINTS, people, strict=True):
        conversation = conversation_of(way.product.database_url, person.token)
        assert conversation is not None
        stops.append(await point(way, person, conversation, FATHER["answers"][question]))
    await asyncio.to_thread(way.product.kill, part)
    if part == "up":
        way.product.start()
    await asyncio.to_thread(way.product.wait_until_ready)
    for stop in stops:
        await stop.release(part)
    answers = await asyncio.gather(
        *(stop.person.hear(stop.seq, RECOVERY_SECONDS) for stop in stops)
    )
    await asyncio.gather(
        *(go_on(stop.person, answer) for stop, answer in zip(stops, answers, strict=True))
    )
    for point, (person, _), follower in zip(POINTS, people, followers, strict=True):
        messages = await person.messages()
        assert seen(messages) == expected, point.__name__  # type: ignore[attr-defined]
        await shown(follower, len(messages))
        await follower.end()
        assert follower.shown == messages, point.__name__  # type: ignore[attr-defined]
    await asyncio.to_thread(way.product.wait_for_orphans)


async def test_nothing_outlives_a_killed_supervisor_and_the_next_one_answers(
    way: Way, session: ClientSession
) -> None:
    person, question = await begin(session, way)
    conversation = conversation_of(way.product.database_url, person.token)
    assert conversation is not None
    stop = await saved(way, person, conversation, FATHER["answers"][question])
    await asyncio.to_thread(way.product.kill, "up")
    # The gateway has a turn in its hands, and no database comes back that could take it.
    await stop.release("up")
    await asyncio.to_thread(way.product.wait_for_orphans)
    way.product.start()
    await asyncio.to_thread(way.product.wait_until_ready)
    await go_on(person, await person.hear(stop.seq, RECOVERY_SECONDS))
    await person.assert_one_answer_each()


async def shown(follower: Follower, count: int) -> None:
    """The stream may still be on its way to the last message."""
    for _ in range(600):
        if len(follower.shown) >= count:
            return
        await asyncio.sleep(0.05)


@EVERY_LANGUAGE
async def test_without_rasa_danger_and_a_person_are_answered_at_once(
    way: Way, session: ClientSession, speech: Speech
) -> None:
    people = [
        await Person.arrive(session, way.product.url, language=speech.language) for _ in range(2)
    ]
    way.rasa.cut = True
    try:
        danger = await people[0].say(speech["danger"])
        human = await people[1].say(speech["human"])
    finally:
        way.rasa.cut = False
    assert danger["names"] == ["utter_safety", "utter_handoff_opened_urgent"]
    assert human["names"] == ["utter_handoff_opened"]
    for person, told, priority in zip(people, (danger, human), ("danger", "normal"), strict=True):
        assert (told["language"], told["direction"]) == (speech.language, speech["direction"])
        assert "+40 21 312 62 10" in told["text"]
        [handoff] = handoffs_of(way.product.database_url, person.token)
        assert handoff["priority"] == priority
        assert handoff["reference"] in told["text"]


async def test_without_rasa_the_numbers_are_told_and_then_the_interview_goes_on(
    way: Way, session: ClientSession
) -> None:
    person, question = await begin(session, way)
    way.rasa.cut = True
    try:
        told = await person.say(FATHER["answers"][question])
    finally:
        way.rasa.cut = False
    assert told["names"] == ["utter_sorry_down"]
    assert "+40 21 312 62 10" in told["text"]
    [handoff] = handoffs_of(way.product.database_url, person.token)
    assert handoff["reason"] == "failure"
    again = await person.say(FATHER["answers"][question])
    assert question_of(again) not in (None, question)
    await person.assert_one_answer_each()
