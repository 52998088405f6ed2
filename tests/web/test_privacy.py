"""What stays on the phone and what does not: keeping, leaving, forgetting, deleting."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.acts import hear, open_menu, say, stored, until, until_on_page
from tests.web.conftest import OpenPage
from tests.web.standin import RECEIPT
from tests.web.state import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def begin(open_page: OpenPage, path: str = "/chat") -> Page:
    page = await open_page(path)
    await say(page, "apples")
    await hear(page, "apples")
    return page


async def test_keeping_is_asked_once_and_yes_lets_another_tab_read_on(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await expect(page.locator("#keep")).to_be_hidden()
    await say(page, "apples")
    await page.click("#keep button[value=yes]")
    await expect(page.locator("#keep")).to_be_hidden()
    assert (await stored(page))["phone"]["chat.key"] == site.only.token
    assert "chat.key" not in (await stored(page))["tab"]
    other = await page.context.new_page()
    await other.goto(site.url + "/chat")
    await hear(other, "apples")
    await expect(other.locator("#keep")).to_be_hidden()


async def test_no_leaves_the_key_in_this_tab_alone(open_page: OpenPage, site: Site) -> None:
    page = await begin(open_page)
    await page.click("#keep button[value=no]")
    found = await stored(page)
    assert found["phone"] == {}
    assert found["tab"]["chat.key"] == site.only.token
    await page.reload()
    await hear(page, "apples")
    await expect(page.locator("#keep")).to_be_hidden()
    other = await page.context.new_page()
    await other.goto(site.url + "/chat")
    await expect(other.locator("#start")).to_be_visible()
    assert await other.locator(".message").count() == 0


async def test_the_answer_can_be_changed_in_the_menu(open_page: OpenPage, site: Site) -> None:
    page = await begin(open_page)
    await page.click("#keep button[value=no]")
    await open_menu(page)
    await expect(page.locator("#kept-now")).to_have_text("This chat is not kept on this phone.")
    await page.click("#menu button[value=yes]")
    await expect(page.locator("#kept-now")).to_have_text("This chat is kept on this phone.")
    assert (await stored(page))["phone"]["chat.key"] == site.only.token
    await page.click("#menu button[value=no]")
    assert (await stored(page))["phone"] == {}


async def test_a_written_word_has_the_same_effect_but_does_not_undo_a_later_button(
    open_page: OpenPage, site: Site
) -> None:
    page = await begin(open_page)
    await say(page, "keep")
    await expect(page.locator("#keep")).to_be_hidden()
    assert (await stored(page))["phone"]["chat.key"] == site.only.token
    await open_menu(page)
    await page.click("#menu button[value=no]")
    await page.reload()
    await hear(page, "ok")
    await page.wait_for_timeout(300)
    assert (await stored(page))["phone"] == {}
    await say(page, "keep")
    await until(lambda: site.only.messages[-1].get("keep_key") is True)
    await until_on_page(page, "localStorage.getItem('chat.key') !== null")


@pytest.mark.parametrize("kept", ["yes", "no"])
async def test_the_leave_button_clears_everything_and_back_does_not_return(
    open_page: OpenPage, site: Site, kept: str
) -> None:
    page = await begin(open_page)
    await page.click(f"#keep button[value={kept}]")
    await page.get_by_role("button", name="Leave now").click()
    await expect(page).to_have_title("Weather")
    assert await stored(page) == {"tab": {}, "phone": {}}
    await page.go_back()
    assert "/chat" not in page.url
    await page.goto(site.url + "/chat")
    await expect(page.locator("#start")).to_be_visible()
    assert "apples" not in await page.content()
    assert site.forms == ["exit"]
    assert len(site.only.messages) == 2


async def test_escape_twice_leaves_and_once_does_not(open_page: OpenPage) -> None:
    page = await begin(open_page)
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(2200)
    await page.keyboard.press("Escape")
    await page.wait_for_timeout(300)
    await expect(page.locator(".message")).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(page).to_have_title("Weather")
    assert await stored(page) == {"tab": {}, "phone": {}}


async def test_leaving_without_network_clears_the_screen_and_the_key(
    open_page: OpenPage, site: Site
) -> None:
    page = await begin(open_page)
    await page.click("#keep button[value=yes]")
    await page.route("**/*", lambda route: route.abort())
    await page.get_by_role("button", name="Leave now").click()
    await page.wait_for_timeout(300)
    await page.unroute("**/*")
    await page.goto(site.url + "/chat")
    await expect(page.locator("#start")).to_be_visible()
    assert "apples" not in await page.content()
    assert await stored(page) == {"tab": {}, "phone": {}}


async def test_a_page_that_is_slow_to_leave_stumbles_over_nothing(open_page: OpenPage) -> None:
    page = await begin(open_page)

    async def answer_late(route: Route) -> None:
        # Until what the old page still wanted to do is due; a complaint of it fails the test.
        await asyncio.sleep(3.3)
        await route.continue_()

    await page.route("**/*", answer_late)
    await page.get_by_role("button", name="Leave now").click(no_wait_after=True)
    await expect(page).to_have_title("Weather", timeout=15_000)


async def test_leaving_without_network_removes_the_cookie_at_the_next_visit(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page(java_script_enabled=True)
    made = site.make("en")
    await made.add(
        {"kind": "message", "author": "bot", "text": "apples", "language": "en"}
        | {"direction": "ltr", "choices": [], "links": []}
    )
    await page.context.add_cookies([{"name": "chat", "value": made.token, "url": site.url}])
    await page.reload()
    await hear(page, "apples")
    await page.route("**/*", lambda route: route.abort())
    await page.get_by_role("button", name="Leave now").click()
    await page.wait_for_timeout(300)
    assert site.forms == []
    await page.unroute("**/*")
    await page.goto(site.url + "/chat")
    await expect(page.locator("#start")).to_be_visible()
    assert site.forms == ["exit"]
    assert await page.locator(".message").count() == 0
    assert "chat" not in [cookie["name"] for cookie in await page.context.cookies()]


async def test_leaving_in_one_tab_clears_the_other_tab_of_a_kept_chat(open_page: OpenPage) -> None:
    page = await begin(open_page)
    await page.click("#keep button[value=yes]")
    other = await page.context.new_page()
    await other.goto(page.url)
    await hear(other, "apples")
    await page.get_by_role("button", name="Leave now").click()
    await expect(other.locator("#start")).to_be_visible()
    assert await other.locator(".message").count() == 0


async def test_a_page_that_the_browser_froze_is_not_shown_again_as_it_was(
    open_page: OpenPage,
) -> None:
    page = await begin(open_page)
    await page.evaluate("sessionStorage.clear()")
    async with page.expect_navigation():
        await page.evaluate(
            "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
        )
    await expect(page.locator("#start")).to_be_visible()
    assert await page.locator(".message").count() == 0


async def test_deleting_asks_first_then_shows_the_receipt(open_page: OpenPage, site: Site) -> None:
    page = await begin(open_page)
    await open_menu(page)
    await page.click("#menu details summary")
    assert len(site.conversations) == 1
    await page.click("button[value=erase]")
    await expect(page.locator("#receipt")).to_contain_text(RECEIPT)
    await expect(page.locator("#receipt")).to_be_focused()
    assert site.conversations == {}
    assert await page.locator(".message").count() == 0
    assert await stored(page) == {"tab": {}, "phone": {}}
    await say(page, "pears")
    await hear(page, "pears")
    await expect(page.locator("#receipt")).to_be_hidden()
    await expect(page.locator("#keep")).to_be_visible()


async def test_deleting_that_fails_says_so_and_keeps_the_key(
    open_page: OpenPage, site: Site
) -> None:
    page = await begin(open_page)
    await open_menu(page)
    await page.click("#menu details summary")
    await page.context.set_offline(True)
    await page.click("button[value=erase]")
    await expect(page.get_by_role("alert")).to_contain_text("did not work")
    assert (await stored(page))["tab"]["chat.key"] == site.only.token


async def test_forgetting_gives_the_phone_to_somebody_else(open_page: OpenPage, site: Site) -> None:
    page = await begin(open_page)
    await open_menu(page)
    await page.click("button[value=forget]")
    await expect(page.locator("#start")).to_be_visible()
    await expect(page.locator(".message")).to_have_count(0)
    assert await stored(page) == {"tab": {}, "phone": {}}
    assert len(site.only.messages) == 2


async def test_where_storage_is_blocked_the_chat_works_until_the_page_is_closed(
    open_page: OpenPage, site: Site
) -> None:
    blocked = """['localStorage', 'sessionStorage'].forEach(name => Object.defineProperty(
        window, name, {get() { throw new DOMException('blocked', 'SecurityError'); }}));"""
    page = await open_page(script=blocked)
    await say(page, "apples")
    await hear(page, "apples")
    await page.click("#keep button[value=no]")
    await say(page, "pears")
    await hear(page, "pears")
    assert len(site.only.ids) == 2


async def test_no_address_ever_holds_the_key_or_what_was_written(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await say(page, "apples")
    await hear(page, "apples")
    assert any("/chat/messages" in url for url in asked)
    assert not [url for url in asked if site.only.token in url or "apples" in url]


async def test_title_and_first_lines_name_neither_family_nor_refuge(open_page: OpenPage) -> None:
    page = await open_page()
    await expect(page).to_have_title("Chat")
    text = await page.locator("body").inner_text()
    assert "information" in text
    assert not re.search(r"famil|refug|asyl|reunif|protect", text, re.IGNORECASE)


async def test_deleting_by_a_written_word_leaves_only_the_receipt_on_the_screen(
    open_page: OpenPage,
) -> None:
    page = await begin(open_page)
    await say(page, "delete my data")
    await hear(page, "All gone.")
    await expect(page.locator(".message")).to_have_count(1)


async def test_a_chat_that_was_deleted_elsewhere_leaves_the_screen(
    open_page: OpenPage, site: Site
) -> None:
    page = await begin(open_page)
    await site.only.add({"kind": "status", "erased": True})
    await expect(page.locator("#receipt")).to_be_visible()
    await expect(page.locator("#receipt-number")).to_be_hidden()
    assert await page.locator(".message").count() == 0
    assert await stored(page) == {"tab": {}, "phone": {}}
