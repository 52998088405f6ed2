"""A gateway with the desk, and browsers of staff at it."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from psycopg.rows import dict_row

from bot.desk.app import add_desk
from bot.desk.passwords import Passwords
from bot.gateway.app import create_app
from bot.gateway.server import make_voice
from bot.settings import Secret, Settings
from bot.store.migrations import migrate
from tests.desk.browser import Browsers
from tests.desk.scene import Scene, open_scene
from tests.fakes import VOICE, spot

KEY = Secret(base64.b64encode(bytes(range(32))).decode())
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def desk_settings(settings: Settings) -> Settings:
    """Settings with a key of their own; no jobs run."""
    return replace(settings, encryption_key=KEY, worker_concurrency=0)


@pytest.fixture
async def browsers(desk_settings: Settings) -> AsyncIterator[Browsers]:
    """Makes browsers at a running desk; afterwards nobody has an account any more."""
    app = create_app(desk_settings, VOICE, spot)
    add_desk(app, Passwords(CHEAP))
    async with TestServer(app) as server:
        made = Browsers(server)
        yield made
        await made.close()
    _forget_all(desk_settings.require_database())


@pytest.fixture
async def spoken(desk_settings: Settings) -> AsyncIterator[Browsers]:
    """The same at a desk that says the product's own sentences."""
    app = create_app(desk_settings, make_voice(), spot)
    add_desk(app, Passwords(CHEAP))
    async with TestServer(app) as server:
        made = Browsers(server)
        yield made
        await made.close()
    _forget_all(desk_settings.require_database())


@pytest.fixture
def rows(postgres_url: str) -> Any:
    """Run a query on the database and give its rows."""

    def run(query: str, *parameters: Any) -> list[dict[str, Any]]:
        with _connected(postgres_url) as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
async def scene(postgres_url: str) -> AsyncIterator[Scene]:
    """People, counsellors and a slow bot on a real database, without a server."""
    await migrate(postgres_url)
    async with open_scene(postgres_url) as made:
        yield made


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    with psycopg.connect(url, row_factory=dict_row, autocommit=True) as connection:
        yield connection


def _forget_all(url: str) -> None:
    with _connected(url) as connection:
        connection.execute("DELETE FROM conversation")
        connection.execute("DELETE FROM login_failure")
        connection.execute("DELETE FROM staff")
