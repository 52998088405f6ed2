"""When Rasa does not answer, when the database goes away, when a worker dies."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from typing import Any

import psycopg
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway import jobs, patience, worker
from bot.gateway.app import create_app
from bot.gateway.logs import SafeFormatter, quiet
from bot.gateway.patience import (
    PATIENCE,
    RETRY_DELAYS,
    START_PATIENCE,
    delay_before_next_try,
)
from bot.settings import PROJECT, Settings
from tests.fakes import VOICE, FakeRasa, say, spot
from tests.line.person import Person
from tests.system.product import free_ports


@pytest.fixture
def short_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "RETRY_DELAYS", (0.05,) * 6)


def handoffs(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT reason, priority, reference, requests, closed_at, facts"
            " FROM handoff ORDER BY id DESC"
        ).fetchall()


def test_tries_are_few_and_their_delays_short_and_bounded() -> None:
    assert len(RETRY_DELAYS) + 1 == 7
    assert sum(RETRY_DELAYS) < PATIENCE
    assert delay_before_next_try(0, 500.0) == RETRY_DELAYS[0]
    assert delay_before_next_try(1, PATIENCE + 1) is None
    assert delay_before_next_try(6, 1.0) is None


def test_nobody_is_told_that_rasa_is_down_while_it_starts() -> None:
    assert delay_before_next_try(0, 1.0, 0.0) == RETRY_DELAYS[0]
    assert delay_before_next_try(20, PATIENCE + 1, START_PATIENCE - 1) == RETRY_DELAYS[2]
    assert delay_before_next_try(20, PATIENCE + 1, START_PATIENCE) is None


async def test_a_message_is_answered_once_rasa_has_started(
    settings: Settings, fake_rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch, short_delays: None
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.0)
    [port] = free_ports(1)
    starting = Settings(**{**vars(settings), "rasa_url": f"http://127.0.0.1:{port}"})
    async with TestClient(TestServer(create_app(starting, VOICE, spot))) as client:
        person = await Person.arrive(client)
        seq = await person.say("early")
        # By now a Rasa that was up once would be given up.
        await asyncio.sleep(2.0)
        assert len(await person.messages()) == 1
        rasa = web.Application()
        rasa.router.add_post("/webhooks/impreuna/webhook", fake_rasa.webhook)
        async with TestServer(rasa, port=port):
            assert (await person.hears(seq))["text"] == "echo: early"


async def test_a_message_is_answered_once_rasa_is_back(
    client: TestClient, fake_rasa: FakeRasa, short_delays: None
) -> None:
    fake_rasa.statuses = [503, 500, 503]
    person = await Person.arrive(client)
    first = await person.say("first")
    await person.say("second")
    await person.hears(first, count=2)
    texts = [m["text"] for m in await person.messages() if m["author"] == "bot"]
    assert texts == ["echo: first", "echo: second"]
    assert fake_rasa.heard() == ["first", "second"]


async def test_when_rasa_stays_down_the_person_is_told_and_a_counsellor_sees_it(
    client: TestClient, fake_rasa: FakeRasa, short_delays: None, postgres_url: str
) -> None:
    fake_rasa.script["ask"] = {"messages": [say("Which?", "Yes", "No")]}
    person = await Person.arrive(client)
    question = await person.ask("ask")
    fake_rasa.always = 503
    answer = await person.ask("1")
    assert answer["names"] == ["utter_sorry_down"]
    assert "+40" in answer["text"]
    reason, priority, reference, requests, closed, _ = handoffs(postgres_url)[0]
    assert (reason, priority, closed) == ("failure", "normal", None)
    assert reference == requests[0]["reference"]
    # A message that was answered never runs through Rasa later; the question stays open.
    fake_rasa.always = None
    await asyncio.sleep(0.5)
    assert fake_rasa.heard() == ["ask"]
    taken = await person.hears(await person.choose(question["choices"][0]["id"]))
    assert taken["text"] == 'echo: /inform{"choice": "Yes"}'


async def test_danger_and_a_person_are_answered_at_once_while_rasa_is_down(
    client: TestClient, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    fake_rasa.always = 503
    person = await Person.arrive(client)
    started = time.monotonic()
    assert (await person.ask("A person please"))["names"] == ["utter_handoff_opened"]
    answer = await person.ask("help me he beats me")
    assert time.monotonic() - started < 2
    assert answer["names"] == ["utter_safety", "utter_handoff_opened_urgent"]
    # One handoff, which became more urgent and knows both references.
    opened = handoffs(postgres_url)[0]
    assert opened[1] == "danger"
    assert [request["reason"] for request in opened[3]] == ["asked", "danger"]
    assert opened[3][1]["reference"] in answer["text"]
    fake_rasa.always = None
    await asyncio.sleep(1.0)
    assert fake_rasa.heard() == []


async def test_danger_goes_to_rasa_while_it_is_up(client: TestClient, fake_rasa: FakeRasa) -> None:
    person = await Person.arrive(client)
    await person.ask("help me he beats me")
    assert fake_rasa.heard() == ["help me he beats me"]


async def test_a_late_answer_is_no_answer(
    settings: Settings, fake_rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch, short_delays: None
) -> None:
    hurried = Settings(**{**vars(settings), "rasa_timeout": 0.3})
    async with TestClient(TestServer(create_app(hurried, VOICE, spot))) as client:
        person = await Person.arrive(client)
        fake_rasa.delay = 1.0
        seq = await person.say("slow")
        await asyncio.sleep(0.5)
        fake_rasa.delay = 0.0
        assert (await person.hears(seq))["text"] == "echo: slow"
        await asyncio.sleep(1.0)
        assert len(await person.messages()) == 2


async def test_requests_for_a_person_are_one_handoff_that_becomes_more_urgent(
    client: TestClient, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    for words, reference, priority in (
        ("one", "R-1", "normal"),
        ("two", "R-2", "danger"),
        ("three", "R-3", "child"),
    ):
        fake_rasa.script[words] = {
            "messages": [say("noted")],
            "custom": {
                "handoff": {
                    "reference": reference,
                    "reason": words,
                    "priority": priority,
                    "facts": {words: True},
                },
                "findings": [{"person": "wife", "row": reference}],
            },
        }
    person = await Person.arrive(client)
    for words in ("one", "two", "three"):
        await person.ask(words)
    reason, priority, reference, requests, _, facts = handoffs(postgres_url)[0]
    assert (reason, priority, reference) == ("two", "danger", "R-1")
    assert [request["reference"] for request in requests] == ["R-1", "R-2", "R-3"]
    assert facts == {"one": True, "two": True, "three": True}
    assert requests[2]["findings"] == [{"person": "wife", "row": "R-3"}]


async def test_a_job_that_runs_twice_has_its_effects_once(
    client: TestClient, settings: Settings, fake_rasa: FakeRasa
) -> None:
    other = create_app(settings, VOICE, spot)
    async with TestClient(TestServer(other)):
        person = await Person.arrive(client)
        fake_rasa.delay = 0.4
        seq = await person.say("twice")
        await asyncio.sleep(0.1)
        with psycopg.connect(settings.require_database(), autocommit=True) as connection:
            connection.execute(
                "UPDATE procrastinate_jobs SET status = 'todo', lock = NULL WHERE status = 'doing'"
                " AND task_name = 'conversation.answer'"
            )
            connection.execute("SELECT pg_notify('procrastinate_any_queue_v1', '{}')")
        await person.hears(seq)
        await asyncio.sleep(1.2)
        assert len(await person.messages()) == 2


async def test_a_killed_workers_job_is_done_by_another(
    settings: Settings, fake_rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STALLED_SECONDS", 2.0)
    monkeypatch.setattr(worker, "_HEARTBEAT_SECONDS", 0.5)
    without_jobs = Settings(**{**vars(settings), "worker_concurrency": 0})
    async with TestClient(TestServer(create_app(without_jobs, VOICE, spot))) as client:
        victim = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.line.worker_process"),
            cwd=PROJECT,
            env={**os.environ, "URL": settings.require_database(), "RASA": fake_rasa.url},
        )
        try:
            person = await Person.arrive(client)
            fake_rasa.delay = 60.0
            seq = await person.say("survives")
            for _ in range(300):
                if fake_rasa.running:
                    break
                await asyncio.sleep(0.05)
            assert fake_rasa.running, "the worker never called Rasa"
        finally:
            victim.send_signal(signal.SIGKILL)
            await victim.wait()
        fake_rasa.delay = 0.0
        await person.say("after it")
        async with TestClient(TestServer(create_app(settings, VOICE, spot))):
            await person.hears(seq, seconds=20, count=2)
        texts = [m["text"] for m in await person.messages() if m["author"] == "bot"]
        assert texts == ["echo: survives", "echo: after it"]


async def test_a_broken_database_connection_loses_nothing(
    client: TestClient, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    person = await Person.arrive(client)
    fake_rasa.delay = 0.3
    seq = await person.say("through the storm")
    await asyncio.sleep(0.1)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert (await person.hears(seq, seconds=15))["text"] == "echo: through the storm"
    assert (await person.ask("still here"))["text"] == "echo: still here"
    assert len(await person.messages()) == 4


async def test_no_log_holds_what_a_person_wrote(
    settings: Settings, fake_rasa: FakeRasa, postgres_url: str, short_delays: None
) -> None:
    lines: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(SafeFormatter().format(record))

    collect = Collect(logging.DEBUG)
    logging.getLogger().addHandler(collect)
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    quiet("INFO")
    try:
        async with TestClient(TestServer(create_app(settings, VOICE, spot))) as client:
            person = await Person.arrive(client)
            fake_rasa.statuses = [503]
            await person.ask("sentinelword one")
            fake_rasa.script["sentinelword two"] = {"messages": [{"choices": "sentinelword"}]}
            await person.ask("sentinelword two")
            await client.post(
                "/chat/messages", data=b'{"id": "sentinelword"', headers=person.headers
            )
            await client.get("/chat/sentinelword")
            await client.get("/chat/messages?after=sentinelword", headers=person.headers)
    finally:
        logging.getLogger().removeHandler(collect)
        logging.getLogger().setLevel(before)
    with psycopg.connect(postgres_url) as connection:
        stored = connection.execute("SELECT count(*) FROM inbound WHERE text ~ 'sentinelword'")
        assert stored.fetchone() == (2,)
    assert any("no answer from Rasa" in line for line in lines)
    assert not [line for line in lines if "sentinelword" in line or person.token in line]


def test_a_foreign_loggers_words_stay_out_of_the_log() -> None:
    try:
        raise ValueError("sentinelword")
    except ValueError:
        record = logging.LogRecord(
            "psycopg", logging.ERROR, "x.py", 1, "failed: %s", ("sentinelword",), sys.exc_info()
        )
    line = SafeFormatter().format(record)
    assert "sentinelword" not in line
    assert "ValueError at test_failures.py" in line
