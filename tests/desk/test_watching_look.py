"""Figures, learning and keys in a real browser: nothing for axe to find, nothing too wide."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

from tests.desk.cases import Cases
from tests.desk.test_look import Site, is_inside, opened, set_up, site  # noqa: F401 (fixture)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REASONS = ("asked", "danger", "refusal", "misunderstood", "finding:B16", "voice")
LANGUAGES = ("ar", "ar", "ar", "so", "ti", "en", "ro", "fa-AF")
OPEN_A_TABLE = "document.querySelectorAll('.figure details')[1]?.setAttribute('open', '')"
DOUBTS = {
    "ar": "ابني عمره 0 سنة هل يقدر يجي لعندي أو لازم ننتظر لحد ما يخلص الأوراق؟",
    "en": "i am <name> plz how much month for visa after they say yes, embassy dont answer",
    "so": "xaaskayga iyo carruurtayda ma keeni karaa",
}


async def fill(site: Site, rows: Any) -> None:  # noqa: F811
    cases = Cases.at(site.server)
    for number in range(70):
        priority = "danger" if number % 9 == 0 else "normal"
        await cases.new(
            REASONS[number % 6],
            priority,
            language=LANGUAGES[number % 8],
            minutes=number * 517 + 1500,
            phone=f"40700{number:06}" if number % 3 else None,
        )
    rows(
        "UPDATE handoff SET state = 'closed', closed_at = opened_at + interval '9 hours',"
        " answered_at = opened_at + make_interval(mins => 7 * mod(id, 40)::int)"
        " WHERE mod(id, 3) > 0"
    )
    for tag, text in DOUBTS.items():
        rows(
            "INSERT INTO misunderstanding (conversation_id, language, text, intent, confidence,"
            " at) SELECT id, %s, %s, 'ask_duration', 0.31, now() - interval '3 days'"
            " FROM conversation LIMIT 6",
            tag,
            text,
        )


@pytest.mark.parametrize(
    ("width", "scheme", "locale"),
    [(1280, "light", "ro"), (390, "light", "ro"), (390, "dark", "en"), (1280, "dark", "en")],
)
async def test_the_pages_are_fit_for_everybody(
    site: Site,  # noqa: F811
    browser: Browser,
    axe_source: str,
    rows: Any,
    width: int,
    scheme: str,
    locale: str,
) -> None:
    name = f"{locale}-{scheme}-{width}"
    await fill(site, rows)
    pages = {
        "coordinator": {"figures": "/desk/monitoring?days=90", "learning": "/desk/learning"},
        "administrator": {"keys": "/desk/connections"},
    }
    for role, paths in pages.items():
        _, path = await site.browsers.invite(role, name="Maria Ionescu", language=locale)
        screen = await opened(browser, axe_source, width, scheme, locale)
        page = screen.page
        await set_up(screen, site.url, path)
        await page.wait_for_url(is_inside)
        for shot, path in paths.items():
            await page.goto(site.url + path)
            await page.evaluate(OPEN_A_TABLE)
            await screen.look(f"{name}-{shot}")
        if role == "administrator":
            await page.fill("#name", "Zammad")
            await page.check("input[value=read_resolve]")
            await page.click("main button.main")
            await page.locator("code.key").wait_for()
            await screen.look(f"{name}-key-once")
            await page.goto(f"{site.url}/desk/connections")
            await screen.look(f"{name}-keys-some")
        await page.context.close()
    rows("DELETE FROM conversation")
    rows("DELETE FROM staff")
