"""The father's journey on the page itself: a small phone, a real Chromium, the whole product."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from bot.settings import PROJECT
from tests.browser import violations
from tests.system.person import Message, Person, question_of, rows_of
from tests.system.product import Product
from tests.system.speech import EVERY_LANGUAGE, Speech
from tests.web.acts import bubbles, say, stored
from tests.web.conftest import PHONE, Witness

pytestmark = [
    pytest.mark.system,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

SCREENSHOTS = PROJECT / "screenshots"
MOST_QUESTIONS = 8
ANSWER_MILLISECONDS = 60_000


@dataclass
class Phone:
    """The chat on a small phone, and the same conversation over the HTTP interface."""

    page: Page
    session: ClientSession
    url: str

    async def say(self, text: str) -> Message:
        """Type a text; wait until the page shows the answer; give it with its names."""
        heard = await bubbles(self.page).count()
        await say(self.page, text)
        await expect(bubbles(self.page)).to_have_count(heard + 1, timeout=ANSWER_MILLISECONDS)
        token = (await stored(self.page))["tab"]["chat.key"]
        told = await Person(self.session, self.url, token).messages()
        assert told[-1]["author"] == "bot"
        return told[-1]

    async def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, product: Product) -> AsyncIterator[Phone]:
    witness = Witness()
    context = await browser.new_context(
        viewport=PHONE, reduced_motion="reduce", bypass_csp=True, locale="de-DE"
    )
    context.set_default_timeout(ANSWER_MILLISECONDS)
    context.on("page", witness.watch)
    page = await context.new_page()
    await page.goto(f"{product.url}/chat")
    async with ClientSession() as session:
        yield Phone(page, session, product.url)
    await context.close()
    assert witness.complaints == []
    hosts = {url.split("/")[2] for url in witness.requests if url.startswith("http")}
    assert hosts == {f"127.0.0.1:{product.port}"}, "a third party was asked"


@EVERY_LANGUAGE
async def test_the_father_finds_out_on_a_small_phone(
    phone: Phone,
    axe_source: str,
    speech: Speech,
) -> None:
    father = speech["father"]
    told = await phone.say(father["first"])
    html = phone.page.locator("html")
    await expect(html).to_have_attribute("lang", speech.language)
    await expect(html).to_have_attribute("dir", speech["direction"])
    await phone.picture(f"father-{speech.language}-1-question")
    questions = 0
    while (question := question_of(told)) is not None:
        questions += 1
        assert questions <= MOST_QUESTIONS
        told = await phone.say(father["answers"][question])
    assert set(rows_of(told)) == {"wife", "child", "brother"}
    shown = await bubbles(phone.page).last.inner_text()
    assert "CNRR" in shown
    await expect(bubbles(phone.page)).to_have_count(questions + 1)
    await phone.picture(f"father-{speech.language}-2-findings")
    assert await phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert await violations(phone.page, axe_source) == []
