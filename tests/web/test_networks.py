"""Slow, broken and meddling networks: nothing lost, nothing twice, and the person told."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Page, expect

from tests.web.acts import bubbles, hear, say, stored, until
from tests.web.conftest import OpenPage
from tests.web.state import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def shown(page: Page) -> list[str]:
    """The texts on the screen, in order."""
    return await page.locator(".message .text").all_inner_texts()


async def test_what_is_written_offline_waits_is_marked_and_goes_when_the_network_is_back(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "one")
    await hear(page, "noted: one")
    await page.context.set_offline(True)
    await say(page, "two")
    await say(page, "three")
    await expect(page.locator(".message.waiting .mark")).to_have_text(["Not sent yet"] * 2)
    await expect(page.locator("#network")).to_contain_text("No network")
    unsent = json.loads((await stored(page))["tab"]["chat.unsent"])
    assert [entry["text"] for entry in unsent] == ["two", "three"]
    await page.context.set_offline(False)
    await hear(page, "noted: three")
    await expect(page.locator("#network")).to_be_empty()
    assert await page.locator(".mark").count() == 0
    own = [m["text"] for m in site.only.messages if m["author"] == "person"]
    assert own == ["one", "two", "three"]
    assert await bubbles(page, "person").locator(".text").all_inner_texts() == own
    assert "chat.unsent" not in (await stored(page))["tab"]


async def test_what_was_not_sent_survives_a_reload(open_page: OpenPage, site: Site) -> None:
    site.faults.refuse_messages = 1000
    page = await open_page()
    await say(page, "apples")
    await expect(page.locator(".message.waiting")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".message.waiting .text")).to_have_text("apples")
    site.faults.refuse_messages = 0
    await hear(page, "noted: apples")
    assert [m["text"] for m in site.only.messages][0] == "apples"
    assert len(site.only.ids) == 1


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "refuse_messages"])
async def test_a_message_whose_call_failed_is_sent_again_under_its_id(
    open_page: OpenPage, site: Site, fault: str
) -> None:
    setattr(site.faults, fault, 2)
    page = await open_page()
    await say(page, "apples")
    await hear(page, "noted: apples")
    await expect(page.locator(".mark")).to_have_count(0)
    assert len(site.only.ids) == 1
    assert await shown(page) == ["apples", "Thank you. I noted: apples"]


async def test_a_message_that_the_server_will_not_take_says_so_and_can_be_sent_again(
    open_page: OpenPage, site: Site
) -> None:
    site.faults.reject_messages = 1
    page = await open_page()
    await say(page, "apples")
    await expect(page.locator(".message.failed .mark")).to_contain_text("Not sent")
    await page.get_by_role("button", name="Send again").click()
    await hear(page, "noted: apples")
    assert (await shown(page)).count("apples") == 1


async def test_messages_that_arrive_twice_are_shown_once(open_page: OpenPage, site: Site) -> None:
    site.faults.twice = True
    page = await open_page()
    await say(page, "one")
    await hear(page, "noted: one")
    await say(page, "two")
    await hear(page, "noted: two")
    assert await shown(page) == ["one", "Thank you. I noted: one", "two", "Thank you. I noted: two"]


async def test_a_stream_that_is_cut_and_refused_goes_on_where_it_was(
    open_page: OpenPage, site: Site
) -> None:
    site.faults.cut_streams = 2
    site.faults.refuse_streams = 1
    page = await open_page()
    await say(page, "one")
    await hear(page, "noted: one")
    await say(page, "two")
    await hear(page, "noted: two")
    assert len(await shown(page)) == 4


async def test_where_streams_are_held_back_the_page_asks_instead(
    open_page: OpenPage, site: Site
) -> None:
    site.faults.hold_streams = True
    page = await open_page()
    await say(page, "apples")
    await expect(bubbles(page).last).to_contain_text("noted: apples", timeout=12_000)
    opened = site.only.streams
    await say(page, "pears")
    await expect(bubbles(page).last).to_contain_text("noted: pears", timeout=8_000)
    assert site.only.streams == opened


async def test_a_browser_that_cannot_read_streams_asks_instead(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page(script="delete window.TextDecoder;")
    await say(page, "apples")
    await hear(page, "noted: apples")
    assert site.only.streams == 0


async def test_a_slow_answer_shows_that_it_is_being_written(
    open_page: OpenPage, site: Site
) -> None:
    site.faults.delay = 1.0
    page = await open_page()
    await say(page, "apples")
    await expect(page.locator("#typing")).to_be_visible()
    await hear(page, "noted: apples")
    await expect(page.locator("#typing")).to_be_hidden()


async def test_a_conversation_that_is_gone_is_told_and_a_new_one_begins(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "one")
    await hear(page, "noted: one")
    site.conversations.clear()
    await say(page, "two")
    await expect(page.get_by_role("alert")).to_contain_text("no longer there")
    assert (await stored(page))["tab"] == {}
    await page.get_by_role("button", name="Send again").click()
    await hear(page, "noted: two")
    assert [m["text"] for m in site.only.messages][0] == "two"


async def test_the_first_message_goes_even_if_the_chat_could_not_be_made_at_once(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await page.context.set_offline(True)
    await say(page, "apples")
    await expect(page.locator(".message.waiting")).to_have_count(1)
    await page.context.set_offline(False)
    await hear(page, "noted: apples")
    await until(lambda: len(site.only.ids) == 1)


async def test_a_page_that_began_with_forms_goes_on_with_javascript_on_the_same_cookie(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await page.evaluate(
        """() => { const form = document.getElementById('composer');
                   form.querySelector('[name=text]').value = 'one';
                   const field = document.createElement('input');
                   field.type = 'hidden'; field.name = 'action'; field.value = 'send';
                   form.appendChild(field); HTMLFormElement.prototype.submit.call(form); }"""
    )
    await hear(page, "noted: one")
    await say(page, "two")
    await hear(page, "noted: two")
    assert len(site.only.ids) == 2
    assert await shown(page) == ["one", "Thank you. I noted: one", "two", "Thank you. I noted: two"]
    assert (await stored(page))["tab"] == {}
