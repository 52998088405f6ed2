"""The button on a partner's page."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import FrameLocator, Page, Route, expect

from tests.web.acts import stored
from tests.web.conftest import OpenPage
from tests.web.state import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def visit(open_page: OpenPage, site: Site) -> tuple[Page, FrameLocator]:
    """A partner's page on another site than the chat's."""
    page = await open_page("/weather")
    await page.goto(site.url.replace("127.0.0.1", "localhost") + "/partner")
    return page, page.frame_locator("iframe")


async def test_until_it_is_pressed_there_is_a_button_and_nothing_else(
    open_page: OpenPage, site: Site
) -> None:
    page, _frame = await visit(open_page, site)
    button = page.get_by_role("button", name="Întreabă")
    await expect(button).to_have_attribute("aria-expanded", "false")
    await expect(button).to_have_attribute("lang", "ro")
    assert await page.locator("iframe").count() == 0
    assert await page.context.cookies() == []
    assert (
        await page.evaluate("Object.keys(window).filter(name => /chat|impreuna/i.test(name))") == []
    )


async def test_the_chat_opens_in_its_language_and_works_without_cookies(
    open_page: OpenPage, site: Site
) -> None:
    page, frame = await visit(open_page, site)
    await page.get_by_role("button", name="Întreabă").press("Enter")
    await expect(frame.locator("html")).to_have_attribute("lang", "ro")
    await frame.locator("#text").fill("mere")
    await frame.locator("#composer button").click()
    await expect(frame.locator(".message.bot").last).to_contain_text("Am notat: mere")
    assert site.only.messages[0]["language"] == "ro"
    assert "chat" not in [cookie["name"] for cookie in await page.context.cookies()]
    assert await stored(page) == {"tab": {}, "phone": {}}


async def test_what_is_sent_before_the_page_is_at_work_is_sent_once_it_is(
    open_page: OpenPage, site: Site
) -> None:
    page, frame = await visit(open_page, site)
    loaded = asyncio.Event()

    async def answer_late(route: Route) -> None:
        await loaded.wait()
        await route.continue_()

    await page.route("**/chat.js*", answer_late)
    await page.locator("body > button").click()
    await frame.locator("#text").fill("mere")
    await frame.locator("#composer button").click(no_wait_after=True)
    await page.wait_for_timeout(300)
    loaded.set()
    await expect(frame.locator(".message.bot")).to_have_count(1)
    # In the frame of another site a plain form has no cookie, and would be refused.
    assert site.forms == []


async def test_escape_closes_it_from_inside_and_from_outside(
    open_page: OpenPage, site: Site
) -> None:
    page, frame = await visit(open_page, site)
    button = page.locator("body > button")
    for opener in [frame.locator("#text"), button]:
        await button.click()
        await expect(page.locator("iframe")).to_be_visible()
        await opener.focus()
        await page.keyboard.press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()
        await expect(button).to_be_focused()
        await page.wait_for_timeout(2100)


async def test_escape_twice_leaves_the_partners_page_too(open_page: OpenPage, site: Site) -> None:
    page, frame = await visit(open_page, site)
    await page.locator("body > button").click()
    await frame.locator("#text").fill("mere")
    await frame.locator("#composer button").click()
    await expect(frame.locator(".message.bot")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("iframe")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page).to_have_title("Weather")


async def test_the_leave_button_inside_leaves_the_partners_page_too(
    open_page: OpenPage, site: Site
) -> None:
    page, frame = await visit(open_page, site)
    await page.locator("body > button").click()
    await frame.locator("[data-leave] button").click()
    await expect(page).to_have_title("Weather")


async def test_it_is_reached_by_keyboard_and_the_frame_stands_beside_its_button(
    open_page: OpenPage, site: Site
) -> None:
    page, frame = await visit(open_page, site)
    await page.keyboard.press("Tab")
    await expect(page.locator("body > button")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(frame.locator("#start")).to_be_visible()
    await expect(frame.locator("#about > summary")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(frame.locator("#about button").first).to_be_focused()
