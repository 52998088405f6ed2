"""A Chromium, the stand-in server, and pages that note what must never happen."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.web.standin import build
from tests.web.state import Site

ROOT = Path(__file__).parents[2]
AXE_FOLDER = ROOT / "build" / "npm"
ARGUMENTS = (
    "--no-sandbox --headless --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
PHONE = {"width": 360, "height": 640}


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("The web chat's tests need Chromium: put it on the PATH or set CHROMIUM.")
    return found


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium(), args=ARGUMENTS, headless=True
        )
        yield launched
        await launched.close()


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


@pytest.fixture(scope="session")
def axe_source() -> str:
    """axe-core, fetched once into a folder that git ignores."""
    script = AXE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
    AXE_FOLDER.mkdir(parents=True, exist_ok=True)
    # Test processes that run beside each other fetch it once.
    with (AXE_FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not script.exists():
            _fetch_axe()
    return script.read_text(encoding="utf-8")


def _fetch_axe() -> None:
    install = ["npm", "install", "--no-save", "--no-audit", "--no-fund"]
    try:
        subprocess.run(
            [*install, "--prefix", str(AXE_FOLDER), "axe-core@4"],
            check=True,
            capture_output=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError) as err:
        message = f"axe-core could not be installed with npm: {err}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
