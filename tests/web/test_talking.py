"""The page with JavaScript, on a network that works."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.web.acts import bubbles, hear, say, stored, until
from tests.web.conftest import PHONE, OpenPage
from tests.web.script import GREETING, bot
from tests.web.state import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

VOICES = """
window.said = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => [{lang: 'en-US', localService: %s}],
  speak: (speech) => window.said.push(speech.text),
  cancel: () => window.said.push('(silence)'),
  addEventListener: () => null,
}});
"""


async def test_nothing_is_stored_before_the_person_writes(open_page: OpenPage, site: Site) -> None:
    page = await open_page()
    await expect(page.locator("#about")).to_have_attribute("open", "")
    await expect(page.locator("#about")).to_contain_text("A machine answers you here")
    await expect(page.locator("#about")).to_contain_text("not decided yet")
    assert site.conversations == {}
    assert await stored(page) == {"tab": {}, "phone": {}}
    cookies = await page.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["csrf"]


async def test_the_notice_names_the_operators_settings(open_page: OpenPage, site: Site) -> None:
    site.operator = {"controller": "Some Office", "retention_days": 30}
    page = await open_page()
    await expect(page.locator("#about")).to_contain_text("Some Office")
    await expect(page.locator("#about")).to_contain_text("30")
    await expect(page.locator("#about")).not_to_contain_text("not decided")


async def test_a_message_is_answered_and_shown_once(open_page: OpenPage, site: Site) -> None:
    page = await open_page()
    await say(page, "apples")
    await hear(page, "I noted: apples")
    assert await bubbles(page, "person").all_inner_texts() == ["You:\napples"]
    assert await page.locator(".mark").count() == 0
    assert [m["author"] for m in site.only.messages] == ["person", "bot"]
    assert (await stored(page))["tab"]["chat.key"] == site.only.token
    assert "chat" not in [cookie["name"] for cookie in await page.context.cookies()]


async def test_the_start_button_begins_and_choices_are_big_numbered_buttons(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await page.click("#start button")
    await hear(page, GREETING["en"])
    buttons = page.locator(".choices button")
    assert [text.split() for text in await buttons.all_inner_texts()][1] == ["2", "Which", "papers"]
    for number in range(await buttons.count()):
        box = await buttons.nth(number).bounding_box()
        assert box is not None
        assert box["height"] > 43.9
    await buttons.nth(1).click()
    await hear(page, "I noted: Which papers")
    assert [key for key, _ in site.only.ids.values()] == ["Hello", "c2"]
    assert await page.locator(".choices").count() == 0
    assert await page.locator(".passed li").all_inner_texts() == ["Who can come", "Which papers"]
    await expect(page.locator("#start")).to_be_hidden()


async def test_choices_that_were_passed_by_writing_are_plain_text(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "hello")
    await expect(page.locator(".choices button")).to_have_count(2)
    await say(page, "something else")
    await hear(page, "something else")
    assert await page.locator(".choices").count() == 0


async def test_numbers_and_addresses_are_links_and_nothing_else_is(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "phone")
    await hear(page, "Call CNRR")
    found = await page.locator(".message.bot a").evaluate_all(
        "all => all.map(each => each.getAttribute('href'))"
    )
    assert found == [
        "tel:+40213126210",
        "tel:0212017873",
        "mailto:office@cnrr.ro",
        "tel:112",
        "https://help.unhcr.org/romania/",
        "https://help.unhcr.org/romania/",
    ]


async def test_markup_in_a_message_is_only_text(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "<img src=x onerror=alert(1)><b>bold</b>")
    await hear(page, "<b>bold</b>")
    assert await page.locator(".message img, .message b").count() == 0


async def test_a_counsellor_is_named(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "person")
    await expect(bubbles(page, "agent").locator(".who")).to_have_text("Ana, counsellor")


async def test_the_conversation_comes_back_after_a_reload(open_page: OpenPage, site: Site) -> None:
    page = await open_page()
    await say(page, "apples")
    await hear(page, "apples")
    await page.reload()
    await hear(page, "apples")
    await expect(page.locator(".message")).to_have_count(2)
    assert len(site.conversations) == 1


async def test_the_bots_change_of_language_changes_the_page_and_keeps_the_draft(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "العربية")
    await page.fill("#text", "a draft")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.locator("#composer .main")).to_have_text("أرسل")
    assert await page.input_value("#text") == "a draft"
    await hear(page, GREETING["ar"])
    assert page.url.endswith("language=ar")
    await say(page, "تفاح")
    await hear(page, "كتبتُ: تفاح")
    assert len(site.conversations) == 1


async def test_a_language_can_be_chosen_before_and_during_the_chat(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await page.click("#about button[lang=ro]")
    await expect(page.locator("html")).to_have_attribute("lang", "ro")
    assert site.conversations == {}
    await page.click("#start button")
    await hear(page, GREETING["ro"])
    assert site.only.messages[0]["language"] == "ro"
    await page.click("#languages > summary")
    await page.click("#languages button[lang=ar]")
    await hear(page, GREETING["ar"])
    await expect(page.locator("html")).to_have_attribute("lang", "ar")


async def test_an_old_and_a_new_message_keep_their_own_direction(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "apples")
    await hear(page, "apples")
    await say(page, "العربية")
    await hear(page, GREETING["ar"])
    sides = await page.locator(".message.bot .body").evaluate_all(
        "all => all.map(each => each.dir + ' ' + each.lang)"
    )
    assert sides == ["ltr en", "rtl ar"]


async def test_numbers_stand_left_to_right_in_arabic(open_page: OpenPage) -> None:
    page = await open_page("/chat?language=ar")
    await say(page, "phone")
    await hear(page, "اتصل")
    # In one line of text, the first figure must stand left of the last one.
    order = await page.locator(".message.bot .text").evaluate(
        """text => ['+40 21 312 62 10', '122/2006', '3-5', 'CNRR'].map(words => {
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.data.indexOf(words);
            if (at < 0) continue;
            const x = index => {
              const range = document.createRange();
              range.setStart(walker.currentNode, at + index);
              range.setEnd(walker.currentNode, at + index + 1);
              return range.getBoundingClientRect().left;
            };
            return x(0) < x(words.length - 1);
          }
          return null;
        })"""
    )
    assert order == [True, True, True, True]


async def test_listen_reads_a_message_with_a_voice_of_this_device(open_page: OpenPage) -> None:
    page = await open_page(script=VOICES % "true")
    await say(page, "apples")
    await page.click(".message.bot .listen")
    await expect(page.locator(".listen")).to_have_text("Stop")
    await page.click(".listen")
    assert await page.evaluate("window.said") == ["Thank you. I noted: apples", "(silence)"]
    assert await bubbles(page, "person").locator(".listen").count() == 0


async def test_listen_is_not_offered_where_the_voice_is_someone_elses_server(
    open_page: OpenPage,
) -> None:
    page = await open_page(script=VOICES % "false")
    await say(page, "apples")
    await hear(page, "apples")
    assert await page.locator(".listen").count() == 0


async def test_an_empty_message_is_not_sent_and_the_reason_is_announced(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "   ")
    await expect(page.get_by_role("alert")).to_have_text("Write something first.")
    await until(lambda: site.conversations == {})


async def top_of_newest(page: Page) -> float:
    box = await page.locator(".message").last.bounding_box()
    assert box is not None
    return box["y"]


async def test_a_message_below_what_is_read_has_a_button_that_leads_to_it(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "apples")
    await hear(page, "I noted: apples")
    await site.only.add(bot("en", "Long. " * 300))
    await hear(page, "Long.")
    way = page.locator("#unread")
    await expect(way).to_be_hidden()
    await page.evaluate("scrollTo(0, 0)")
    await site.only.add(bot("en", "The newest"))
    await hear(page, "The newest")
    await expect(way).to_be_visible()
    assert await page.evaluate("pageYOffset") == 0
    assert await top_of_newest(page) > PHONE["height"]
    await way.click()
    await expect(way).to_be_hidden()
    assert 0 < await top_of_newest(page) < PHONE["height"]
    assert await page.evaluate("document.activeElement.textContent") == "Machine:The newest"


async def test_the_way_down_goes_when_the_person_scrolls_there_and_speaks_the_language(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "apples " * 200)
    await hear(page, "I noted")
    await page.evaluate("scrollTo(0, 0)")
    await site.only.add(bot("ro", "Cel mai nou"))
    await expect(page.locator("#unread")).to_have_text("Mesaj nou")
    await expect(page.locator("#unread")).to_be_visible()
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    await expect(page.locator("#unread")).to_be_hidden()


async def test_a_chat_that_is_opened_again_stands_at_its_newest_message(
    open_page: OpenPage, site: Site
) -> None:
    page = await open_page()
    await say(page, "apples " * 200)
    await hear(page, "I noted")
    for number in range(5):
        await site.only.add(bot("en", f"Answer {number}. " + "Many words. " * 60))
    await hear(page, "Answer 4")
    await page.reload()
    await hear(page, "Answer 4")
    await expect(page.locator("#unread")).to_be_hidden()
    assert 0 < await top_of_newest(page) < PHONE["height"] / 2
