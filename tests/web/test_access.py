"""For everybody: assistive technology, keyboard alone, small screens, both directions."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import violations
from tests.web.acts import bubbles, hear, open_menu, say
from tests.web.conftest import OpenPage
from tests.web.script import GREETING, LANGUAGES
from tests.web.state import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
EVERY_LANGUAGE = pytest.mark.parametrize("language", [item["code"] for item in LANGUAGES])


@EVERY_LANGUAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_state(
    open_page: OpenPage, site: Site, axe_source: str, language: str, scheme: str
) -> None:
    page = await open_page(
        f"/chat?language={language}", color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    states = [await violations(page, axe_source)]
    await page.click("#start button")
    await hear(page, GREETING[language])
    states.append(await violations(page, axe_source))
    await say(page, "phone")
    await hear(page, "CNRR")
    await say(page, "person")
    await expect(bubbles(page, "agent")).to_have_count(1)
    await open_menu(page)
    await page.click("#menu details summary")
    states.append(await violations(page, axe_source))
    await page.click("#languages > summary")
    states.append(await violations(page, axe_source))
    await page.keyboard.press("Escape")
    site.faults.refuse_messages = 1000
    await say(page, "waits")
    await expect(page.locator(".waiting")).to_have_count(1)
    await expect(page.locator("#network")).not_to_be_empty()
    await say(page, " ")
    states.append(await violations(page, axe_source))
    await open_menu(page)
    await page.click("#menu details summary")
    await page.click("button[value=erase]")
    await expect(page.locator("#receipt")).to_be_visible()
    states.append(await violations(page, axe_source))
    assert states == [[]] * 6


@EVERY_LANGUAGE
async def test_axe_finds_nothing_without_javascript(
    open_page: OpenPage, axe_source: str, language: str
) -> None:
    page = await open_page(f"/chat?language={language}", bypass_csp=True)
    await page.evaluate("document.documentElement.className = ''")
    assert await violations(page, axe_source) == []


async def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    """Press a key until the element has the focus; every stop on the way shows where it is."""
    for _ in range(40):
        await page.keyboard.press(key)
        if await page.evaluate("each => document.activeElement.matches(each)", selector):
            return
        width = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", await page.evaluate("document.activeElement.outerHTML")
    raise AssertionError(f"the keyboard does not reach {selector}")


async def test_a_whole_chat_by_keyboard_alone(open_page: OpenPage, site: Site) -> None:
    page = await open_page()
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await hear(page, GREETING["en"])
    await press_until(page, ".choices button", "Shift+Tab")
    await page.keyboard.press("Enter")
    await hear(page, "I noted: Which papers")
    await expect(page.locator(".message.person").last).to_be_focused()
    await press_until(page, "#keep button[value=no]")
    await page.keyboard.press("Space")
    await expect(page.locator("#text")).to_be_focused()
    await press_until(page, "#menu > summary", "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#menu .panel")).to_be_visible()
    await press_until(page, "#menu details summary")
    await page.keyboard.press("Escape")
    await expect(page.locator("#menu .panel")).to_be_hidden()
    await expect(page.locator("#menu > summary")).to_be_focused()
    await press_until(page, "[data-leave] button")
    await page.keyboard.press("Enter")
    await expect(page).to_have_title("Weather")


async def test_a_new_line_is_possible_with_shift_and_enter(open_page: OpenPage) -> None:
    page = await open_page()
    await page.focus("#text")
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(bubbles(page, "person").locator(".text")).to_have_text("one\ntwo")


async def test_about_this_chat_can_be_opened_again_from_the_menu(open_page: OpenPage) -> None:
    page = await open_page()
    await say(page, "apples")
    await hear(page, "apples")
    await expect(page.locator("#about ul")).to_be_hidden()
    await open_menu(page)
    await page.click("[data-open=about]")
    await expect(page.locator("#about ul")).to_be_visible()
    await expect(page.locator("#about > summary")).to_be_focused()


async def test_new_messages_are_announced_and_old_ones_are_not_after_a_reload(
    open_page: OpenPage,
) -> None:
    page = await open_page()
    log = page.get_by_role("log", name="Messages")
    await say(page, "apples")
    await hear(page, "apples")
    await expect(log).to_have_attribute("aria-live", "polite")
    await page.reload()
    await expect(log).to_have_attribute("aria-live", "off")
    await hear(page, "apples")
    await expect(log).to_have_attribute("aria-live", "polite")


@EVERY_LANGUAGE
@pytest.mark.parametrize("size", [(320, 640), (320, 256)], ids=["narrow", "zoomed"])
async def test_nothing_is_cut_off_on_a_small_screen_or_at_400_percent(
    open_page: OpenPage, language: str, size: tuple[int, int]
) -> None:
    page = await open_page(
        f"/chat?language={language}", viewport={"width": size[0], "height": size[1]}
    )
    await page.click("#start button")
    await hear(page, GREETING[language])
    await say(page, "phone")
    await hear(page, "CNRR")
    await say(page, "x" * 200)
    await hear(page, "xxx")
    await page.click("#about > summary")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    outside = await page.evaluate(
        """() => Array.from(document.querySelectorAll('button, a, summary, .text'))
             .filter(each => each.offsetParent && !each.matches('.skip'))
             .map(each => [each.getBoundingClientRect(), each.outerHTML])
             .filter(([box]) => box.left < -1 || box.right > innerWidth + 1)
             .map(([, html]) => html)"""
    )
    assert outside == []
    await expect(page.locator("[data-leave] button")).to_be_in_viewport(ratio=1)


@EVERY_LANGUAGE
async def test_every_target_is_at_least_44_pixels_high(open_page: OpenPage, language: str) -> None:
    page = await open_page(f"/chat?language={language}")
    await page.click("#start button")
    await hear(page, GREETING[language])
    for opened in ["#languages", "#menu"]:
        await page.click(f"{opened} > summary")
        low = await page.evaluate(
            """() => Array.from(document.querySelectorAll('button, summary, .button, textarea'))
                 .filter(each => each.checkVisibility())
                 .filter(each => each.offsetHeight < 44 || each.offsetWidth < 44)
                 .map(each => each.outerHTML)"""
        )
        assert low == []


async def test_own_messages_stand_on_the_other_side_in_both_directions(open_page: OpenPage) -> None:
    for language, sign in [("en", 1), ("ar", -1)]:
        page = await open_page(f"/chat?language={language}")
        await page.click("#start button")
        await hear(page, GREETING[language])
        own = await bubbles(page, "person").first.bounding_box()
        bot = await bubbles(page).first.bounding_box()
        assert own is not None
        assert bot is not None
        middle = [box["x"] + box["width"] / 2 for box in (bot, own)]
        assert (middle[1] - middle[0]) * sign > 0


async def test_nothing_moves_for_those_who_asked_for_less_motion(open_page: OpenPage) -> None:
    moving = []
    for motion in ["no-preference", "reduce"]:
        page = await open_page(reduced_motion=motion)
        await say(page, "apples")
        await hear(page, "apples")
        moving.append(
            await bubbles(page).last.evaluate("each => getComputedStyle(each).animationName")
        )
    assert moving == ["come", "none"]
