"""The page without JavaScript: everything by forms."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.web.acts import bubbles, hear, open_menu, say
from tests.web.conftest import OpenPage
from tests.web.script import GREETING
from tests.web.standin import RECEIPT
from tests.web.state import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_chat_by_forms_alone(open_page: OpenPage, site: Site) -> None:
    page = await open_page(java_script_enabled=False)
    await page.click("#start button")
    await hear(page, GREETING["en"])
    await expect(page.locator("#keep")).to_be_visible()
    await page.click(".choices button >> nth=1")
    await hear(page, "I noted: Which papers")
    assert await page.locator(".choices").count() == 0
    await say(page, "phone")
    found = (
        await bubbles(page)
        .last.locator("a")
        .evaluate_all("all => all.map(each => each.getAttribute('href'))")
    )
    assert found == [
        "tel:+40213126210",
        "mailto:office@cnrr.ro",
        "https://help.unhcr.org/romania/",
        "https://help.unhcr.org/romania/",
    ]
    assert site.forms == ["send", "choose", "send"]
    assert len(site.conversations) == 1


async def test_an_answer_that_is_late_can_be_asked_for(open_page: OpenPage, site: Site) -> None:
    site.faults.delay = 1.0
    page = await open_page(java_script_enabled=False)
    await say(page, "apples")
    assert await bubbles(page).count() == 0
    await page.wait_for_timeout(1200)
    await page.get_by_role("button", name="Show the answer").click()
    await hear(page, "I noted: apples")


async def test_markup_in_a_message_is_only_text(open_page: OpenPage) -> None:
    page = await open_page(java_script_enabled=False)
    await say(page, "<b>bold</b> +40 21 312 62 10 <i>")
    await hear(page, "<b>bold</b> +40 21 312 62 10 <i>")
    assert await page.locator(".message b, .message i").count() == 0


async def test_the_language_changes(open_page: OpenPage) -> None:
    page = await open_page(java_script_enabled=False)
    await page.click("#about button[lang=ar]")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await page.click("#languages > summary")
    await page.click("#languages button[lang=ro]")
    await expect(page.locator("html")).to_have_attribute("lang", "ro")


async def test_keeping_is_asked_once_and_can_be_changed_in_the_menu(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page(java_script_enabled=False)
    await say(page, "apples")
    await page.click("#keep button[value=yes]")
    assert site.only.keep_key is True
    await expect(page.locator("#keep")).to_be_hidden()
    cookie = next(c for c in await page.context.cookies() if c["name"] == "chat")
    assert cookie["expires"] > 0
    await open_menu(page)
    await page.click("#menu button[value=no]")
    assert site.only.keep_key is False


async def test_deleting_asks_first_and_shows_the_receipt(open_page: OpenPage, site: Site) -> None:
    page = await open_page(java_script_enabled=False)
    await say(page, "apples")
    await hear(page, "apples")
    await open_menu(page)
    await page.click("#menu details summary")
    await page.click("button[value=erase]")
    await expect(page.locator("#receipt")).to_contain_text(RECEIPT)
    assert site.conversations == {}
    assert await page.locator(".message").count() == 0


async def test_forgetting_leaves_the_data_but_not_on_this_phone(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page(java_script_enabled=False)
    await say(page, "apples")
    await open_menu(page)
    await page.click("button[value=forget]")
    assert await page.locator(".message").count() == 0
    assert len(site.only.messages) == 2


async def test_leaving_by_form_and_going_back_shows_nothing(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page(java_script_enabled=False)
    await say(page, "apples")
    await hear(page, "apples")
    await page.get_by_role("button", name="Leave now").click()
    await expect(page).to_have_title("Weather")
    await page.go_back()
    await expect(page.locator("#about")).to_be_visible()
    assert "apples" not in await page.content()
