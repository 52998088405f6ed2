"""From stored webhooks to messages: all of a batch, in order, once."""

from __future__ import annotations

import asyncio
import base64
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.parse import parse
from bot.gateway.app import create_app
from bot.gateway.metrics import Metrics
from bot.gateway.taking_in import TakingIn
from bot.settings import Settings
from bot.store import deliveries, received
from bot.store.database import Database
from bot.store.deliveries import keyed
from bot.store.vault import Vault
from tests.fakes import FakeRasa, say, spot
from tests.whatsapp.conftest import APP_SECRET
from tests.whatsapp.gateway import VOICE, Gateway, execute, rows, until, written
from tests.whatsapp.graph import FakeGraph
from tests.whatsapp.payloads import as_meta, enclose, entry, envelope, message, status, text
from tests.whatsapp.stored import jobs_of, put, waiting


async def test_a_message_becomes_an_inbound_row_with_its_job(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    sent = datetime.now(timezone.utc).replace(microsecond=0) - timedelta(hours=2)
    node = text("أهلاً", "40722000001", timestamp=str(int(sent.timestamp())))
    await put(database, vault, envelope(messages=[node]))
    assert await taking_in.drain() == 1
    row = rows(postgres_url, "SELECT * FROM inbound JOIN conversation"
        " ON conversation.id = conversation_id")[0]  # fmt: skip
    assert (row["text"], row["kind"], row["sent_at"]) == ("أهلاً", "text", sent)
    assert (row["channel"], row["token_hash"]) == (CHANNEL, None)
    assert row["window_until"] == sent + timedelta(hours=24)
    (job,) = jobs_of(postgres_url, "conversation.answer")
    assert job["lock"] == f"in:{row['conversation_id']}"
    assert waiting(postgres_url) == []


async def test_all_of_a_batch_is_handled_in_the_order_of_time_and_place(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    now = int(time.time()) - 100
    batch = enclose(*[
        entry(messages=[
            text(f"{e}{m}", f"4072200000{m % 2}", timestamp=str(now + (5 if m == 0 else 1)))
            for m in range(3)
        ])
        for e in range(2)
    ])  # fmt: skip
    await put(database, vault, batch)
    await taking_in.drain()
    assert written(postgres_url) == ["01", "02", "11", "12", "00", "10"]
    by_person = rows(postgres_url, "SELECT array_agg(text ORDER BY seq) AS texts FROM inbound"
        " GROUP BY conversation_id ORDER BY 1")  # fmt: skip
    assert [row["texts"] for row in by_person] == [["01", "11"], ["02", "12", "00", "10"]]


async def test_the_same_id_twice_in_a_batch_and_in_two_webhooks_is_one_message(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    node = text("once")
    await put(database, vault, envelope(messages=[node, node]))
    await put(database, vault, envelope(messages=[node]))
    await taking_in.drain()
    await put(database, vault, envelope(messages=[node]))
    await taking_in.drain()
    assert written(postgres_url) == ["once"]
    assert len(jobs_of(postgres_url, "conversation.answer")) == 1
    assert waiting(postgres_url) == []


async def test_two_who_take_in_the_same_at_once_store_it_once(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    """A job that was thought dead runs again while it still lives."""
    nodes = [text(f"message {n}", "40722000001") for n in range(10)]
    for node in nodes:
        await put(database, vault, envelope(messages=[node]))
    other = TakingIn(CHANNEL, parse, database, vault, Metrics())
    await asyncio.gather(taking_in.drain(), other.drain(), taking_in.drain())
    assert sorted(written(postgres_url)) == sorted(f"message {n}" for n in range(10))
    assert len(rows(postgres_url, "SELECT id FROM conversation")) == 1
    assert waiting(postgres_url) == []


async def test_a_repetition_after_six_days_is_none_and_ids_are_forgotten_later(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    node = text("a week old")
    await put(database, vault, envelope(messages=[node]))
    await taking_in.drain()
    execute(postgres_url, "UPDATE received SET received_at = now() - interval '9 days'")
    await taking_in.purge()
    await put(database, vault, envelope(messages=[node]))
    await taking_in.drain()
    assert written(postgres_url) == ["a week old"]
    assert received.DAYS_KEPT >= 10
    execute(postgres_url, "UPDATE received SET received_at = now() - interval '11 days'")
    await taking_in.purge()
    assert rows(postgres_url, "SELECT * FROM received") == []


async def test_messages_come_before_statuses_and_each_status_is_passed_on(
    taking_in: TakingIn,
    database: Database,
    vault: Vault,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[Any] = []

    async def listen(_: Any, *event: Any) -> None:
        told.append((written(postgres_url), *event))

    monkeypatch.setattr(deliveries, "status", listen)
    errors = [{"code": 131047}]
    statuses = [status("failed", "wamid.a", "key-a", errors=errors), status("sent", "wamid.b")]
    await put(database, vault, envelope(statuses=statuses, messages=[text("first")]))
    await taking_in.drain()
    assert told == [
        (["first"], keyed(vault, "wamid.a"), "key-a", "failed", 131047),
        (["first"], keyed(vault, "wamid.b"), None, "sent", None),
    ]


async def test_statuses_only_move_forward(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    await put(database, vault, envelope(messages=[text("hello")]))
    await taking_in.drain()
    (conversation,) = rows(postgres_url, "SELECT id FROM conversation")
    execute(
        postgres_url,
        "INSERT INTO outbound (conversation_id, seq, key, body, asks, delivered)"
        " VALUES (%s, 99, 'reply:x', '{}', false, now())",
        conversation["id"],
    )

    async def after(*states: str, starting: str = "sent") -> str:
        execute(postgres_url, "DELETE FROM delivery")
        execute(
            postgres_url,
            "INSERT INTO delivery (conversation_id, outbound_id, key, provider_id, state)"
            " SELECT conversation_id, id, 'key', %s, %s FROM outbound",
            keyed(vault, "wamid.out"),
            starting,
        )
        for state in states:
            await put(database, vault, envelope(statuses=[status(state, "wamid.out", "key")]))
        await taking_in.drain()
        return str(rows(postgres_url, "SELECT state FROM delivery")[0]["state"])

    assert await after("read", "delivered", "sent") == "read"
    assert await after("delivered", "sent", "failed") == "delivered"
    assert await after("failed", "sent", "delivered") == "failed"
    assert await after("sent", starting="asked") == "sent"
    assert await after("read", starting="unsure") == "read"


async def test_a_status_with_our_key_proves_that_a_bubble_without_an_answer_was_taken(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    """A request that timed out after it was written is not made again."""
    await put(database, vault, envelope(messages=[text("hello")]))
    await taking_in.drain()
    execute(
        postgres_url,
        "WITH said AS (INSERT INTO outbound (conversation_id, seq, key, body, asks)"
        "  SELECT id, 9, 'reply:z', '{}', false FROM conversation RETURNING id, conversation_id)"
        " INSERT INTO delivery (conversation_id, outbound_id, key, state)"
        " SELECT conversation_id, id, 'our-key', 'unsure' FROM said",
    )
    told = [status("sent", "wamid.other", "somebody's"), status("sent", "wamid.new", "our-key")]
    await put(database, vault, envelope(statuses=told))
    await taking_in.drain()
    (row,) = rows(postgres_url, "SELECT state, provider_id FROM delivery")
    assert (row["state"], row["provider_id"]) == ("sent", keyed(vault, "wamid.new"))


async def test_ids_that_hold_a_number_are_stored_sealed(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    """WhatsApp's ids of messages are the sender's number in base64, among other things."""
    telling = "wamid." + base64.b64encode(b"\x00\x1840722000001\x15").decode()
    await put(database, vault, envelope(messages=[text("x", "40722000001", id=telling)]))
    await taking_in.drain()
    stored = rows(postgres_url, "SELECT external_id FROM inbound")[0]["external_id"]
    assert received.open_id(vault, stored) == telling
    everything = "".join(
        str(rows(postgres_url, f"SELECT t::text FROM {table} AS t"))  # noqa: S608
        for table in ("inbound", "conversation", "alias", "received", "procrastinate_jobs")
    )
    assert telling[6:] not in everything and "40722000001" not in everything
    assert b"40722000001".hex() not in everything


async def test_an_old_message_does_not_shorten_the_window(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    now = int(time.time())
    await put(database, vault, envelope(messages=[text("new", timestamp=str(now - 10))]))
    await put(database, vault, envelope(messages=[text("late", timestamp=str(now - 90_000))]))
    await taking_in.drain()
    (row,) = rows(postgres_url, "SELECT extract(epoch FROM window_until) AS at FROM conversation")
    assert int(row["at"]) == now - 10 + 86_400


async def test_whoever_writes_again_gets_what_waited(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    await put(database, vault, envelope(messages=[text("one")]))
    await taking_in.drain()
    assert jobs_of(postgres_url, "outbound.send") == []
    execute(
        postgres_url,
        "INSERT INTO outbound (conversation_id, seq, key, body, asks)"
        " SELECT id, 9, 'reply:y', '{}', false FROM conversation",
    )
    execute(postgres_url, "UPDATE conversation SET seq = 9")
    tap = message("button", button={"payload": "impreuna:waiting", "text": "Read the answer"})
    await put(database, vault, envelope(messages=[tap]))
    await taking_in.drain()
    assert rows(postgres_url, "SELECT kind FROM inbound ORDER BY seq DESC")[0]["kind"] == "tap"
    assert len(jobs_of(postgres_url, "outbound.send")) == 1


async def test_a_long_text_is_cut_and_marked(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    await put(database, vault, envelope(messages=[text("x" * 60_000), text("y" * 4096)]))
    await taking_in.drain()
    stored = rows(postgres_url, "SELECT length(text) AS n, too_long FROM inbound ORDER BY id")
    assert [(row["n"], row["too_long"]) for row in stored] == [(4096, True), (4096, False)]


async def test_a_chosen_option_is_answered_as_what_it_means(
    gateway: Gateway, fake_rasa: FakeRasa, graph: FakeGraph, postgres_url: str, phone: str
) -> None:
    fake_rasa.script["which"] = {"messages": [say("Which?", "Refugee", "Asylum seeker")]}
    await gateway.deliver(text("which", phone))
    asked = "SELECT seq FROM outbound"
    await until(lambda: rows(postgres_url, f"{asked} WHERE asks AND body->>'text' = 'Which?'"))
    seq = rows(postgres_url, f"{asked} WHERE asks AND body->>'text' = 'Which?'")[0]["seq"]
    reply = {"id": f"{seq}-1", "title": "Refugee"}
    interactive = {"type": "button_reply", "button_reply": reply}
    await gateway.deliver(message("interactive", phone, interactive=interactive))
    await until(lambda: '/inform{"choice": "Refugee"}' in fake_rasa.heard())


async def test_parallel_deliveries_of_the_same_are_answered_once(
    gateway: Gateway, fake_rasa: FakeRasa, postgres_url: str, phone: str
) -> None:
    node = text("in parallel", phone)
    bodies = [as_meta(envelope(messages=[node])), as_meta(envelope(messages=[node, node]))]
    answers = await asyncio.gather(*[gateway.post(body) for body in bodies * 5])
    assert {answer.status for answer in answers} == {200}
    await until(lambda: "in parallel" in fake_rasa.heard())
    await gateway.deliver(text("the end", phone))
    await until(lambda: "the end" in fake_rasa.heard())
    assert fake_rasa.heard().count("in parallel") == 1


async def test_what_was_stored_before_a_restart_is_answered_after_it(
    whatsapp_settings: Settings, door: Gateway, fake_rasa: FakeRasa, phone: str
) -> None:
    node = text("before the restart", phone)
    await door.deliver(node)
    async with TestClient(TestServer(create_app(whatsapp_settings, VOICE, spot))) as client:
        await until(lambda: "before the restart" in fake_rasa.heard())
        again = Gateway(client, APP_SECRET)
        await again.deliver(node)
        await again.deliver(text("later", phone))
        await until(lambda: "later" in fake_rasa.heard())
    assert fake_rasa.heard().count("before the restart") == 1
