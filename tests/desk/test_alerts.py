"""Alerts: who is told of what, signed, tried again, and without anything personal."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.errors import AlertFailed, ConfigError, StoreError
from bot.gateway import desk_jobs
from bot.gateway.alerts import Alerts
from bot.gateway.app import create_app
from bot.gateway.desk_jobs import ALERT_DELAYS, AlertRetries
from bot.settings import MailServer, OutgoingWebhook, Secret, Settings
from tests.desk.post import Hook, MailBox, hook, mail_box
from tests.desk.scene import VOICE, Scene, spot
from tests.fakes import FakeRasa, say
from tests.line.person import Person

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
SENTINEL = "sentinelnadia"


@pytest.fixture
async def box() -> AsyncIterator[MailBox]:
    async with mail_box() as made:
        yield made


@pytest.fixture
async def other() -> AsyncIterator[Hook]:
    async with hook() as made:
        yield made


@pytest.fixture
def told(settings: Settings, box: MailBox, other: Hook) -> Settings:
    """Settings under which somebody is told."""
    server = Secret(f"smtp://127.0.0.1:{box.port}")
    return replace(
        settings,
        public_url="https://chat.example.org",
        mail=MailServer(server, "desk@example.org", ("a@example.org", "b@example.org")),
        webhook=OutgoingWebhook(other.url, Secret(SECRET)),
    )


async def newest_event(scene: Scene, handoff: int) -> int:
    row = await scene.one("SELECT max(id) AS id FROM handoff_event WHERE handoff_id = %s", handoff)
    return int(row["id"])


async def test_a_mail_names_the_case_in_codes_and_links_to_the_desk(
    scene: Scene, told: Settings, box: MailBox
) -> None:
    person = await scene.person("ar")
    await scene.says(person, f"{SENTINEL} and her number 0721 555 333")
    handoff = await scene.asks_for_a_person(person, "he beats me")
    event = await newest_event(scene, handoff)
    assert await Alerts(told, scene.database).mail(event)
    (mail,) = box.mails
    reference = (await scene.standing(person)).reference
    assert mail["Subject"] == f"Împreună: DANGER {reference}"
    assert mail["To"] == "a@example.org, b@example.org"
    text = mail.get_content()
    for part in (reference, "danger", "ar", f"https://chat.example.org/desk/cases/{reference}"):
        assert part in text
    assert SENTINEL not in mail.as_string()
    assert "0721" not in mail.as_string()
    assert str(person) not in mail.as_string()
    assert str(event) in mail["Message-ID"]


async def test_a_webhook_is_signed_as_the_standard_says(
    scene: Scene, told: Settings, other: Hook
) -> None:
    person = await scene.person("ro")
    await scene.says(person, SENTINEL)
    handoff = await scene.asks_for_a_person(person)
    event = await newest_event(scene, handoff)
    assert await Alerts(told, scene.database).webhook(event)
    ((headers, body),) = other.got
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    payload = json.loads(body)
    reference = (await scene.standing(person)).reference
    assert payload["type"] == "handoff.request"
    assert payload["data"] == {
        "handoff": handoff,
        "reference": reference,
        "state": "waiting",
        "reason": "asked",
        "priority": "normal",
        "language": "ro",
        "channel": "web",
        "outcome": None,
        "url": f"https://chat.example.org/desk/cases/{reference}",
    }
    assert SENTINEL not in body.decode()


async def test_nothing_is_told_of_what_was_erased_or_is_with_somebody(
    scene: Scene, told: Settings, box: MailBox, other: Hook
) -> None:
    person = await scene.person()
    handoff = await scene.asks_for_a_person(person, "he beats me")
    event = await newest_event(scene, handoff)
    alerts = Alerts(told, scene.database)
    await scene.desk.claim(handoff, await scene.staff())
    assert not await alerts.mail(event)
    assert await alerts.webhook(event)
    await scene.erase(person)
    assert not await alerts.webhook(event)
    assert (len(box.mails), len(other.got)) == (0, 1)
    left = await scene.all(
        "SELECT 1 FROM procrastinate_jobs WHERE args->>'conversation' = %s", str(person)
    )
    assert left == []


async def test_without_settings_nobody_is_told(scene: Scene, settings: Settings) -> None:
    person = await scene.person()
    handoff = await scene.asks_for_a_person(person, "he beats me")
    event = await newest_event(scene, handoff)
    alerts = Alerts(settings, scene.database)
    assert not await alerts.mail(event)
    assert not await alerts.webhook(event)


async def test_only_what_is_urgent_or_waits_too_long_is_mailed(scene: Scene) -> None:
    async def mailed(person: Any) -> int:
        rows = await scene.all(
            "SELECT 1 FROM procrastinate_jobs WHERE task_name = 'alert.mail'"
            " AND args->>'conversation' = %s",
            str(person),
        )
        return len(rows)

    person = await scene.person()
    handoff = await scene.asks_for_a_person(person)
    assert await mailed(person) == 0
    await scene.says(person, "he beats me")
    assert await mailed(person) == 1
    await scene.says(person, "he beats me")
    await scene.desk.claim(handoff, await scene.staff())
    assert await mailed(person) == 1


@pytest.mark.parametrize("status", [199 + 1 + 100, 301, 400, 404, 500, 503])
async def test_any_answer_but_a_good_one_is_tried_again(
    scene: Scene, told: Settings, other: Hook, status: int
) -> None:
    person = await scene.person()
    handoff = await scene.asks_for_a_person(person)
    other.statuses = [status]
    with pytest.raises(AlertFailed):
        await Alerts(told, scene.database).webhook(await newest_event(scene, handoff))


async def test_a_server_that_is_away_is_tried_again(
    scene: Scene, told: Settings, box: MailBox
) -> None:
    person = await scene.person()
    handoff = await scene.asks_for_a_person(person, "he beats me")
    event = await newest_event(scene, handoff)
    box.refuse = 1
    with pytest.raises(AlertFailed):
        await Alerts(told, scene.database).mail(event)
    away = OutgoingWebhook("http://127.0.0.1:9/hook", Secret(SECRET))
    with pytest.raises(AlertFailed):
        await Alerts(replace(told, webhook=away), scene.database).webhook(event)


def test_tries_come_later_and_later_and_end() -> None:
    def decide(attempts: int, error: BaseException) -> Any:
        job: Any = SimpleNamespace(attempts=attempts)
        return AlertRetries().get_retry_decision(exception=error, job=job)

    assert list(ALERT_DELAYS) == sorted(ALERT_DELAYS)
    for attempt in range(len(ALERT_DELAYS)):
        assert decide(attempt, AlertFailed("x")) is not None
        assert decide(attempt, StoreError("x")) is not None
    assert decide(len(ALERT_DELAYS), AlertFailed("x")) is None
    assert decide(0, ValueError("x")) is None
    assert decide(99, asyncio.CancelledError()) is not None


async def test_in_the_whole_gateway_a_danger_reaches_mail_and_webhook(
    scene: Scene,
    told: Settings,
    fake_rasa: FakeRasa,
    box: MailBox,
    other: Hook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(desk_jobs, "ALERT_DELAYS", (0.1,) * 3)
    caplog.set_level(logging.INFO)
    fake_rasa.script[f"help {SENTINEL}"] = {
        "messages": [say("Noted.")],
        "custom": {"handoff": {"reference": "R-1", "reason": "danger", "priority": "danger"}},
    }
    box.refuse, other.statuses = 1, [500]
    await scene.do("DELETE FROM procrastinate_jobs")
    async with TestClient(TestServer(create_app(told, VOICE, spot))) as client:
        person = await Person.arrive(client)
        await person.ask(f"help {SENTINEL}")
        for _ in range(300):
            if box.mails and len(other.got) > 1:
                break
            await asyncio.sleep(0.05)
    assert box.mails[0]["Subject"] == "Împreună: DANGER R-1"
    ids = {headers["webhook-id"] for headers, _ in other.got}
    assert len(ids) == 1, "a repetition bears the same id"
    lines = [record.getMessage() for record in caplog.records]
    assert any("mail sent" in line for line in lines)
    assert not [line for line in lines if SENTINEL in line or "example.org" in line]


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"IMPREUNA_SMTP_URL": "smtp://h"}, ["IMPREUNA_ALERT_FROM", "IMPREUNA_ALERT_TO"]),
        ({"IMPREUNA_WEBHOOK_URL": "https://h/x"}, ["IMPREUNA_WEBHOOK_SECRET"]),
        ({"IMPREUNA_WEBHOOK_SECRET": "whsec_c2hvcnQ="}, ["IMPREUNA_WEBHOOK_SECRET"]),
        ({"IMPREUNA_WEBHOOK_URL": "http://other.example/x"}, ["IMPREUNA_WEBHOOK_URL"]),
        ({"IMPREUNA_SMTP_URL": "http://h"}, ["IMPREUNA_SMTP_URL"]),
        ({"IMPREUNA_ALERT_TO": "not an address"}, ["IMPREUNA_ALERT_TO"]),
    ],
)
def test_half_a_setting_is_named_at_start(environ: dict[str, str], named: list[str]) -> None:
    with pytest.raises(ConfigError) as raised:
        Settings.from_env(environ)
    for name in named:
        assert name in str(raised.value)
    assert not [value for value in environ.values() if value in str(raised.value)]


def test_whole_settings_are_read_and_keep_their_secrets() -> None:
    settings = Settings.from_env(
        {
            "IMPREUNA_SMTP_URL": "smtps://user:hunter2@mail.example",
            "IMPREUNA_ALERT_FROM": "a@x.example",
            "IMPREUNA_ALERT_TO": "b@x.example, c@x.example",
            "IMPREUNA_WEBHOOK_URL": "https://x.example/hook",
            "IMPREUNA_WEBHOOK_SECRET": SECRET,
        }
    )
    assert settings.mail
    assert settings.mail.recipients == ("b@x.example", "c@x.example")
    assert settings.webhook
    assert settings.webhook.key() == KEY
    assert "hunter2" not in repr(settings)
    assert SECRET not in repr(settings)
