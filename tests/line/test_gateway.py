"""Headers, origins, limits, health."""

from __future__ import annotations

from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway import app as gateway
from bot.gateway.app import create_app
from bot.gateway.limits import Limiter, Rate
from bot.gateway.middlewares import content_policy
from bot.gateway.visitor import COOKIE
from bot.settings import Secret, Settings
from tests.fakes import VOICE, FakeRasa, spot
from tests.line.person import Person, assert_error

PARTNER = "https://partner.example"


async def test_every_answer_trusts_nothing_but_our_own_page(client: TestClient) -> None:
    for path in ("/chat", "/chat/messages", "/nothing", "/healthz"):
        answer = await client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert policy.endswith(f"frame-ancestors 'self' {PARTNER}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_quick_exit_may_be_reached_by_a_form() -> None:
    settings = Settings(exit_url="https://weather.example/today")
    assert "form-action 'self' https://weather.example;" in content_policy(settings)


async def test_a_partners_page_may_call_with_the_key_and_another_may_not(
    client: TestClient,
) -> None:
    preflight = await client.options("/chat/messages", headers={"Origin": PARTNER})
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == PARTNER
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    created = await client.post("/chat/conversations", json={}, headers={"Origin": PARTNER})
    assert created.status == 201
    assert created.headers["Access-Control-Allow-Origin"] == PARTNER
    assert "Access-Control-Allow-Credentials" not in created.headers
    assert COOKIE not in created.cookies
    other = await client.post(
        "/chat/conversations", json={}, headers={"Origin": "https://x.example"}
    )
    assert "Access-Control-Allow-Origin" not in other.headers
    assert COOKIE not in other.cookies
    page = await client.get("/chat", headers={"Origin": PARTNER})
    assert "Access-Control-Allow-Origin" not in page.headers


async def test_our_own_page_gets_the_key_as_a_cookie_too(client: TestClient) -> None:
    created = await client.post("/chat/conversations", json={})
    assert created.cookies[COOKIE].value == (await created.json())["token"]
    assert created.cookies[COOKIE]["httponly"]


async def test_over_https_the_cookie_is_sent_over_https_only(settings: Settings) -> None:
    secure = replace(settings, public_url="https://chat.example")
    async with TestClient(TestServer(create_app(secure, VOICE, spot))) as client:
        created = await client.post("/chat/conversations", json={})
        assert created.cookies[COOKIE]["secure"]
        assert "Strict-Transport-Security" in created.headers


def test_a_bucket_refills_and_its_memory_is_bounded() -> None:
    limiter = Limiter(Rate(burst=2, per_second=0.5), max_keys=3)
    assert [limiter.take("a", now) for now in (0.0, 0.0, 0.0)] == [0, 0, 2]
    assert limiter.take("a", 2.0) == 0
    for number in range(100):
        limiter.take(f"key {number}", 3.0)
    assert len(limiter) == 3


async def test_one_persons_flood_is_slowed_and_others_are_not(
    client: TestClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "PER_PERSON", Rate(burst=3, per_second=0.1))
    async with TestClient(TestServer(create_app(settings, VOICE, spot))) as limited:
        person, other = await Person.arrive(limited), await Person.arrive(limited)
        for _ in range(3):
            await person.say("x")
        answer = await person.post(text="x")
        await assert_error(answer, 429, "too_many_requests")
        assert int(answer.headers["Retry-After"]) > 0
        await other.say("y")


async def test_an_address_is_slowed_through_a_trusted_proxy_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "PER_ADDRESS", Rate(burst=2, per_second=0.1))

    async def statuses(proxies: int, *addresses: str) -> list[int]:
        changed = replace(settings, trusted_proxies=proxies)
        async with TestClient(TestServer(create_app(changed, VOICE, spot))) as client:
            return [
                (
                    await client.post(
                        "/chat/conversations", json={}, headers={"X-Forwarded-For": address}
                    )
                ).status
                for address in addresses
            ]

    assert await statuses(1, *["6.6.6.6, 203.0.113.7"] * 3) == [201, 201, 429]
    assert await statuses(1, "1.1.1.1", "1.1.1.2", "1.1.1.3") == [201] * 3
    assert await statuses(1, "2001:db8::1", "2001:db8::2", "2001:db8::3") == [201, 201, 429]
    assert await statuses(0, *["203.0.113.7"] * 3) == [201] * 3


async def test_readiness_names_what_is_down(settings: Settings, fake_rasa: FakeRasa) -> None:
    async with TestClient(TestServer(create_app(settings, VOICE, spot))) as client:
        answer = await client.get("/readyz")
        assert answer.status == 200
        assert set((await answer.json()).values()) == {"ready", "up"}
    broken = replace(settings, rasa_url="http://127.0.0.1:9")
    async with TestClient(TestServer(create_app(broken, VOICE, spot))) as client:
        answer = await client.get("/readyz")
        assert answer.status == 503
        assert await answer.json() == {
            "status": "not ready",
            "database": "up",
            "rasa": "down",
            "actions": "up",
        }
        assert (await client.get("/healthz")).status == 200


async def test_the_numbers_are_not_public(client: TestClient) -> None:
    person = await Person.arrive(client)
    await person.ask("count me")
    answer = await client.get("/metrics")
    text = await answer.text()
    assert 'impreuna_turns_total{outcome="rasa"}' in text
    assert "count me" not in text
    answer = await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
    await assert_error(answer, 404, "not_found")


async def test_without_a_database_requests_get_the_same_shape_of_error(
    settings: Settings,
) -> None:
    app = create_app(settings, VOICE, spot)
    async with TestClient(TestServer(app)) as client:
        await app[gateway.DATABASE].close()
        answer = await client.post("/chat/conversations", json={})
        await assert_error(answer, 503, "store_unavailable")
        assert (await (await client.get("/readyz")).json())["database"] == "down"


def test_a_gateway_without_a_database_is_a_wrong_setting(settings: Settings) -> None:
    with pytest.raises(Exception, match="DATABASE_URL"):
        create_app(replace(settings, database_url=None), VOICE, spot)
    assert isinstance(settings.database_url, Secret)
