"""What a person does on the page, and what a test then looks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from playwright.async_api import Locator, Page, expect


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.click("#composer button")


def bubbles(page: Page, author: str = "bot") -> Locator:
    return page.locator(f".message.{author}")


async def hear(page: Page, text: str) -> None:
    """Wait until the newest message of the bot holds the text."""
    await expect(bubbles(page).last).to_contain_text(text)


async def open_menu(page: Page) -> None:
    await page.click("#menu > summary")


async def stored(page: Page) -> dict[str, dict[str, str]]:
    """Everything that the page has put into the two storages."""
    found: dict[str, dict[str, str]] = await page.evaluate(
        "() => ({tab: Object.assign({}, sessionStorage), phone: Object.assign({}, localStorage)})"
    )
    return found


async def until_on_page(page: Page, expression: str, seconds: float = 10.0) -> None:
    """Wait for something on the page; Playwright's own way uses `eval`, which our pages forbid."""
    for _ in range(int(seconds / 0.05)):
        if await page.evaluate(expression):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it did not come about in time: {expression}")


async def until(holds: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait for something on the server's side."""
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come about in time")
