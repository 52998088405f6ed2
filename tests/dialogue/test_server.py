"""The Rasa server from outside: what the gateway may rely on."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import psycopg
import pytest

from tests.dialogue.conftest import Caller, RasaServer, StoppablePostgres
from tests.dialogue.tiny_project import TinyActions

REFUGEE = '/inform{"sponsor_status": "refugee"}'


@pytest.fixture
def conversation() -> str:
    return str(uuid.uuid4())


def names(answer: dict[str, Any]) -> list[str]:
    return [message["name"] for message in answer["messages"]]


async def test_a_text_is_answered_with_text_choices_and_links(
    caller: Caller, conversation: str
) -> None:
    status, answer = await caller.send(conversation, "1", text="hello")
    assert status == 200
    assert answer["messages"] == [
        {
            "name": "utter_greet",
            "text": "Hello, what is your status?",
            "choices": [
                {"title": "Refugee", "description": "With a card", "payload": REFUGEE},
                {
                    "title": "Other",
                    "description": None,
                    "payload": '/inform{"sponsor_status": "other"}',
                },
            ],
            "numbered": False,
            "links": [{"title": "The law", "url": "https://example.org/law"}],
        }
    ]
    assert answer["intent"] == "greet"
    assert 0.3 < answer["confidence"] <= 1


async def test_a_choice_reaches_the_action_and_payloads_are_merged(
    caller: Caller, conversation: str
) -> None:
    _, answer = await caller.send(conversation, "1", payload=REFUGEE)
    assert answer["messages"][0]["text"] == "You told us: refugee on May 3, 2026."
    assert answer["custom"] == {
        "language": None,
        "findings": [{"row": "B1"}, {"row": "B2"}],
        "handoff": {"reason": "test"},
        "facts": None,
        "erase": False,
    }
    assert (answer["intent"], answer["confidence"]) == ("inform", 1.0)


async def test_actions_are_told_the_language_the_channel_and_what_is_on_offer(
    caller: Caller, conversation: str, actions: TinyActions
) -> None:
    await caller.send(conversation, "1", payload=REFUGEE, language="ro")
    metadata = actions.bodies[-1]["tracker"]["latest_message"]["metadata"]
    assert (metadata["language"], metadata["channel"]) == ("ro", "web")
    assert "en" in metadata["languages"]


async def test_any_letters_are_kept_as_they_were_written(
    caller: Caller, conversation: str, rows: Any
) -> None:
    text = 'hello "\\\\" {a,NULL} \\u0000 \x00 \ud83d \U0001f9ff \n\t\u0627\u200c\u202e'
    status, _ = await caller.send(conversation, "1", text=text)
    assert status == 200
    assert [data["text"] for kind, data in rows(conversation) if kind == "user"] == [text]


async def test_a_repeated_id_gets_the_same_answer_and_nothing_happens_twice(
    callers: tuple[Caller, Caller], conversation: str, actions: TinyActions, rows: Any
) -> None:
    first = await callers[0].send(conversation, "1", payload=REFUGEE)
    stored, called = rows(conversation), len(actions.calls)
    assert await callers[0].send(conversation, "1", payload=REFUGEE) == first
    assert await callers[1].send(conversation, "1", payload=REFUGEE) == first
    assert rows(conversation) == stored
    assert len(actions.calls) == called


async def test_the_same_id_sent_many_times_at_once_is_one_turn(
    callers: tuple[Caller, Caller], conversation: str, rows: Any
) -> None:
    sent = [callers[n % 2].send(conversation, "1", payload=REFUGEE) for n in range(6)]
    answers = await asyncio.gather(*sent)
    assert all(answer == answers[0] for answer in answers)
    assert [kind for kind, _ in rows(conversation)].count("user") == 1


async def test_two_servers_lose_no_turn_of_one_conversation(
    callers: tuple[Caller, Caller], conversation: str, actions: TinyActions, rows: Any
) -> None:
    actions.delay = 0.02
    sent = [callers[n % 2].send(conversation, str(n), payload=REFUGEE) for n in range(12)]
    answers = await asyncio.gather(*sent)
    assert {status for status, _ in answers} == {200}
    stored = rows(conversation)
    assert [kind for kind, _ in stored].count("user") == 12
    assert [kind for kind, _ in stored].count("session_started") == 1
    seen = [event for body in actions.bodies[-1:] for event in body["tracker"]["events"]]
    assert sum(event["event"] == "user" for event in seen) == 12


async def test_a_server_takes_the_messages_of_a_conversation_in_order(
    caller: Caller, conversation: str, rows: Any
) -> None:
    sent = []
    for number in range(5):
        sent.append(asyncio.create_task(caller.send(conversation, str(number), payload=REFUGEE)))
        await asyncio.sleep(0.01)
    await asyncio.gather(*sent)
    users = [data["message_id"] for kind, data in rows(conversation) if kind == "user"]
    assert users == ["0", "1", "2", "3", "4"]


async def test_a_crashed_action_saves_nothing_and_the_retry_is_answered(
    caller: Caller, conversation: str, actions: TinyActions, rows: Any
) -> None:
    await caller.send(conversation, "1", text="hello")
    before = rows(conversation)
    actions.failures = 1
    status, answer = await caller.send(conversation, "2", payload=REFUGEE)
    assert (status, answer["error"]["code"]) == (503, "rasa_unavailable")
    assert rows(conversation) == before
    status, answer = await caller.send(conversation, "2", payload=REFUGEE)
    assert (status, names(answer)) == (200, ["utter_told"])


async def test_a_turn_that_says_nothing_counts_as_failed(
    caller: Caller, conversation: str, rows: Any
) -> None:
    status, _ = await caller.send(conversation, "1", payload="/ask_nothing")
    assert status == 503
    assert rows(conversation) == []


async def test_an_abandoned_call_saves_nothing_and_frees_the_conversation(
    callers: tuple[Caller, Caller], conversation: str, actions: TinyActions, rows: Any
) -> None:
    await callers[0].send(conversation, "1", text="hello")
    actions.delay = 1.0
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(callers[0].send(conversation, "2", payload=REFUGEE), 0.3)
    actions.delay = 0.0
    status, _ = await callers[1].send(conversation, "2", payload=REFUGEE)
    assert status == 200
    assert [data["message_id"] for kind, data in rows(conversation) if kind == "user"] == ["1", "2"]


@pytest.mark.parametrize(
    "payload",
    ["/no_such_intent", '/inform{"sponsor_status":', "inform", '/inform["x"]', "/", "//inform"],
)
async def test_a_choice_that_this_model_does_not_know_is_asked_again(
    caller: Caller, conversation: str, payload: str
) -> None:
    status, answer = await caller.send(conversation, "1", payload=payload)
    assert (status, names(answer)) == (200, ["utter_default"])


@pytest.mark.parametrize("text", ["/restart", " /restart", "//restart", "/no_such_intent", "/"])
async def test_a_text_is_never_a_command(caller: Caller, conversation: str, text: str) -> None:
    status, answer = await caller.send(conversation, "1", text=text)
    assert status == 200
    assert names(answer) != ["utter_restart"]
    assert answer["confidence"] < 1 or answer["intent"] == "nlu_fallback"


async def test_a_restart_is_answered_and_so_is_what_follows(
    caller: Caller, conversation: str
) -> None:
    await caller.send(conversation, "1", payload=REFUGEE)
    _, answer = await caller.send(conversation, "2", payload="/restart")
    assert names(answer) == ["utter_restart"]
    for number in ("3", "4"):
        _, answer = await caller.send(conversation, number, text="hello")
        assert names(answer) == ["utter_greet"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"conversation": "c"}', b'{"conversation": "c", "message_id": "1"}'],
)
async def test_a_malformed_request_is_refused(caller: Caller, body: bytes) -> None:
    status, answer = await caller.post(body)
    assert (status, answer["error"]["code"]) == (400, "invalid_request")


async def test_odd_characters_are_stored_and_answered(
    caller: Caller, conversation: str, rows: Any
) -> None:
    status, _ = await caller.send(conversation, "1", text="hello \x00 \ud800 \U0001f600")
    assert status == 200
    assert any("\x00" in (data.get("text") or "") for kind, data in rows(conversation))


async def test_a_change_of_language_is_reported_and_kept(caller: Caller, conversation: str) -> None:
    _, answer = await caller.send(conversation, "1", payload="/change_language", language="ro")
    assert answer["custom"]["language"] == "ar"
    assert names(answer) == ["utter_greet"]


async def test_after_25_turns_a_new_session_carries_the_slots_over(
    caller: Caller, conversation: str, actions: TinyActions, rows: Any
) -> None:
    await caller.send(conversation, "0", payload=REFUGEE)
    for number in range(1, 25):
        await caller.send(conversation, str(number), text="hello")
    assert actions.calls.count("action_session_start") == 1
    _, answer = await caller.send(conversation, "25", text="hello")
    assert names(answer) == ["utter_greet"]
    assert actions.calls.count("action_session_start") == 2
    kinds = [kind for kind, _ in rows(conversation)]
    assert kinds.count("session_started") == 2
    await caller.send(conversation, "26", payload="/inform")
    tracker = actions.bodies[-1]["tracker"]
    assert tracker["slots"]["sponsor_status"] == "refugee"
    assert sum(event["event"] == "user" for event in tracker["events"]) == 2


async def test_an_id_of_the_session_before_is_still_answered_the_same(
    callers: tuple[Caller, Caller], conversation: str, rows: Any
) -> None:
    first = await callers[0].send(conversation, "0", payload=REFUGEE)
    for number in range(1, 27):
        await callers[number % 2].send(conversation, str(number), text="hello")
    stored = rows(conversation)
    assert await callers[0].send(conversation, "0", payload=REFUGEE) == first
    assert rows(conversation) == stored


async def test_an_erased_conversation_begins_anew(
    caller: Caller, conversation: str, actions: TinyActions, postgres: StoppablePostgres
) -> None:
    await caller.send(conversation, "1", payload=REFUGEE)
    with psycopg.connect(postgres.url) as connection:
        connection.execute("DELETE FROM events WHERE sender_id = %s", (conversation,))
    await caller.send(conversation, "2", text="hello")
    started = actions.bodies[-1]["tracker"]
    assert actions.calls[-1] == "action_session_start"
    assert started["slots"]["sponsor_status"] is None


async def test_no_log_holds_what_a_person_wrote(
    caller: Caller, conversation: str, actions: TinyActions, rows: Any, servers: list[RasaServer]
) -> None:
    await caller.send(conversation, "1", text="hello SENTINEL")
    await caller.send(conversation, "2", payload='/inform{"sponsor_status": "SENTINEL"}')
    await caller.send(conversation, "3", payload='/SENTINEL{"SENTINEL": 1}')
    actions.failures = 1
    status, _ = await caller.send(
        conversation, "4", payload='/inform{"sponsor_status": "SENTINEL"}'
    )
    assert status == 503
    assert "SENTINEL" in str(rows(conversation))
    logs = "".join(server.log.read_text() for server in servers)
    assert "a turn was given up" in logs
    assert "SENTINEL" not in logs
    assert conversation not in logs


async def test_without_its_database_it_fails_and_afterwards_it_works(
    callers: tuple[Caller, Caller], conversation: str, postgres: StoppablePostgres, rows: Any
) -> None:
    await callers[0].send(conversation, "1", payload=REFUGEE)
    before = rows(conversation)
    postgres.stop()
    try:
        status, answer = await callers[0].send(conversation, "2", text="hello")
        assert (status, answer["error"]["code"]) == (503, "store_unavailable")
    finally:
        postgres.start()
    assert rows(conversation) == before
    for caller in callers:
        status, answer = await caller.send(conversation, "2", text="hello")
        assert (status, names(answer)) == (200, ["utter_greet"])
    assert [data["message_id"] for kind, data in rows(conversation) if kind == "user"] == ["1", "2"]


async def test_a_restart_of_the_database_between_two_messages_goes_unnoticed(
    caller: Caller, conversation: str, postgres: StoppablePostgres
) -> None:
    await caller.send(conversation, "1", text="hello")
    postgres.stop()
    postgres.start()
    status, _ = await caller.send(conversation, "2", text="hello")
    assert status == 200


async def test_a_server_stays_small(servers: list[RasaServer]) -> None:
    assert max(server.resident_megabytes() for server in servers) < 350
