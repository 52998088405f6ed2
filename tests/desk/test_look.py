"""The desk in a real browser: nothing for axe to find, nothing wider than a phone, no strangers."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.async_api import Browser, Page, Route

from bot.desk import frame
from bot.desk.app import add_desk, add_routes
from bot.desk.guard import allowed
from bot.desk.keys import TEMPLATES
from bot.desk.passwords import Passwords
from bot.desk.roles import Act
from bot.gateway.app import create_app
from bot.settings import Secret, Settings
from tests.browser import violations
from tests.desk.browser import PASSWORD, Browsers
from tests.desk.conftest import CHEAP, KEY
from tests.fakes import VOICE, spot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Rows = Callable[..., list[dict[str, Any]]]
SHOTS = os.environ.get("DESK_SCREENSHOTS")
"""A folder to put pictures into, for people to look at."""


class Site:
    """A running desk with an administrator, a counsellor, and a page of every part."""

    def __init__(self, server: TestServer, browsers: Browsers) -> None:
        self.server = server
        self.browsers = browsers
        self.url = str(server.make_url("")).rstrip("/")


@allowed(Act.SEE_CONVERSATIONS)
async def show_parts(request: web.Request) -> web.Response:
    return frame.page(request, "parts.html", {"request_empty": "empty" in request.query})


@pytest_asyncio.fixture(loop_scope="session")
async def site(postgres_url: str) -> AsyncIterator[Site]:
    settings = Settings(database_url=Secret(postgres_url), encryption_key=KEY, worker_concurrency=0)
    app = create_app(settings, VOICE, spot)
    add_desk(app, Passwords(CHEAP))
    add_routes(app, [web.get("/desk/parts", show_parts)])
    environment = app[TEMPLATES]
    environment.loader = ChoiceLoader(
        [frame.make_templates().loader, FileSystemLoader(Path(__file__).parent)]
    )
    async with TestServer(app) as server:
        browsers = Browsers(server)
        yield Site(server, browsers)
        await browsers.close()


class Screen:
    """A page that is looked at: by axe, by its width, and by people if they want pictures."""

    def __init__(self, page: Page, axe: str) -> None:
        self.page = page
        self.axe = axe
        self.strangers: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.strangers.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))

    async def look(self, name: str) -> None:
        await self.page.wait_for_load_state("load")
        # Whatever the policy of the page refuses is complained about on the console.
        assert self.complaints == [], name
        wide = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{name} is {wide} px too wide"
        if SHOTS:
            file = Path(SHOTS) / f"{name}.png"  # noqa: ASYNC240
            await self.page.screenshot(path=file, full_page=True)
        assert await violations(self.page, self.axe) == [], name


async def opened(
    browser: Browser,
    axe: str,
    width: int,
    scheme: str = "light",
    locale: str = "ro",
) -> Screen:
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        locale=locale,
        bypass_csp=False,
    )
    context.set_default_timeout(15_000)
    return Screen(await context.new_page(), axe)


def is_inside(url: str) -> bool:
    return "/invitation/" not in url


async def set_up(screen: Screen, url: str, path: str) -> None:
    page = screen.page
    await page.goto(url + path)
    secret = (await page.inner_text("code.key")).replace(" ", "")
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await page.fill("#code", pyotp.TOTP(secret).at(int(time.time())))
    await page.click("main button.main")


@pytest.mark.parametrize(
    ("width", "scheme", "locale"),
    [(1280, "light", "ro"), (390, "light", "ro"), (390, "dark", "ro"), (1280, "dark", "en")],
)
async def test_every_page_is_fit_for_everybody(
    site: Site,
    browser: Browser,
    axe_source: str,
    width: int,
    scheme: str,
    locale: str,
) -> None:
    name = f"{locale}-{scheme}-{width}"
    _, path = await site.browsers.invite("administrator", name="Maria Ionescu", language=locale)
    other, _ = await site.browsers.invite("counsellor", name="Ștefan-Alexandru Popescu Țepeș")
    screen = await opened(browser, axe_source, width, scheme, locale)
    page = screen.page
    await page.goto(f"{site.url}/desk")
    await screen.look(f"{name}-login")
    await page.goto(site.url + path)
    await screen.look(f"{name}-setup")
    await set_up(screen, site.url, path)
    await page.wait_for_url(is_inside)
    for path, shot in (
        ("/desk/staff", "staff"),
        (f"/desk/staff/{other.id}", "staff-one"),
        ("/desk/account", "account"),
        ("/desk/audit", "audit"),
    ):
        await page.goto(site.url + path)
        await screen.look(f"{name}-{shot}")
    hosts = {url.split("/")[2] for url in screen.strangers if url.startswith("http")}
    assert hosts == {site.url.split("/")[2]}
    await page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (390, "dark")])
async def test_every_part_of_the_look_is_fit_for_everybody(
    site: Site,
    browser: Browser,
    axe_source: str,
    width: int,
    scheme: str,
) -> None:
    _, path = await site.browsers.invite("counsellor", name="Ana Pop", language="ro")
    screen = await opened(browser, axe_source, width, scheme)
    await set_up(screen, site.url, path)
    await screen.page.wait_for_url(is_inside)
    for query in ("", "?empty"):
        await screen.page.goto(f"{site.url}/desk/parts{query}")
        await screen.look(f"ro-{scheme}-{width}-parts{'-empty' if query else ''}")
    await screen.page.context.close()


async def entered(site: Site, browser: Browser, axe: str) -> Screen:
    """Give a screen of a counsellor who is logged in, its clock in our hands."""
    _, path = await site.browsers.invite("counsellor", language="ro")
    screen = await opened(browser, axe, 1280)
    await set_up(screen, site.url, path)
    await screen.page.wait_for_url(is_inside)
    await screen.page.clock.install()
    await screen.page.goto(f"{site.url}/desk/parts")
    return screen


async def test_a_screen_is_cleared_when_the_session_has_ended(
    site: Site,
    browser: Browser,
    axe_source: str,
    rows: Rows,
) -> None:
    screen = await entered(site, browser, axe_source)
    await screen.page.clock.fast_forward("29:00")
    assert "/desk/parts" in screen.page.url
    rows("DELETE FROM staff_session")
    await screen.page.clock.fast_forward("01:30")
    await screen.page.wait_for_url("**/desk/login?ended=1&next=%2Fdesk%2Fparts")
    await screen.page.context.close()


async def test_what_was_typed_outlives_a_session_and_can_be_sent_after_a_new_login(
    site: Site,
    browser: Browser,
    axe_source: str,
    rows: Rows,
) -> None:
    screen = await entered(site, browser, axe_source)
    page = screen.page
    await page.fill("#text", "a long answer")
    before = await page.input_value(".reply input[name=csrf]")
    rows("DELETE FROM staff_session WHERE csrf <> %s", before)
    rows("UPDATE staff_session SET seen_at = now() - interval '31 minutes'")
    await page.clock.fast_forward("31:00")
    await page.locator("#ended").wait_for(state="visible")
    assert await page.input_value("#text") == "a long answer"
    # Logged in again in another page: the session's row stands for it.
    rows("UPDATE staff_session SET seen_at = now(), csrf = 'renewed'")
    await page.evaluate("dispatchEvent(new Event('focus'))")
    await page.locator("#ended").wait_for(state="hidden")
    assert await page.input_value(".reply input[name=csrf]") == "renewed"
    await page.context.close()


async def test_typing_keeps_the_session_alive(
    site: Site,
    browser: Browser,
    axe_source: str,
    rows: Rows,
) -> None:
    screen = await entered(site, browser, axe_source)
    rows("UPDATE staff_session SET seen_at = now() - interval '20 minutes'")
    await screen.page.clock.fast_forward("02:00")
    async with screen.page.expect_response("**/desk/seen") as answer:
        await screen.page.type("#text", "a")
    assert (await answer.value).status == 204
    found = rows("SELECT max(seen_at) > now() - interval '1 minute' AS fresh FROM staff_session")
    assert found == [{"fresh": True}]
    await screen.page.context.close()


async def test_a_link_on_another_site_leads_to_the_page_without_a_new_login(
    site: Site,
    browser: Browser,
    axe_source: str,
) -> None:
    screen = await entered(site, browser, axe_source)
    page = screen.page

    async def show_mail(route: Route) -> None:
        link = f'<a href="{site.url}/desk/parts">mail</a>'
        await route.fulfill(content_type="text/html", body=link)

    await page.route("http://mail.example/**", show_mail)
    await page.goto("http://mail.example/")
    await page.click("a")
    await page.wait_for_selector("h1:has-text('Conversații')")
    assert page.url == f"{site.url}/desk/parts"
    await page.context.close()
