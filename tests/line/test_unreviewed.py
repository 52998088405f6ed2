"""A language that a machine translated says so, once, and never in front of help in danger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.gateway.voice import Voice
from bot.i18n import Catalogs
from bot.settings import Settings
from tests.fakes import DOMAIN, FakeRasa, say, spot
from tests.i18n.conftest import write_catalog
from tests.line.person import Person

NOTICE = "utter_language_unreviewed"
SENTENCE = "A machine wrote this."


def translated(comment: str) -> str:
    return f'{comment}msgctxt "{NOTICE}"\nmsgid "{SENTENCE}"\nmsgstr "O mașină a scris."\n'


@pytest.fixture
def comment() -> str:
    return "# unreviewed: machine\n"


@pytest.fixture
async def client(settings: Settings, tmp_path: Path, comment: str) -> AsyncIterator[TestClient]:
    write_catalog(tmp_path, "ro", translated(comment))
    responses = {**DOMAIN["responses"], NOTICE: [{"text": SENTENCE}]}
    voice = Voice({"responses": responses}, Catalogs(tmp_path))
    async with TestClient(TestServer(create_app(settings, voice, spot))) as made:
        yield made


async def test_it_is_said_once_in_front_of_the_question(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    fake_rasa.script["salut"] = {"messages": [say("Bun."), say("Cine?", "Eu", "Alții")]}
    person = await Person.arrive(client, language="ro")
    heard = await person.hears(await person.say("salut"))
    assert heard["text"] == "Bun.\n\nO mașină a scris.\n\nCine?"
    assert NOTICE not in (await person.hears(await person.say("încă ceva")))["names"]


async def test_english_was_written_by_people(client: TestClient) -> None:
    person = await Person.arrive(client, language="en")
    assert NOTICE not in (await person.hears(await person.say("hello")))["names"]


async def test_in_danger_nothing_stands_between_a_person_and_help(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    safety = {"name": "utter_safety", "text": "112", "choices": [], "links": []}
    fake_rasa.script["ma bate"] = {"messages": [safety]}
    person = await Person.arrive(client, language="ro")
    assert (await person.hears(await person.say("ma bate")))["names"] == ["utter_safety"]
    assert NOTICE in (await person.hears(await person.say("salut")))["names"]


@pytest.mark.parametrize("comment", [""])
async def test_a_language_that_a_person_has_read_says_nothing(client: TestClient) -> None:
    person = await Person.arrive(client, language="ro")
    assert NOTICE not in (await person.hears(await person.say("salut")))["names"]
