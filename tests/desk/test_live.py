"""The desk in real browsers: it is live, colleagues see each other, keys work, axe finds nothing.

`DESK_SCREENSHOTS` names a folder to put pictures into, for people to look at.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from bot.desk.app import add_desk
from bot.desk.passwords import Passwords
from bot.gateway.app import create_app
from bot.gateway.server import make_voice
from bot.settings import Secret, Settings
from tests.desk.browser import Browsers
from tests.desk.cases import CHILD, FATHER, Case, Cases, pending
from tests.desk.conftest import CHEAP, KEY, _forget_all
from tests.desk.test_look import Screen, opened, set_up
from tests.fakes import spot
from tests.web.acts import until_on_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUEUE = "/desk/cases"
LINE = ".line .open"


class Desk:
    """A running desk with the product's own sentences."""

    def __init__(self, server: TestServer) -> None:
        self.browsers = Browsers(server)
        self.cases = Cases.at(server)
        self.url = str(server.make_url("")).rstrip("/")

    async def sit(self, browser: Browser, axe: str, role: str, name: str, **look: Any) -> Screen:
        """Let somebody set an account up in a browser of their own."""
        language = look.get("locale", "en")
        _, path = await self.browsers.invite(role, name=name, language=language)
        screen = await opened(
            browser, axe, look.get("width", 1280), look.get("scheme", "light"), language
        )
        await set_up(screen, self.url, path)
        await screen.page.wait_for_url(f"**{QUEUE}")
        return screen


@pytest_asyncio.fixture(loop_scope="session")
async def desk(postgres_url: str) -> AsyncIterator[Desk]:
    settings = Settings(database_url=Secret(postgres_url), encryption_key=KEY, worker_concurrency=0)
    app = create_app(settings, make_voice(), spot)
    add_desk(app, Passwords(CHEAP))
    async with TestServer(app) as server:
        made = Desk(server)
        yield made
        await made.browsers.close()
    _forget_all(postgres_url)


async def fill(desk: Desk) -> Case:
    """A morning's queue; gives the case that is looked at."""
    cases = desk.cases
    await cases.new("danger", "danger", language="fa", minutes=4)
    await cases.new("refusal", "deadline", language="so", minutes=95, facts=CHILD)
    await cases.new("finding:C7", "child", language="ti", minutes=40, facts=CHILD)
    await cases.new("voice", "normal", language="uk", minutes=3000, phone="40700000003")
    await cases.new("misunderstood", "normal", language="en", minutes=700)
    await cases.new("finding:A4", "normal", language="ru", minutes=200, facts=pending(8))
    case = await cases.new(
        "finding:B16", "deadline", language="ar", minutes=64, facts=FATHER, phone="40712345678"
    )
    await case.asks_again("asked", "normal")
    await case.writes("أنا لاجئ في رومانيا. زوجتي وابني، ١٧ سنة، وأخي في تركيا.")
    asked = "هل قدمت عائلتك طلبا؟"
    seq = await case.hears(
        asked, "نعم", "لا، ليس بعد", names=("utter_ask_application",), language="ar"
    )
    await cases.tick(case, seq, "read")
    await case.writes("لا، ليس بعد")
    seq = await case.hears(
        "سجلت طلبك. الرقم: " + case.reference, names=("utter_handoff_opened",), language="ar"
    )
    await cases.tick(case, seq, "delivered")
    await case.sends("image", "image/png", PIXEL)
    await case.sends("voice", "audio/ogg; codecs=opus", b"OggS")
    await case.sends("document", "application/pdf", b"%PDF-1.4", "decizie.pdf")
    return case


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "60f85f0f0002870180eb47ba920000000049454e44ae426082"
)


@pytest.mark.parametrize(
    ("width", "scheme", "locale"),
    [(1280, "light", "ro"), (390, "light", "ro"), (1280, "dark", "en")],
)
async def test_queue_and_conversation_are_fit_for_everybody(
    desk: Desk,
    browser: Browser,
    axe_source: str,
    width: int,
    scheme: str,
    locale: str,
) -> None:
    name = f"{locale}-{scheme}-{width}"
    case = await fill(desk)
    look = {"width": width, "scheme": scheme, "locale": locale}
    ana = await desk.sit(browser, axe_source, "coordinator", "Ana Popescu", **look)
    page = ana.page
    await expect(page.locator(LINE)).to_have_count(7)
    await ana.look(f"{name}-queue")
    await page.goto(desk.url + case.path)
    await ana.look(f"{name}-case-waiting")
    await page.click("#state .claim")
    await expect(page.locator("#text")).to_be_visible()
    await page.fill("#text", "Bună ziua. Am citit mesajele.")
    await page.click("#typed button")
    await expect(page.locator(".talk .agent")).to_have_count(1)
    await page.locator(".add > summary").click()
    await page.fill("#note", "Soția are actele la Ankara. De sunat mâine la ambasadă.")
    await page.locator("form[action$=note] button").click()
    await page.locator(".add > summary").click()
    await page.fill("#label", "ambasada Ankara")
    await page.locator("form[action$='/label'] button").click()
    await ana.look(f"{name}-case-mine")
    await page.locator(".canned > summary").click()
    await page.locator(".family details > summary").first.click()
    await page.locator(".medium > summary").click()
    await ana.look(f"{name}-case-open")
    await page.locator(".drop > summary").last.click()
    await ana.look(f"{name}-case-close")
    await page.context.close()


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


COUNT_TONES = """() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    window.tones += 1;
    return start.apply(this, at);
  };
}"""


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
