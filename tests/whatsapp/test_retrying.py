"""What cannot be taken in at once is tried again, stops nothing else, and is never lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.events import Batch
from bot.errors import StoreError
from bot.gateway.metrics import Metrics
from bot.gateway.taking_in import TakingIn
from bot.store import inbox, webhooks
from bot.store.database import Database
from bot.store.vault import Vault
from tests.whatsapp.gateway import execute, rows, written
from tests.whatsapp.payloads import as_meta, envelope, status, text
from tests.whatsapp.stored import jobs_of, make_due, put, waiting


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
