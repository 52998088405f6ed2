"""The door: Meta's handshake, its signature, and 200 only for what is stored."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.signature import challenge, is_signed, read_signature, sign
from bot.gateway import whatsapp
from bot.gateway.app import create_app
from bot.gateway.logs import SafeFormatter, quiet
from bot.gateway.middlewares import ADDRESS_LIMITER
from bot.gateway.whatsapp import MAX_BODY, PATH
from bot.settings import Secret, Settings
from bot.store.vault import Vault
from tests.fakes import VOICE, FakeRasa, spot
from tests.line.person import assert_error
from tests.whatsapp.conftest import ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN
from tests.whatsapp.gateway import Gateway, execute, rows, until, written
from tests.whatsapp.payloads import as_meta, envelope, text

SHAKE = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN}


def stored(url: str) -> int:
    return int(rows(url, "SELECT count(*) AS n FROM webhook")[0]["n"])


async def test_the_handshake_is_answered_with_the_bare_challenge(door: Gateway) -> None:
    answer = await door.client.get(PATH, params=SHAKE)
    assert (answer.status, await answer.text()) == (200, "1158201444")
    assert answer.content_type == "text/plain"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": "t\u00e9"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
    ],
)
async def test_any_other_handshake_is_refused(door: Gateway, change: dict[str, str]) -> None:
    await assert_error(await door.client.get(PATH, params={**SHAKE, **change}), 403, "forbidden")


async def test_a_handshake_without_anything_is_refused(door: Gateway) -> None:
    await assert_error(await door.client.get(PATH), 403, "forbidden")


async def test_without_a_token_of_ours_every_handshake_is_refused(
    whatsapp_settings: Settings,
) -> None:
    assert whatsapp_settings.whatsapp
    unset = replace(
        whatsapp_settings, whatsapp=replace(whatsapp_settings.whatsapp, verify_token=Secret(""))
    )
    async with TestClient(TestServer(create_app(unset, VOICE, spot))) as client:
        for token in ("", VERIFY_TOKEN):
            answer = await client.get(PATH, params={**SHAKE, "hub.verify_token": token})
            assert answer.status == 403


async def test_without_a_number_there_is_no_such_door(client: TestClient) -> None:
    await assert_error(await client.get(PATH, params=SHAKE), 404, "not_found")
    await assert_error(await client.post(PATH, data=b"{}"), 404, "not_found")


BODY = as_meta(envelope(messages=[text("æøå أهلاً 👍")]))


async def test_escaped_and_plain_bodies_are_both_signed_by_their_raw_bytes(
    door: Gateway, postgres_url: str
) -> None:
    plain = json.dumps(json.loads(BODY), ensure_ascii=False, indent=1).encode()
    assert plain != BODY
    before = stored(postgres_url)
    assert (await door.post(BODY)).status == 200
    assert (await door.post(plain)).status == 200
    assert stored(postgres_url) == before + 2
    # The same JSON in other bytes does not fit the signature.
    answer = await door.post(plain, **{"X-Hub-Signature-256": sign(BODY, APP_SECRET)})
    await assert_error(answer, 401, "bad_signature")


RIGHT = sign(BODY, APP_SECRET)


WRONG = {
    "empty": "",
    "no digits": "sha256=",
    "zeros": "sha256=" + "0" * 64,
    "one digit short": RIGHT[:-1],
    "one digit long": RIGHT + "0",
    "no name": RIGHT.removeprefix("sha256="),
    "another name": RIGHT.replace("sha256", "sha1"),
    "a space": RIGHT.replace("=", "= "),
    "Arabic digits": "sha256=" + "\u0660" * 64,
    "another script": RIGHT.replace("=", "=\u00e9"),
    "another secret": sign(BODY, "another secret"),
    "SHA-1": "sha1=" + hmac.new(APP_SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
}


# The names, not the values, name the tests: the time of day is in the signatures.
@pytest.mark.parametrize("header", WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_signature_stores_nothing(
    door: Gateway, postgres_url: str, header: str
) -> None:
    before = stored(postgres_url)
    answer = await door.post(BODY, **{"X-Hub-Signature-256": header})
    await assert_error(answer, 401, "bad_signature")
    assert stored(postgres_url) == before


async def test_without_the_header_nothing_is_stored(door: Gateway, postgres_url: str) -> None:
    before = stored(postgres_url)
    await assert_error(await door.client.post(PATH, data=BODY), 401, "bad_signature")
    assert stored(postgres_url) == before


def test_upper_case_digits_are_the_same_signature() -> None:
    signature = read_signature("sha256=" + RIGHT[7:].upper())
    assert signature and is_signed(BODY, signature, APP_SECRET)


@given(st.text(max_size=80) | st.none())
def test_no_header_raises(header: str | None) -> None:
    read_signature(header)
    read_signature(f"sha256={header}")
    challenge({"hub.mode": "subscribe", "hub.verify_token": header or ""}, "x")


async def test_the_largest_body_of_meta_is_taken_and_a_larger_one_is_not(
    door: Gateway, postgres_url: str
) -> None:
    before = stored(postgres_url)
    large = as_meta(envelope(messages=[text("x" * (2_900_000))]))
    assert (await door.post(large)).status == 200
    assert stored(postgres_url) == before + 1
    await assert_error(await door.post(b" " * (MAX_BODY + 1)), 413, "too_large")
    assert stored(postgres_url) == before + 1
    # The web chat's bodies stay as small as they were.
    answer = await door.client.post("/chat/conversations", data=b" " * 100_000)
    await assert_error(answer, 413, "too_large")


async def test_the_raw_body_is_stored_sealed_with_its_job(
    door: Gateway, postgres_url: str, vault: Vault
) -> None:
    body = as_meta(envelope(messages=[text("sentinel words")]))
    assert (await door.post(body)).status == 200
    row = rows(postgres_url, "SELECT * FROM webhook ORDER BY id DESC LIMIT 1")[0]
    assert vault.open(bytes(row["body"])) == body
    assert b"sentinel" not in bytes(row["body"])
    job = rows(postgres_url, "SELECT * FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")[0]
    assert (job["task_name"], job["lock"]) == ("webhook.take_in", "webhook:whatsapp")
    assert job["queue_name"] == "webhooks"


async def test_nothing_is_parsed_at_the_door(door: Gateway, postgres_url: str) -> None:
    before = stored(postgres_url)
    assert (await door.post(b"signed, and no JSON at all")).status == 200
    assert stored(postgres_url) == before + 1


async def test_the_answer_comes_though_the_bot_takes_long(
    gateway: Gateway, fake_rasa: FakeRasa, postgres_url: str, phone: str
) -> None:
    fake_rasa.delay = 5.0
    for number in range(10):
        started = time.monotonic()
        await gateway.deliver(text(f"busy {number}", f"{phone}{number}"))
        assert time.monotonic() - started < 1.0
    # Ten people, eight at a time in Rasa: all is taken in before the first is answered.
    await until(lambda: len([t for t in written(postgres_url) if t.startswith("busy")]) == 10, 4.0)
    done = rows(postgres_url, "SELECT done FROM inbound WHERE text LIKE 'busy%%'")
    assert not any(row["done"] for row in done)
    fake_rasa.delay = 0.0


async def test_when_the_store_is_down_meta_is_told_to_come_again(
    whatsapp_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "_STORE_SECONDS", 0.3)
    without_jobs = replace(whatsapp_settings, worker_concurrency=0)
    app = create_app(without_jobs, VOICE, spot)
    async with TestClient(TestServer(app)) as client:
        gateway = Gateway(client, APP_SECRET)
        assert (await gateway.post(BODY)).status == 200
        assert whatsapp_settings.database_url
        url = whatsapp_settings.database_url.reveal()
        execute(url, "ALTER TABLE webhook RENAME TO webhook_away")
        try:
            assert (await gateway.post(BODY)).status == 500
        finally:
            execute(url, "ALTER TABLE webhook_away RENAME TO webhook")
        blocked = asyncio.create_task(_hold_table(url, 1.5))
        await asyncio.sleep(0.3)
        await assert_error(await gateway.post(BODY), 503, "store_unavailable")
        await blocked
        assert (await gateway.post(BODY)).status == 200


async def _hold_table(url: str, seconds: float) -> None:
    import psycopg

    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("LOCK TABLE webhook")
        await asyncio.sleep(seconds)


async def test_metas_few_addresses_are_not_slowed_down(
    whatsapp_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind_proxy = replace(whatsapp_settings, worker_concurrency=0, trusted_proxies=1)
    app = create_app(behind_proxy, VOICE, spot)
    monkeypatch.setattr(app[ADDRESS_LIMITER], "take", lambda key, now: 1)
    address = {"X-Forwarded-For": "203.0.113.7"}
    async with TestClient(TestServer(app)) as client:
        answer = await client.post("/chat/conversations", headers=address)
        await assert_error(answer, 429, "too_many_requests")
        assert (await Gateway(client, APP_SECRET).post(BODY, **address)).status == 200


async def test_no_secret_signature_number_or_word_gets_into_a_log(
    gateway: Gateway, postgres_url: str, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    quiet("DEBUG")
    body = as_meta(envelope(messages=[text("sentinelwords", phone)]))
    assert (await gateway.post(body, **{"X-Hub-Signature-256": "sha256=" + "0" * 64})).status == 401
    assert (await gateway.post(body)).status == 200
    nameless = text("sentinelwords", None)
    await gateway.deliver(nameless, errors=[{"code": 1, "title": "sentinelwords"}])
    await until(lambda: "sentinelwords" in written(postgres_url))
    await until(lambda: stored_of(caplog) >= 2)
    formatter = SafeFormatter()
    lines = "\n".join(formatter.format(record) for record in caplog.records)
    signatures = (sign(body, APP_SECRET)[7:], "0" * 64)
    for secret in (APP_SECRET, VERIFY_TOKEN, ACCESS_TOKEN, phone, "sentinelwords", *signatures):
        assert secret not in lines


def stored_of(caplog: pytest.LogCaptureFixture) -> int:
    """How many of the two problems of that webhook were logged."""
    messages = [record.getMessage() for record in caplog.records]
    return sum(m.endswith(("no_sender", "error_1")) for m in messages)
