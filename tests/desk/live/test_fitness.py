"""Queue and conversation are fit for everybody: nothing for axe to find, nothing too wide.

`DESK_SCREENSHOTS` names a folder to put pictures into, for people to look at.
"""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.desk.cases import CHILD, FATHER, Case, pending
from tests.desk.live.conftest import LINE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "60f85f0f0002870180eb47ba920000000049454e44ae426082"
)


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
