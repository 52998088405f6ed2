"""The stand-in server, and pages that note what must never happen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.web.standin import build
from tests.web.state import Site

PHONE = {"width": 360, "height": 640}


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[Site]:
    state = Site()
    runner = web.AppRunner(build(state), shutdown_timeout=0.1)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    host, port = runner.addresses[0][:2]
    state.url = f"http://{host}:{port}"
    yield state
    await runner.cleanup()


@dataclass
class Witness:
    """What the pages of one test asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        # Refused and broken calls are the faults that a test asked for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


OpenPage = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, site: Site) -> AsyncIterator[OpenPage]:
    """Open the chat in a browser of its own; afterwards check errors and foreign requests."""
    contexts: list[BrowserContext] = []
    witness = Witness()

    async def open_it(path: str = "/chat", script: str = "", **options: Any) -> Page:
        context = await browser.new_context(**({"viewport": PHONE} | options))
        contexts.append(context)
        context.set_default_timeout(15_000)
        if script:
            await context.add_init_script(script)
        context.on("page", witness.watch)
        page = await context.new_page()
        await page.goto(site.url + path)
        return page

    yield open_it
    for context in contexts:
        await context.close()
    assert witness.complaints == []
    hosts = {url.split("/")[2] for url in witness.requests if url.startswith("http")}
    port = site.url.rsplit(":", 1)[1]
    assert hosts <= {f"127.0.0.1:{port}", f"localhost:{port}"}, "a third party was asked"
