"""A running desk for real browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser

from bot.desk.app import add_desk
from bot.desk.passwords import Passwords
from bot.gateway.app import create_app
from bot.gateway.server import make_voice
from bot.settings import Secret, Settings
from tests.desk.browser import Browsers
from tests.desk.cases import Cases
from tests.desk.conftest import CHEAP, KEY, _forget_all
from tests.desk.test_look import Screen, opened, set_up
from tests.fakes import spot

QUEUE = "/desk/cases"
LINE = ".line .open"


class Desk:
    """A running desk with the product's own sentences."""

    def __init__(self, server: TestServer) -> None:
        self.browsers = Browsers(server)
        self.cases = Cases.at(server)
        self.url = str(server.make_url("")).rstrip("/")

    async def sit(self, browser: Browser, axe: str, role: str, name: str, **look: Any) -> Screen:
        """Let somebody set an account up in a browser of their own."""
        language = look.get("locale", "en")
        _, path = await self.browsers.invite(role, name=name, language=language)
        screen = await opened(
            browser, axe, look.get("width", 1280), look.get("scheme", "light"), language
        )
        await set_up(screen, self.url, path)
        await screen.page.wait_for_url(f"**{QUEUE}")
        return screen


@pytest_asyncio.fixture(loop_scope="session")
async def desk(postgres_url: str) -> AsyncIterator[Desk]:
    settings = Settings(database_url=Secret(postgres_url), encryption_key=KEY, worker_concurrency=0)
    app = create_app(settings, make_voice(), spot)
    add_desk(app, Passwords(CHEAP))
    async with TestServer(app) as server:
        made = Desk(server)
        yield made
        await made.browsers.close()
    _forget_all(postgres_url)
