"""Erasure: present, erased, absent, in every table."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import psycopg
from aiohttp.test_utils import TestClient
from psycopg import sql

from bot.gateway.jobs import erase_expired
from bot.store import erasure
from bot.store.database import Database
from tests.fakes import FakeRasa, say
from tests.line.person import Person, assert_error

SENTINEL = "sentinelzarathustra"
EVENTS = """
CREATE TABLE IF NOT EXISTS events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sender_id text NOT NULL, data json)
"""


def everything(url: str) -> dict[str, str]:
    """The whole database as text, by table."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        ).fetchall()
        return {
            name: str(connection.execute(
                sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(name))
            ).fetchall())
            for (name,) in tables
        }  # fmt: skip


def holding(url: str, *words: str) -> set[str]:
    """The tables that hold any of the words."""
    return {name for name, text in everything(url).items() if any(w in text for w in words)}


async def until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + seconds
    while not holds():  # noqa: ASYNC110 (another process)
        assert time.monotonic() < ends, "it never came to hold"
        await asyncio.sleep(0.05)


def conversation_of(url: str, text: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT conversation_id FROM inbound WHERE text = %s", (text,)
        ).fetchone()
    assert row
    return str(row[0])


def remember_in_rasa(url: str, conversation: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(EVENTS)
        connection.execute(
            "INSERT INTO events (sender_id, data) VALUES (%s, %s)",
            (conversation, f'{{"text": "{SENTINEL}"}}'),
        )


async def told_everything(client: TestClient, rasa: FakeRasa, url: str) -> tuple[Person, str]:
    """A person whose data is in every table."""
    rasa.script[SENTINEL] = {
        "messages": [say(f"you said {SENTINEL}", f"choice {SENTINEL}")],
        "custom": {
            "findings": [{"person": SENTINEL, "row": "B1", "outcome": "ELIG", "flags": []}],
            "handoff": {
                "reference": "R-1", "reason": "window", "priority": "child",
                "facts": {"told": SENTINEL},
            },
        },
    }  # fmt: skip
    person = await Person.arrive(client)
    await person.ask(SENTINEL)
    conversation = conversation_of(url, SENTINEL)
    remember_in_rasa(url, conversation)
    rasa.delay = 3.0
    await person.say("first in the queue")
    await person.say(f"waiting {SENTINEL}")
    await until(lambda: rasa.running.get(conversation) == 1)
    return person, conversation


async def test_the_delete_call_leaves_nothing_in_any_table(
    client: TestClient, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    person, conversation = await told_everything(client, fake_rasa, postgres_url)
    before = holding(postgres_url, SENTINEL, conversation)
    assert before >= {"conversation", "inbound", "outbound", "handoff", "events"}
    assert "procrastinate_jobs" in before
    answer = await client.delete("/chat/conversation", headers=person.headers)
    assert answer.status == 200
    body = await answer.json()
    assert body["receipt"]["reference"].startswith("E-")
    assert body["receipt"]["reference"] in body["message"]["text"]
    assert holding(postgres_url, SENTINEL) == set()
    # The one job that was running ends by itself, and is deleted then.
    await until(lambda: not holding(postgres_url, SENTINEL, conversation))
    answer = await client.get("/chat/messages", headers=person.headers)
    await assert_error(answer, 401, "unauthorized")
    assert body["receipt"]["reference"] in everything(postgres_url)["erasure"]


async def test_erasing_by_words_leaves_the_receipt_alone(
    client: TestClient, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    fake_rasa.script["delete it"] = {"messages": [say("Deleting.")], "custom": {"erase": True}}
    person = await Person.arrive(client)
    await person.ask(SENTINEL)
    conversation = conversation_of(postgres_url, SENTINEL)
    remember_in_rasa(postgres_url, conversation)
    assert holding(postgres_url, SENTINEL) >= {"inbound", "outbound", "events"}
    await person.say("delete it")
    for _ in range(200):
        messages = await person.messages()
        if messages and messages[-1].get("names") == ["utter_erased"]:
            break
        await asyncio.sleep(0.02)
    assert [m["names"] for m in messages] == [["utter_erased"]]
    await until(lambda: not holding(postgres_url, SENTINEL, conversation))
    # The same key goes on, as a new conversation.
    assert (await person.ask("hello"))["text"] == "echo: hello"
    assert conversation_of(postgres_url, "hello") != conversation


async def test_what_rasa_writes_after_an_erasure_is_swept(
    client: TestClient, postgres_url: str
) -> None:
    person = await Person.arrive(client)
    await person.ask("sweep me")
    conversation = conversation_of(postgres_url, "sweep me")
    await client.delete("/chat/conversation", headers=person.headers)
    remember_in_rasa(postgres_url, conversation)
    remember_in_rasa(postgres_url, "somebody-else")
    database = Database(postgres_url)
    await database.open()
    async with database.transaction() as connection:
        assert await erasure.sweep(connection) == 1
    await database.close()
    assert holding(postgres_url, conversation) == set()
    assert holding(postgres_url, "somebody-else") == {"events"}
    with psycopg.connect(postgres_url) as connection_:
        connection_.execute("DELETE FROM events")


async def test_a_turn_that_ends_after_the_erasure_writes_nothing(
    client: TestClient, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    fake_rasa.delay = 0.5
    person = await Person.arrive(client)
    await person.say("late turn")
    conversation = conversation_of(postgres_url, "late turn")
    await until(lambda: fake_rasa.running.get(conversation) == 1)
    await client.delete("/chat/conversation", headers=person.headers)
    remember_in_rasa(postgres_url, conversation)
    await until(lambda: fake_rasa.heard() == ["late turn"])
    await until(lambda: not holding(postgres_url, conversation))
    assert holding(postgres_url, conversation, "late turn", SENTINEL) == set()


async def test_unused_conversations_are_erased_after_the_retention_period(
    client: TestClient, postgres_url: str
) -> None:
    old, new = await Person.arrive(client), await Person.arrive(client)
    await old.ask("old words")
    await new.ask("new words")
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "UPDATE conversation SET last_activity_at = now() - interval '31 days' WHERE id = %s",
            (conversation_of(postgres_url, "old words"),),
        )
    database = Database(postgres_url)
    await database.open()
    assert await erase_expired(database, days=30) == 1
    await database.close()
    assert holding(postgres_url, "old words") == set()
    assert holding(postgres_url, "new words") >= {"inbound", "outbound"}


async def test_every_table_with_a_conversation_goes_with_it(postgres_url: str) -> None:
    """A table added later must not be forgotten."""
    with psycopg.connect(postgres_url) as connection:
        rows: list[Any] = connection.execute(
            "SELECT conrelid::regclass::text, confdeltype::text FROM pg_constraint"
            " WHERE contype = 'f' AND confrelid = 'conversation'::regclass"
        ).fetchall()
        columns = connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE column_name = 'conversation_id' AND table_schema = 'public'"
        ).fetchall()
    assert {rule for _, rule in rows} == {"c"}
    assert {table for table, _ in rows} == {table for (table,) in columns}
