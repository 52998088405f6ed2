"""The JSON calls: ids, order, choices, what cannot be taken."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from aiohttp.test_utils import TestClient

from bot.conversations.text import MAX_CHARACTERS
from tests.fakes import FakeRasa, say
from tests.line.person import Person, assert_error


async def test_a_message_is_stored_then_answered(client: TestClient, fake_rasa: FakeRasa) -> None:
    person = await Person.arrive(client, language="en")
    seq = await person.say("who can join me")
    answer = await person.hears(seq)
    own, heard = (await person.messages())[:2]
    assert (own["seq"], own["author"], own["text"]) == (1, "person", "who can join me")
    assert heard == answer
    assert answer == {
        "seq": 2,
        "kind": "message",
        "author": "bot",
        "text": "echo: who can join me",
        "choices": [],
        "numbered": True,
        "links": [],
        "language": "en",
        "direction": "ltr",
        "names": ["utter_x"],
        "findings": [],
    }
    assert fake_rasa.calls[0]["channel"] == "web"
    assert fake_rasa.calls[0]["language"] == "en"


async def test_the_same_id_is_stored_once_and_another_content_is_refused(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    person = await Person.arrive(client)
    first = await person.post(id="m-1", text="hello")
    again = await person.post(id="m-1", text="hello")
    assert (first.status, again.status) == (202, 200)
    assert await first.json() == await again.json() == {"seq": 1}
    await assert_error(await person.post(id="m-1", text="other"), 409, "id_conflict")
    await assert_error(await person.post(id="m-1", choice="1-1"), 409, "id_conflict")
    await person.hears(1)
    assert len(await person.messages()) == 2
    assert fake_rasa.heard() == ["hello"]


async def test_two_people_may_use_the_same_id(client: TestClient) -> None:
    one, other = await Person.arrive(client), await Person.arrive(client)
    assert (await one.post(id="m-1", text="a")).status == 202
    assert (await other.post(id="m-1", text="b")).status == 202
    assert (await one.hears(1))["text"] == "echo: a"
    assert (await other.hears(1))["text"] == "echo: b"


async def test_many_messages_at_once_are_answered_in_order_and_once(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    fake_rasa.delay = 0.01
    people = [await Person.arrive(client) for _ in range(5)]
    ids = [str(uuid.uuid4()) for _ in range(8)]
    # Everything twice, as a phone with a bad network does.
    answers = await asyncio.gather(
        *(p.post(id=i, text=f"text {n}") for p in people for n, i in enumerate(ids) for _ in (1, 2))
    )
    assert sorted({answer.status for answer in answers}) == [200, 202]
    for person in people:
        await person.hears(0, count=len(ids), seconds=20)
        messages = await person.messages()
        assert [m["seq"] for m in messages] == list(range(1, 2 * len(ids) + 1))
        asked = [m["text"] for m in messages if m["author"] == "person"]
        told = [m["text"] for m in messages if m["author"] == "bot"]
        assert told == [f"echo: {text}" for text in asked]
        assert len(set(asked)) == len(ids)
    assert fake_rasa.most_at_once == 1
    assert len(fake_rasa.calls) == len(people) * len(ids)


async def test_a_choice_becomes_its_payload_once(client: TestClient, fake_rasa: FakeRasa) -> None:
    fake_rasa.script["start"] = {"messages": [say("Which?", "Yes", "No")]}
    person = await Person.arrive(client)
    question = await person.ask("start")
    assert question["choices"] == [
        {"id": f"{question['seq']}-1", "title": "Yes"},
        {"id": f"{question['seq']}-2", "title": "No"},
    ]
    seq = await person.choose(question["choices"][1]["id"])
    assert (await person.hears(seq))["text"] == 'echo: /inform{"choice": "No"}'
    assert (await person.messages(seq - 1))[0]["text"] == "No"
    # The second press finds the question answered.
    stale = await person.hears(await person.choose(question["choices"][0]["id"]))
    assert stale["names"][0] == "utter_question_passed"
    assert fake_rasa.heard()[1:] == ['/inform{"choice": "No"}']


async def test_a_passed_choice_brings_the_current_question_again(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    fake_rasa.script["start"] = {"messages": [say("First?", "Yes", "No")]}
    fake_rasa.script["more"] = {"messages": [say("Second?", "Red", "Blue", numbered=True)]}
    person = await Person.arrive(client)
    old = await person.ask("start")
    await person.ask("more")
    again = await person.hears(await person.choose(old["choices"][0]["id"]))
    assert again["text"] == "That question has passed.\n\nSecond?"
    assert [choice["title"] for choice in again["choices"]] == ["Red", "Blue"]
    assert again["names"] == ["utter_question_passed", "utter_x"]
    taken = await person.hears(await person.choose(again["choices"][1]["id"]))
    assert taken["text"] == 'echo: /inform{"choice": "Blue"}'


@pytest.mark.parametrize("typed", ["2", "٢", "۲", "২", "NO", "no "])
async def test_a_typed_number_or_title_is_the_choice(
    client: TestClient, fake_rasa: FakeRasa, typed: str
) -> None:
    fake_rasa.script["start"] = {"messages": [say("Which?", "Yes", "No")]}
    person = await Person.arrive(client)
    await person.ask("start")
    assert (await person.ask(typed))["text"] == 'echo: /inform{"choice": "No"}'


async def test_a_typed_command_is_only_a_text(client: TestClient, fake_rasa: FakeRasa) -> None:
    person = await Person.arrive(client)
    for text in ("/restart", "\u200b /inform{x}", "\n//session_start"):
        await person.ask(text)
    assert fake_rasa.heard() == ["restart", "inform{x}", "session_start"]
    assert all(call["payload"] is None for call in fake_rasa.calls)


async def test_hostile_texts_are_stored_and_answered(client: TestClient) -> None:
    person = await Person.arrive(client)
    for text in ("👍", "a\x00b", "\u202eevil\u202c", "\ud800x", "'; DROP TABLE inbound; --"):
        await person.ask(text)
    texts = [m["text"] for m in await person.messages() if m["author"] == "person"]
    assert texts == ["👍", "ab", "evil", "\ufffdx", "'; DROP TABLE inbound; --"]


async def test_a_long_text_is_stored_cut_and_answered_kindly(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    person = await Person.arrive(client)
    answer = await person.ask("é" * 5000)
    assert answer["names"] == ["utter_sorry_too_long"]
    assert "4,096" in answer["text"]
    assert len((await person.messages())[0]["text"]) == MAX_CHARACTERS
    danger = await person.ask("help me he beats me " + "x" * 5000)
    assert danger["names"] == ["utter_safety", "utter_sorry_too_long"]
    assert fake_rasa.calls == []
    await person.ask("x" * MAX_CHARACTERS)
    assert len(fake_rasa.calls) == 1


async def test_the_language_changes_with_the_turn(client: TestClient, fake_rasa: FakeRasa) -> None:
    fake_rasa.script["salut"] = {"messages": [say("Bună")], "custom": {"language": "ro"}}
    person = await Person.arrive(client)
    assert (await person.ask("salut"))["language"] == "ro"
    await person.ask("next")
    assert [call["language"] for call in fake_rasa.calls] == [None, "ro"]


async def test_keep_words_are_answered_at_the_door_with_a_status(
    client: TestClient, fake_rasa: FakeRasa
) -> None:
    person = await Person.arrive(client)
    for words, keep, name in (
        ("Keep this chat on this phone", True, "utter_key_kept"),
        ("do not keep", False, "utter_key_forgotten"),
    ):
        seq = await person.say(words)
        assert (await person.hears(seq))["names"] == [name]
        status = (await person.messages(seq))[-1]
        assert status == {"seq": seq + 2, "kind": "status", "keep_key": keep}
    assert fake_rasa.calls == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": "", "text": "x"}, "invalid_id"),
        ({"id": 7, "text": "x"}, "invalid_id"),
        ({"id": "x" * 129, "text": "x"}, "invalid_id"),
        ({"id": "a b", "text": "x"}, "invalid_id"),
        ({"id": "1"}, "invalid_message"),
        ({"id": "1", "text": "x", "choice": "1-1"}, "invalid_message"),
        ({"id": "1", "text": ["x"]}, "invalid_message"),
        ({"id": "1", "text": " \u200b\x00"}, "empty_message"),
        ({"id": "1", "choice": "/inform{}"}, "invalid_choice"),
        ({"id": "1", "choice": "1-١"}, "invalid_choice"),
        ({"id": "1", "choice": "99999999999999999999-1"}, "invalid_choice"),
    ],
)
async def test_what_cannot_be_taken_is_refused(
    client: TestClient, body: dict[str, object], code: str
) -> None:
    person = await Person.arrive(client)
    await assert_error(
        await client.post("/chat/messages", json=body, headers=person.headers), 400, code
    )
    assert await person.messages() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 30_000, b"null"])
async def test_a_body_that_is_no_json_object_is_refused(client: TestClient, body: bytes) -> None:
    person = await Person.arrive(client)
    answer = await client.post("/chat/messages", data=body, headers=person.headers)
    await assert_error(answer, 400, "invalid_json")


async def test_a_huge_body_is_refused(client: TestClient) -> None:
    person = await Person.arrive(client)
    body = b'{"id": "1", "text": "' + b"x" * 70_000 + b'"}'
    answer = await client.post("/chat/messages", data=body, headers=person.headers)
    await assert_error(answer, 413, "too_large")
    answer = await client.post("/chat", data={"text": "x" * 70_000})
    await assert_error(answer, 413, "too_large")


async def test_a_key_opens_only_its_own_conversation(client: TestClient) -> None:
    one, other = await Person.arrive(client), await Person.arrive(client)
    await one.ask("mine")
    assert await other.messages() == []
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {one.token}"},
        {"Authorization": "Bearer " + "x" * 5000},
    ):
        for method, path in (
            ("GET", "/chat/messages"),
            ("GET", "/chat/events"),
            ("POST", "/chat/messages"),
            ("DELETE", "/chat/conversation"),
        ):
            answer = await client.request(method, path, headers=headers, json={})
            await assert_error(answer, 401, "unauthorized")
    answer = await client.get("/chat/messages", params={"token": one.token})
    await assert_error(answer, 401, "unauthorized")


async def test_an_unknown_language_is_taken_for_none(client: TestClient) -> None:
    answer = await client.post("/chat/conversations", json={"language": "xx"})
    assert answer.status == 201
    assert (await answer.json())["language"] == "en"
    answer = await client.post("/chat/conversations", json={"language": ["en"]})
    await assert_error(answer, 400, "invalid_language")


async def test_unknown_paths_and_methods_have_the_same_shape_of_error(client: TestClient) -> None:
    await assert_error(await client.get("/nothing"), 404, "not_found")
    await assert_error(await client.put("/chat/messages"), 405, "method_not_allowed")
    person = await Person.arrive(client)
    answer = await client.get("/chat/messages?after=-1", headers=person.headers)
    await assert_error(answer, 400, "invalid_after")
