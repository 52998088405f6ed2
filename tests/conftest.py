"""Fixtures for all tests: an embedded PostgreSQL for the session, a database per module.

`postgres_url` is a fresh database; `settings`, `fake_rasa` and `client` make a whole gateway
on it. Nothing starts before a test asks for it.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.settings import Secret, Settings
from bot.supervisor import postgres
from bot.supervisor.places import Places, find_places
from bot.supervisor.process import prepare_child
from tests.browser import axe_source, browser  # noqa: F401 (fixtures)
from tests.fakes import VOICE, FakeRasa, spot


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put those of the whole product first: they take longest, and processes share the rest."""
    items.sort(key=lambda item: item.get_closest_marker("system") is None)


@pytest.fixture(scope="session")
def postgres_places() -> Iterator[Places]:
    """A running PostgreSQL of our own, gone after the session."""
    # Not pytest's own folder: the server's user could not reach it.
    folder = Path(tempfile.mkdtemp(prefix="impreuna-test-"))
    folder.chmod(0o755)
    places = find_places(folder)
    asyncio.run(postgres.prepare(places))
    command = postgres.command(places)
    process = subprocess.Popen(
        [*command.arguments, "-c", "fsync=off"],
        env=dict(command.environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=prepare_child(command),
        start_new_session=True,
    )
    try:
        _wait(places)
        yield places
    finally:
        process.send_signal(command.stop_signal)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(places: Places) -> None:
    for _ in range(200):
        try:
            psycopg.connect(places.server_url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the test database did not start")


@pytest.fixture(scope="module")
def postgres_url(postgres_places: Places) -> Iterator[str]:
    """The address of a fresh, empty database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_places.server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://postgres@/{name}?host={postgres_places.sockets}"
    with psycopg.connect(postgres_places.server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def fake_rasa() -> AsyncIterator[FakeRasa]:
    """A stand-in for Rasa and the action server, listening."""
    rasa = FakeRasa()
    async with TestServer(rasa.app()) as server:
        rasa.url = str(server.make_url("")).rstrip("/")
        yield rasa


@pytest.fixture
def settings(postgres_url: str, fake_rasa: FakeRasa) -> Settings:
    """Settings for a gateway on the test database and the fake Rasa."""
    return Settings(
        database_url=Secret(postgres_url),
        rasa_url=fake_rasa.url,
        actions_url=f"{fake_rasa.url}/webhook",
        rasa_timeout=5.0,
        embed_origins=("https://partner.example",),
    )


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[TestClient]:
    """A client of a running gateway with its workers."""
    async with TestClient(TestServer(create_app(settings, VOICE, spot))) as test_client:
        yield test_client
