"""Fixtures for WhatsApp: a gateway with a number, a stand-in for Meta, the store beside it."""

from __future__ import annotations

import base64
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.whatsapp import CHANNEL
from bot.channels.whatsapp.parse import parse
from bot.gateway.app import create_app
from bot.gateway.metrics import Metrics
from bot.gateway.taking_in import TakingIn
from bot.settings import Secret, Settings, WhatsApp
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.vault import Vault, open_vault
from tests.fakes import spot
from tests.whatsapp.gateway import VOICE, Gateway
from tests.whatsapp.graph import FakeGraph
from tests.whatsapp.payloads import NUMBER_ID

APP_SECRET = "app-secret-sentinel"
VERIFY_TOKEN = "verify-token-sentinel"
ACCESS_TOKEN = "access-token-sentinel"
_numbers = itertools.count(1)


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    """A stand-in for the Graph API, listening."""
    fake = FakeGraph()
    async with TestServer(fake.app()) as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake


@pytest.fixture
def number(graph: FakeGraph) -> WhatsApp:
    """A number whose Graph API is the stand-in."""
    return WhatsApp(
        phone_number_id=NUMBER_ID,
        access_token=Secret(ACCESS_TOKEN),
        app_secret=Secret(APP_SECRET),
        verify_token=Secret(VERIFY_TOKEN),
        graph_url=graph.url,
        media_hosts=(graph.host,),
    )


@pytest.fixture
def whatsapp_settings(settings: Settings, number: WhatsApp) -> Settings:
    """Settings for a gateway with that number and a key of its own."""
    key = base64.urlsafe_b64encode(b"k" * 32).decode()
    return replace(settings, whatsapp=number, encryption_key=Secret(key))


@pytest.fixture
async def gateway(whatsapp_settings: Settings) -> AsyncIterator[Gateway]:
    """A running gateway with its workers, and people who write to it."""
    async with TestClient(TestServer(create_app(whatsapp_settings, VOICE, spot))) as client:
        yield Gateway(client, APP_SECRET)


@pytest.fixture
async def door(whatsapp_settings: Settings) -> AsyncIterator[Gateway]:
    """A gateway that stores and does nothing else."""
    without_jobs = replace(whatsapp_settings, worker_concurrency=0)
    async with TestClient(TestServer(create_app(without_jobs, VOICE, spot))) as client:
        yield Gateway(client, APP_SECRET)


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    """The test's own connections to the store, brought up to date."""
    await migrate(postgres_url)
    opened = Database(postgres_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def vault(whatsapp_settings: Settings) -> Vault:
    """The vault that the gateway seals with."""
    return open_vault(whatsapp_settings)


@pytest.fixture
def phone() -> str:
    """A number that nobody has used yet."""
    return f"4072211{next(_numbers):04}"


@pytest.fixture
async def taking_in(database: Database, vault: Vault) -> AsyncIterator[TakingIn]:
    """Takes in what the test itself puts into an empty store."""
    async with database.transaction() as connection:
        await connection.execute("TRUNCATE webhook, conversation, received CASCADE")
        await connection.execute("TRUNCATE procrastinate_jobs CASCADE")
    yield TakingIn(CHANNEL, parse, database, vault, Metrics())
