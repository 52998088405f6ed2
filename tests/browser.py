"""One Chromium for all tests of a process, and axe-core, which tells who could not use a page.

`tests/conftest.py` takes the fixtures from here for every folder: a fixture that modules import
one by one would start a browser for each of them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).parents[1]
AXE_FOLDER = ROOT / "build" / "npm"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox --headless --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()


def chromium() -> str:
    """Give the first browser that there is, the lightest first: `scripts/browser` installs one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.fail("The tests of pages need Chromium: put it on the PATH or set CHROMIUM.")
    return found


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium(), args=ARGUMENTS, headless=True
        )
        yield launched
        await launched.close()


async def violations(page: Page, axe: str) -> list[str]:
    """Give what axe finds wrong with a page as it stands: the rule, the element, what to mend."""
    await page.evaluate(axe)
    # What is right is counted only: to describe each such element takes most of the time.
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


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
