"""The page without JavaScript: plain forms, cookies, and nothing before the first message."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from html import unescape

import psycopg
import pytest
from aiohttp import ClientResponse, ClientSession
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web.page import TEMPLATES
from bot.gateway.app import create_app
from bot.gateway.visitor import COOKIE
from bot.settings import Operator, Settings
from tests.fakes import VOICE, FakeRasa, say, spot

pytestmark = pytest.mark.skipif(not TEMPLATES.exists(), reason="the templates are not there")


class Browser:
    """A browser without JavaScript: one page, its forms, its cookies."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page = ""
        self.answer: ClientResponse | None = None

    async def open(self, path: str = "/chat") -> str:
        answer = await self.client.get(path)
        assert answer.status == 200
        self.page = unescape(await answer.text())
        return self.page

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"the page has no field {name}"
        return found[1]

    async def submit(self, **fields: str) -> str:
        """Send a form with the page's hidden fields, and follow to the page."""
        form = {"csrf": self.field("csrf"), "id": self.field("id"), **fields}
        self.answer = await self.client.post("/chat", data=form, allow_redirects=False)
        assert self.answer.status == 303, await self.answer.text()
        return await self.open()

    @property
    def cookie(self) -> str | None:
        jar = self.client.session.cookie_jar.filter_cookies(self.client.make_url("/"))
        return jar[COOKIE].value if COOKIE in jar else None


@pytest.fixture
async def browser(client: TestClient) -> AsyncIterator[Browser]:
    yield Browser(client)


def conversations(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM conversation").fetchone()
    assert row
    return int(row[0])


async def test_looking_makes_no_conversation(browser: Browser, postgres_url: str) -> None:
    before = conversations(postgres_url)
    page = await browser.open()
    assert "A machine answers you here" in page
    assert browser.cookie is None
    assert conversations(postgres_url) == before


async def test_a_person_writes_chooses_and_reads_the_answers(
    browser: Browser, fake_rasa: FakeRasa
) -> None:
    fake_rasa.script["hello"] = {"messages": [say("Which?", "Yes", "No")]}
    await browser.open()
    page = await browser.submit(action="send", text="hello")
    assert "Which?" in page
    choice = re.search(r'name="choice" value="(\d+-2)"', page)
    assert choice
    page = await browser.submit(action="choose", choice=choice[1])
    assert 'echo: /inform{"choice": "No"}' in page
    assert fake_rasa.heard()[0] == "hello"


async def test_the_same_form_sent_twice_counts_once(browser: Browser, fake_rasa: FakeRasa) -> None:
    await browser.open()
    form = {"csrf": browser.field("csrf"), "id": browser.field("id"), "action": "send"}
    for _ in range(2):
        answer = await browser.client.post("/chat", data={**form, "text": "once"})
        assert answer.status == 200
    assert fake_rasa.heard() == ["once"]
    # The same page out of the browser's memory with another text is another message.
    await browser.client.post("/chat", data={**form, "text": "another"})
    assert fake_rasa.heard() == ["once", "another"]


async def test_a_form_from_elsewhere_is_refused(
    browser: Browser, fake_rasa: FakeRasa, postgres_url: str
) -> None:
    await browser.open()
    before = conversations(postgres_url)
    for csrf in ("", "wrong"):
        answer = await browser.client.post(
            "/chat", data={"csrf": csrf, "action": "send", "text": "forged"}
        )
        assert answer.status == 403
        assert "This did not work" in await answer.text()
    assert conversations(postgres_url) == before


async def test_the_cookie_stays_only_if_the_person_wants_that(browser: Browser) -> None:
    await browser.open()
    await browser.submit(action="send", text="hello")
    assert browser.answer
    cookie = browser.answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""
    await browser.submit(action="keep", choice="yes")
    assert int(browser.answer.cookies[COOKIE]["max-age"]) > 0
    await browser.submit(action="keep", choice="no")
    assert browser.answer.cookies[COOKIE]["max-age"] == ""


async def test_the_page_speaks_the_language_that_was_chosen(browser: Browser) -> None:
    await browser.open()
    page = await browser.submit(action="language", choice="en")
    assert '<html lang="en" dir="ltr"' in page
    assert browser.cookie
    await browser.submit(action="language", choice="../etc")


async def test_forgetting_and_leaving_take_the_key_away(
    browser: Browser, settings: Settings, postgres_url: str
) -> None:
    await browser.open()
    await browser.submit(action="send", text="hello")
    before = conversations(postgres_url)
    await browser.submit(action="forget")
    assert browser.cookie is None
    await browser.submit(action="send", text="hello again")
    assert browser.cookie
    answer = await browser.client.post(
        "/chat", data={"action": "exit", "csrf": ""}, allow_redirects=False
    )
    assert (answer.status, answer.headers["Location"]) == (303, settings.exit_url)
    assert answer.cookies[COOKIE].value == ""
    assert conversations(postgres_url) == before + 1


async def test_erasing_by_form_shows_the_receipt_once(browser: Browser, postgres_url: str) -> None:
    await browser.open()
    await browser.submit(action="send", text="erase this by form")
    page = await browser.submit(action="erase")
    assert re.search(r'id="receipt-number">E-[A-Z2-9]{6}<', page)
    assert browser.cookie is None
    assert 'id="receipt-number"><' in await browser.open()
    with psycopg.connect(postgres_url) as connection:
        left = connection.execute("SELECT 1 FROM inbound WHERE text = 'erase this by form'")
        assert left.fetchone() is None


async def test_the_api_takes_the_cookie_from_our_own_pages_only(browser: Browser) -> None:
    await browser.open()
    await browser.submit(action="send", text="hello")
    client, body = browser.client, {"id": "c-1", "text": "by cookie"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await client.post("/chat/messages", json=body, headers=headers)
        assert answer.status == 403
    own = {"Origin": f"http://{client.host}:{client.port}"}
    assert (await client.post("/chat/messages", json=body, headers=own)).status == 202


async def test_what_a_person_wrote_is_shown_as_text_not_as_markup(browser: Browser) -> None:
    await browser.open()
    await browser.submit(action="send", text="<script>alert(1)</script>")
    answer = await browser.client.get("/chat")
    assert "<script>alert(1)" not in await answer.text()
    assert "&lt;script&gt;alert(1)" in await answer.text()


async def test_files_are_named_by_content_cached_and_compressed(browser: Browser) -> None:
    page = await browser.open()
    paths = re.findall(r'"(/static/[0-9a-f]{12}/[a-z.]+)"', page)
    assert len(paths) > 5
    address = browser.client.make_url(paths[0])
    async with ClientSession(auto_decompress=False) as session:
        answer = await session.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        packed = await answer.read()
    plain = await browser.client.get(paths[0], headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed) == await plain.read()
    again = await browser.client.get(paths[0], headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status == 304
    widget = await browser.client.get("/widget.js")
    assert widget.status == 200
    assert "immutable" not in widget.headers["Cache-Control"]
    for path in ("/static/x/../../settings.py", "/static/0/none.js", "/static/0/..%2fpage.py"):
        assert (await browser.client.get(path)).status == 404


async def test_what_the_operator_decided_stands_in_the_notice(
    settings: Settings,
) -> None:
    decided = Settings(
        **{**vars(settings), "operator": Operator(controller="Example <Org>", retention_days=30)}
    )
    async with TestClient(TestServer(create_app(decided, VOICE, spot))) as client:
        page = await Browser(client).open()
    assert "Responsible for your data: Example <Org>." in page
    assert "30" in page


async def test_the_start_leads_to_the_chat(client: TestClient) -> None:
    answer = await client.get("/", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/chat")
