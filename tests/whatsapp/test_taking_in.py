"""From stored webhooks to messages: all of a batch, in order, once, whatever goes wrong."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.events import Batch
from bot.channels.whatsapp.parse import parse
from bot.errors import StoreError
from bot.gateway.app import create_app
from bot.gateway.metrics import Metrics
from bot.gateway.taking_in import TakingIn
from bot.settings import Settings
from bot.store import deliveries, inbox, received, webhooks
from bot.store.database import Database
from bot.store.vault import Vault
from tests.fakes import FakeRasa, say, spot
from tests.whatsapp.conftest import APP_SECRET
from tests.whatsapp.gateway import VOICE, Gateway, execute, rows, until, written
from tests.whatsapp.graph import FakeGraph
from tests.whatsapp.payloads import as_meta, enclose, entry, envelope, message, status, text


@pytest.fixture
async def taking_in(database: Database, vault: Vault) -> AsyncIterator[TakingIn]:
    """Takes in what the test itself puts into an empty store."""
    async with database.transaction() as connection:
        await connection.execute("TRUNCATE webhook, conversation, received CASCADE")
        await connection.execute("TRUNCATE procrastinate_jobs CASCADE")
    yield TakingIn(CHANNEL, parse, database, vault, Metrics())


async def put(database: Database, vault: Vault, body: Any) -> int:
    raw = body if isinstance(body, bytes) else as_meta(body)
    async with database.transaction() as connection:
        return await webhooks.put(connection, vault, CHANNEL, raw)


def waiting(url: str) -> list[dict[str, Any]]:
    return rows(url, "SELECT id, tries, failed_at, due_at - now() AS wait FROM webhook ORDER BY id")


def jobs_of(url: str, task: str) -> list[dict[str, Any]]:
    query = "SELECT * FROM procrastinate_jobs WHERE task_name = %s ORDER BY id"
    return rows(url, query, task)


def make_due(url: str) -> None:
    execute(url, "UPDATE webhook SET due_at = now()")


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


async def test_an_item_that_fails_stops_no_other_and_is_tried_again(
    taking_in: TakingIn,
    database: Database,
    vault: Vault,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accept = inbox.accept

    async def fail_once(connection: Any, conversation: Any, draft: Any) -> Any:
        if draft.text == "poison":
            raise RuntimeError("a bug of ours")
        return await accept(connection, conversation, draft)

    monkeypatch.setattr(inbox, "accept", fail_once)
    nodes = [text("before"), text("poison"), text("after")]
    await put(database, vault, envelope(messages=nodes, statuses=[status("sent", "wamid.x")]))
    await put(database, vault, envelope(messages=[text("next")]))
    await taking_in.drain()
    assert written(postgres_url) == ["before", "after", "next"]
    (row,) = waiting(postgres_url)
    assert (row["tries"], row["failed_at"]) == (1, None)
    assert row["wait"] > timedelta(0)
    # Not before its time; then, once the bug is gone, the one item alone.
    assert await taking_in.drain() == 0
    monkeypatch.setattr(inbox, "accept", accept)
    make_due(postgres_url)
    assert await taking_in.drain() == 1
    assert written(postgres_url) == ["before", "after", "next", "poison"]
    assert waiting(postgres_url) == []


async def test_what_keeps_failing_is_kept_for_an_operator_and_never_lost(
    taking_in: TakingIn,
    database: Database,
    vault: Vault,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: Any) -> Any:
        raise RuntimeError("sentinelwords")

    monkeypatch.setattr(inbox, "accept", fail)
    body = envelope(messages=[text("sentinelwords", "40722999999")])
    await put(database, vault, body)
    for _ in range(webhooks.MAX_TRIES):
        make_due(postgres_url)
        assert await taking_in.drain() == 1
    make_due(postgres_url)
    assert await taking_in.drain() == 0
    (row,) = rows(postgres_url, "SELECT * FROM webhook")
    assert row["failed_at"] is not None and row["tries"] == webhooks.MAX_TRIES == 6
    assert vault.open(bytes(row["body"])) == as_meta(body)
    assert [record.levelname for record in caplog.records][-1] == "ERROR"
    assert "sentinelwords" not in caplog.text and "40722999999" not in caplog.text
    # It goes when nobody looked for a month.
    execute(postgres_url, "UPDATE webhook SET failed_at = now() - interval '29 days'")
    await taking_in.purge()
    assert len(waiting(postgres_url)) == 1
    execute(postgres_url, "UPDATE webhook SET failed_at = now() - interval '31 days'")
    await taking_in.purge()
    assert waiting(postgres_url) == []


async def test_what_is_due_calls_a_job_with_the_lock_by_one_without(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    await put(database, vault, envelope(messages=[text("x")]))
    execute(postgres_url, "DELETE FROM procrastinate_jobs")
    await taking_in.call_if_due()
    (job,) = jobs_of(postgres_url, "webhook.take_in")
    assert (job["lock"], job["scheduled_at"]) == ("webhook:whatsapp", None)
    await taking_in.drain()
    execute(postgres_url, "DELETE FROM procrastinate_jobs")
    await taking_in.call_if_due()
    assert jobs_of(postgres_url, "webhook.take_in") == []


async def test_a_store_that_goes_away_counts_as_nobodys_failure(
    taking_in: TakingIn,
    database: Database,
    vault: Vault,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: Any) -> Any:
        raise StoreError("the database did not answer")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "accept", away)
        patched.setattr(database, "check", away)
        await put(database, vault, envelope(messages=[text("patient")]))
        with pytest.raises(StoreError):
            await taking_in.drain()
    assert waiting(postgres_url)[0]["tries"] == 0
    await taking_in.drain()
    assert written(postgres_url) == ["patient"]


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
        (["first"], "wamid.a", "key-a", "failed", 131047),
        (["first"], "wamid.b", None, "sent", None),
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
            " SELECT conversation_id, id, 'key', 'wamid.out', %s FROM outbound",
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
    assert (row["state"], row["provider_id"]) == ("sent", "wamid.new")


async def test_what_is_no_json_is_told_in_the_log_and_gone(
    taking_in: TakingIn,
    database: Database,
    vault: Vault,
    postgres_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await put(database, vault, b"sentinelwords, signed")
    await taking_in.drain()
    assert waiting(postgres_url) == []
    assert "not_json" in caplog.text and "sentinelwords" not in caplog.text


async def test_a_body_that_cannot_be_opened_waits_for_an_operator(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    await put(database, Vault(b"x" * 32), envelope(messages=[text("another key")]))
    await put(database, vault, envelope(messages=[text("ours")]))
    await taking_in.drain()
    assert written(postgres_url) == ["ours"]
    assert [row["tries"] for row in waiting(postgres_url)] == [1]


async def test_a_parser_with_a_bug_loses_nothing(
    database: Database, vault: Vault, postgres_url: str, taking_in: TakingIn
) -> None:
    def broken(body: bytes, now: datetime) -> Batch:
        raise KeyError("bug")

    await put(database, vault, envelope(messages=[text("x")]))
    await TakingIn(CHANNEL, broken, database, vault, Metrics()).drain()
    assert [row["tries"] for row in waiting(postgres_url)] == [1]


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


async def test_many_webhooks_wait_for_one_job_that_starts_when_the_newest_is_stored(
    taking_in: TakingIn, database: Database, vault: Vault, postgres_url: str
) -> None:
    """Otherwise thousands of jobs wait for one lock, or the last webhook for another one."""
    for number in range(20):
        await put(database, vault, envelope(messages=[text(f"number {number}")]))
    assert len(jobs_of(postgres_url, "webhook.take_in")) == 1
    fetch = (
        "WITH w AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)"
        " SELECT (procrastinate_fetch_job_v2(ARRAY['webhooks'], w.id)).id AS job FROM w"
    )
    async with database.transaction() as storing:
        await webhooks.put(storing, vault, CHANNEL, as_meta(envelope(messages=[text("newest")])))
        assert rows(postgres_url, fetch)[0]["job"] is None
    assert rows(postgres_url, fetch)[0]["job"] is not None
    # That one runs already and may have looked: whoever comes now has a job of their own.
    await put(database, vault, envelope(messages=[text("later")]))
    assert len(jobs_of(postgres_url, "webhook.take_in")) == 2
