"""The queue in a real browser: it is live, its sound and its keys work."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.desk.live.conftest import LINE, QUEUE, Desk
from tests.web.acts import until_on_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COUNT_TONES = """() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    window.tones += 1;
    return start.apply(this, at);
  };
}"""


async def test_a_new_urgent_conversation_comes_in_by_itself(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    await desk.cases.new(minutes=5)
    ana = await desk.sit(browser, axe_source, "counsellor", "Ana Pop")
    page = ana.page
    await expect(page.locator(LINE)).to_have_count(1)
    await expect(page).to_have_title(re.compile("^Conversations"))
    await page.evaluate("window.before = true")
    await desk.cases.new("danger", "danger")
    await expect(page.locator(LINE).first).to_have_text("In danger")
    await expect(page).to_have_title(re.compile(r"^\(1\) Conversations"))
    await expect(page.locator("#said")).to_have_text("A new urgent conversation waits.")
    assert await page.evaluate("window.before"), "the page was loaded anew"
    assert ana.complaints == []
    await page.context.close()


async def test_the_sound_is_asked_for_by_a_click_and_remembered(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    ana = await desk.sit(browser, axe_source, "counsellor", "Ana Pop")
    page = ana.page
    sound = page.locator("#sound")
    await page.evaluate(COUNT_TONES)
    await desk.cases.new("danger", "danger")
    await expect(page.locator(LINE)).to_have_count(1)
    assert await page.evaluate("window.tones") == 0
    await expect(sound).to_have_attribute("aria-pressed", "false")
    await sound.click()
    await expect(sound).to_have_text("Sound for urgent ones: on")
    before = await page.evaluate("window.tones")
    await desk.cases.new("danger", "danger")
    await expect(page.locator(LINE)).to_have_count(2)
    await until_on_page(page, f"window.tones > {before}")
    await page.reload()
    await expect(sound).to_have_attribute("aria-pressed", "true")
    await sound.click()
    await expect(sound).to_have_text("Sound for urgent ones: off")
    await page.context.close()


async def test_the_queue_works_by_keys(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    first = await desk.cases.new("danger", "danger", minutes=9)
    second = await desk.cases.new("danger", "danger", minutes=8)
    ana = await desk.sit(browser, axe_source, "counsellor", "Ana Pop")
    page = ana.page
    await expect(page.locator(LINE)).to_have_count(2)
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.locator("#q")).to_be_focused()
    await page.locator("#q").blur()
    for key in "jjkj":
        await page.keyboard.press(key)
    await expect(page.locator(LINE).nth(1)).to_be_focused()
    # Something changes: whoever was chosen stays chosen.
    await first.asks_again("asked", "normal")
    await page.wait_for_timeout(800)
    await expect(page.locator(LINE).nth(1)).to_be_focused()
    await page.keyboard.press("c")
    await page.wait_for_url(f"**{second.path}")
    await expect(page.locator("#state")).to_contain_text("with you")
    await page.keyboard.press("r")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("hello")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".talk .agent")).to_have_count(1)
    await expect(page.locator("#text")).to_have_value("")
    await page.keyboard.press("n")
    await expect(page.locator("#note")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("q")
    await page.wait_for_url(f"**{QUEUE}")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{first.path}")
    await page.context.close()


async def test_a_session_that_ended_shows_nothing_any_more(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    await desk.cases.new()
    ana = await desk.sit(browser, axe_source, "counsellor", "Ana Pop")
    await expect(ana.page.locator(LINE)).to_have_count(1)
    async with desk.cases.database.transaction() as connection:
        await connection.execute("DELETE FROM staff_session")
    await desk.cases.new("danger", "danger")
    await ana.page.wait_for_url("**/desk/login**")
    await ana.page.context.close()
