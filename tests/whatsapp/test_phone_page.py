"""The page that shows the phone, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import violations
from tests.web.acts import until_on_page
from tests.whatsapp.phone_line import Line, buttons, connected, row, rows, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESK = {"width": 1200, "height": 900}
ARABIC = "مرحبًا، أريد أن تأتي زوجتي"


@pytest_asyncio.fixture(loop_scope="session")
async def line() -> AsyncIterator[Line]:
    async with connected() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, line: Line) -> AsyncIterator[Page]:
    """The phone on a desk; afterwards nothing was complained about, nobody else was asked."""
    context = await browser.new_context(
        viewport=DESK, bypass_csp=False, reduced_motion="reduce", locale="en"
    )
    context.set_default_timeout(10_000)
    opened = await context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.on("request", lambda request: asked.append(request.url))
    await opened.goto(line.url)
    await expect(opened.locator("#business")).not_to_be_empty()
    yield opened
    await context.close()
    # A refused call is what a test asked for.
    assert [each for each in complaints if "Failed to load resource" not in each] == []
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {
        line.url.split("/")[2]
    }


async def write(page: Page, text: str = "hello") -> None:
    await page.fill("#text", text)
    await page.click("#send")
    await expect(own(page).last).to_contain_text(text)


def own(page: Page) -> Locator:
    return page.locator(".bubble.person")


def theirs(page: Page) -> Locator:
    return page.locator(".bubble.business")


async def test_what_is_written_reaches_the_product_and_its_answer_shows_with_ticks(
    page: Page, line: Line
) -> None:
    await page.fill("#text", "Is *this* right?")
    await page.keyboard.press("Enter")
    await until(line.product.messages)
    [message] = line.product.messages()
    assert message["text"]["body"] == "Is *this* right?"
    await expect(own(page).locator("strong")).to_have_text("this")
    await line.post(
        {"status": "read", "message_id": message["id"], "typing_indicator": {"type": "text"}}
    )
    await expect(page.locator("#state")).to_have_text("typing…")
    await expect(own(page).locator(".ticks")).to_have_class("ticks read")
    await line.send(type="text", text={"body": "See https://example.org/a."})
    await expect(theirs(page).locator("a")).to_have_attribute("href", "https://example.org/a")
    await expect(theirs(page).locator(".ticks")).to_have_class("ticks read")
    await expect(page.locator("#state")).to_be_empty()


async def test_a_button_is_tapped_and_a_row_is_chosen_from_the_sheet(
    page: Page, line: Line
) -> None:
    await write(page)
    await line.send(**buttons("نعم", "لا"))
    await page.click(".action:has-text('لا')")
    await expect(own(page).last).to_contain_text("لا")
    await expect(own(page).last.locator(".quote")).to_have_text("Which?")
    await line.send(**rows(row(1, "One", description="the first"), row(2, "Two")))
    await page.click(".action:has-text('Choose')")
    await expect(page.locator(".row .about")).to_have_text("the first")
    await page.keyboard.press("Escape")
    await expect(page.locator("#sheet")).to_be_hidden()
    await page.click(".action:has-text('Choose')")
    await page.click(".row:has-text('Two')")
    await page.click(".panel .main")
    await until(lambda: len(line.product.messages()) == 3)
    _, button, chosen = line.product.messages()
    assert button["interactive"]["button_reply"]["id"] == "1-2"
    assert chosen["interactive"]["list_reply"]["id"] == "1-2"


async def test_a_template_shows_with_its_button_and_a_link_leads_away(
    page: Page, line: Line
) -> None:
    components: list[dict[str, Any]] = [
        {"type": "BODY", "text": "An answer waits."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Show it"}]},
    ]
    line.network.book.add({"name": "waits", "language": "en", "components": components})
    await line.send(type="template", template={"name": "waits", "language": {"code": "en"}})
    await page.click(".action:has-text('Show it')")
    await until(line.product.messages)
    assert line.product.messages()[0]["button"]["text"] == "Show it"
    action = {
        "name": "cta_url",
        "parameters": {"display_text": "Open", "url": "https://example.org/x"},
    }
    await line.send(
        type="interactive",
        interactive={"type": "cta_url", "body": {"text": "See"}, "action": action},
    )
    opened = page.locator("a.action")
    await expect(opened).to_have_attribute("href", "https://example.org/x")
    await expect(opened).to_have_attribute("rel", "noopener noreferrer")


async def test_arabic_stands_on_the_right(page: Page, line: Line) -> None:
    await write(page, ARABIC)
    text = own(page).locator(".text")
    assert await text.evaluate("each => getComputedStyle(each).direction") == "rtl"
    await line.send(type="text", text={"body": f"{ARABIC}\nhello"})
    last = theirs(page).locator(".text")
    await expect(last).to_contain_text("hello")
    sides = await last.evaluate(
        """each => {
          const range = document.createRange();
          range.selectNodeContents(each);
          return Array.from(range.getClientRects()).filter(box => box.width)
            .map(box => [box.left, box.right]);
        }"""
    )
    right = max(side[1] for side in sides)
    left = min(side[0] for side in sides)
    assert abs(sides[0][1] - right) < 2
    assert abs(sides[-1][0] - left) < 2


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("picture", "img"), ("voice", "audio"), ("paper", "a"), ("location", ".place")],
)
async def test_more_than_text_is_sent_from_the_menu(
    page: Page, line: Line, kind: str, shown: str
) -> None:
    await page.click("#attach")
    await page.click(f"[data-send={kind}]")
    await expect(own(page).locator(shown)).to_be_visible()
    await expect(page.locator("#menu")).to_be_hidden()
    await until(line.product.messages)
    if kind == "picture":
        await expect(own(page).locator("img")).to_have_js_property("naturalWidth", 320)
    if kind == "voice":
        await until_on_page(page, "document.querySelector('audio').duration > 1.9")


async def test_a_reaction_is_given(page: Page, line: Line) -> None:
    await write(page)
    await line.send()
    await theirs(page).hover()
    await page.click(".react")
    await page.click(".emojis button:has-text('🙏')")
    await expect(theirs(page).locator(".reaction")).to_have_text("🙏")
    await until(lambda: len(line.product.messages()) == 2)
    assert line.product.messages()[1]["reaction"]["emoji"] == "🙏"


async def test_everybody_has_a_phone_of_their_own(page: Page, line: Line) -> None:
    await write(page, "first")
    await page.click(".people button:has-text('Amina')")
    await expect(own(page)).to_have_count(0)
    await write(page, "second")
    await until(lambda: len(line.product.messages()) == 2)
    assert "from" not in line.product.messages()[1]
    await page.fill("#new-name", "Dana")
    await page.click("#new-person button")
    await expect(page.locator("[data-person=p4]")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("[data-person=p4] small")).to_contain_text("RO.")
    await page.reload()
    await expect(page.locator("[data-person=p4]")).to_have_attribute("aria-pressed", "true")
    await page.click(".people button:has-text('Samir')")
    await expect(own(page)).to_contain_text("first")


async def test_the_switches_make_things_go_wrong(page: Page, line: Line) -> None:
    await write(page)
    await expect(page.locator("#window")).to_contain_text("freely")
    await page.select_option("#fault", "131056")
    await until(lambda: line.network.faults.refuse)
    assert await line.refused(type="text", text={"body": "a"}) == 131056
    await page.select_option("#fault", "131026")
    await until(lambda: line.network.faults.fail)
    await line.send()
    await expect(theirs(page).locator(".why")).to_contain_text("131026")
    await expect(page.locator("#fault")).to_have_value("")
    await page.check("#off")
    await until(lambda: line.network.people.get("p1").off)
    await line.send()
    await expect(theirs(page).last.locator(".ticks")).to_have_class("ticks sent")
    await page.uncheck("#off")
    await expect(theirs(page).last.locator(".ticks")).to_have_class("ticks read")
    await page.click("#close-window")
    await expect(page.locator("#window")).to_contain_text("template only")
    assert await line.refused(type="text", text={"body": "a"}) == 131047


async def test_what_is_not_possible_is_said(page: Page) -> None:
    await page.fill("#new-name", "Dana")
    await page.fill("#new-phone", "+447700900001")
    await page.click("#new-person button")
    await expect(page.locator("#problem")).to_have_text("Somebody has this number")


async def test_the_phone_is_360_pixels_wide_and_fills_a_small_screen(
    page: Page, line: Line
) -> None:
    assert await page.locator("#chat").evaluate("each => each.offsetWidth") == 360
    await page.set_viewport_size({"width": 360, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await expect(page.locator("#text")).to_be_in_viewport()


async def test_axe_finds_nothing(browser: Browser, line: Line, axe_source: str) -> None:
    context = await browser.new_context(viewport=DESK, bypass_csp=True, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(line.url)
    await write(page, ARABIC)
    await line.send(**rows(row(1, "One", description="the first")))
    await expect(theirs(page).locator(".ticks")).to_have_class("ticks read")
    found = [await violations(page, axe_source)]
    await page.click(".action:has-text('Choose')")
    found.append(await violations(page, axe_source))
    await context.close()
    assert found == [[], []]
