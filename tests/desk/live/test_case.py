"""A conversation in real browsers: it is live, and colleagues see each other."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.desk.live.conftest import QUEUE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_two_counsellors_see_each_other(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    case = await desk.cases.new()
    ana = await desk.sit(browser, axe_source, "counsellor", "Ana Pop")
    ion = await desk.sit(browser, axe_source, "counsellor", "Ion Rus")
    await ana.page.goto(desk.url + case.path)
    await ana.page.click("#state .claim")
    await ion.page.goto(desk.url + case.path)
    people = ion.page.locator("#people")
    await expect(people).to_have_text("Ana is reading here", timeout=10_000)
    await expect(ana.page.locator("#people")).to_have_text("Ion is reading here", timeout=10_000)
    await ana.page.fill("#text", "I think")
    await expect(people).to_have_text("Ana is writing here", timeout=10_000)
    await ion.page.goto(desk.url + QUEUE)
    await expect(ana.page.locator("#people")).to_be_hidden(timeout=10_000)
    await ana.page.context.close()
    await ion.page.context.close()


async def test_messages_come_in_and_what_is_typed_stays(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    case = await desk.cases.new(phone="40700000030")
    seq = await case.hears("hello")
    await desk.cases.tick(case, seq, "sent")
    ana = await desk.sit(browser, axe_source, "coordinator", "Ana Pop")
    page = ana.page
    await page.goto(desk.url + case.path)
    await page.click("#state .claim")
    await page.fill("#text", "half an answer")
    await desk.cases.tick_on(case, seq, "read")
    await case.writes("are you there?")
    await expect(page.locator(".talk .person").last).to_contain_text("are you there?")
    await expect(page.locator(f"[data-seq='{seq}'] .tick")).to_have_text("✓✓ read")
    await expect(page.locator("#text")).to_have_value("half an answer")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("half an answer")
    kept = await page.evaluate("JSON.stringify(Object.entries(localStorage))")
    assert "half an answer" not in kept
    await page.click("#typed button")
    await expect(page.locator(".talk .agent")).to_contain_text("half an answer")
    await expect(page.locator("#text")).to_have_value("")
    assert ana.complaints == []
    await page.context.close()


async def test_who_watches_sees_that_somebody_else_took_it(
    desk: Desk,
    browser: Browser,
    axe_source: str,
) -> None:
    case = await desk.cases.new()
    ana = await desk.sit(browser, axe_source, "counsellor", "Ana Pop")
    ion = await desk.sit(browser, axe_source, "counsellor", "Ion Rus")
    await ion.page.goto(desk.url + case.path)
    await ana.page.goto(desk.url + case.path)
    await ana.page.click("#state .claim")
    await expect(ion.page.locator("#state")).to_contain_text("with Ana")
    await expect(ion.page.locator("#reply")).to_contain_text("Ana answers here.")
    await ana.page.context.close()
    await ion.page.context.close()
