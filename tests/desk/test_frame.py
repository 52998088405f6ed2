"""The frame: language, navigation, refusals as pages, files, and what page builders rely on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk import frame
from bot.desk.app import add_desk, add_routes
from bot.desk.guard import allowed, still_there
from bot.desk.navigation import entries
from bot.desk.passwords import Passwords
from bot.desk.roles import Act, Role, may
from bot.errors import StoreError
from bot.gateway.app import create_app
from bot.i18n import Catalogs, Translator
from bot.i18n.catalogs import DESK_CATALOG
from bot.i18n.checks import check_all
from bot.i18n.sources import Sources, sentences
from bot.settings import Settings
from tests.desk.browser import HTML, Browsers
from tests.desk.conftest import CHEAP
from tests.fakes import VOICE, spot


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ro-RO,ro;q=0.9,en;q=0.5", "ro"),
        ("en-GB", "en"),
        ("ar", "ro"),
        ("", "ro"),
        ("*;q=nonsense,\x7f", "ro"),
        ("x" * 5000, "ro"),
    ],
)
async def test_the_login_speaks_the_browsers_language(
    browsers: Browsers, header: str, language: str
) -> None:
    browser = await browsers.new()
    page = await browser.get("/desk/login", **{"Accept-Language": header.replace("\x7f", "")})
    assert f'<html lang="{language}">' in page


async def test_the_language_can_be_chosen_before_and_after_the_login(browsers: Browsers) -> None:
    browser = await browsers.new()
    assert "Conectare" in await browser.get("/desk/login?language=ro")
    member = await browsers.member("counsellor")
    await member.get("/desk/account")
    await member.submit("/desk/account/language", language="ro", next="/desk/account")
    assert member.location == "/desk/account"
    assert "Contul dumneavoastră" in await member.get("/desk/account?language=en")
    for nonsense in ("ar", "", "../../etc", "xx\x00"):
        await member.get("/desk/account")
        await member.submit("/desk/account/language", language=nonsense)
        assert member.status == 303
    assert "Contul dumneavoastră" in await member.get("/desk/account")


async def test_an_unknown_page_and_an_error_are_pages_for_people_and_json_for_scripts(
    browsers: Browsers,
) -> None:
    browser = await browsers.new()
    await browser.get("/desk/no/such/page")
    assert browser.status == 404
    assert "There is no such page." in browser.text
    answer = await browser.client.get("/desk/nope", headers={"Accept": "application/json"})
    assert (answer.status, (await answer.json())["error"]["code"]) == (404, "not_found")
    answer = await browser.client.get("/nope", headers=HTML)
    assert (await answer.json())["error"]["code"] == "not_found"


@allowed(Act.SEE_CONVERSATIONS)
async def _broken(request: web.Request) -> web.Response:
    raise StoreError("the database did not answer (sentinel)")


@allowed(Act.SEE_CONVERSATIONS, by_itself=True)
async def _stream(request: web.Request) -> web.Response:
    return web.json_response({"there": await still_there(request, Act.SEE_CONVERSATIONS)})


async def test_page_builders_get_errors_as_pages_and_a_check_for_streams(
    desk_settings: Settings, rows: Any
) -> None:
    app = create_app(desk_settings, VOICE, spot)
    add_desk(app, Passwords(CHEAP))
    add_routes(app, [web.get("/desk/broken", _broken), web.get("/desk/stream", _stream)])
    async with TestServer(app) as server:
        browsers = Browsers(server)
        member = await browsers.member("counsellor")
        await member.get("/desk/broken")
        assert member.status == 503
        assert "sentinel" not in member.page
        assert "does not work for now" in member.text
        assert (await (await member.client.get("/desk/stream")).json()) == {"there": True}
        rows("UPDATE staff SET role = 'translator'")
        assert (await member.client.get("/desk/stream")).status == 403
        rows("UPDATE staff SET disabled_at = now()")
        assert (await member.client.get("/desk/stream")).status == 401
        await browsers.close()
    rows("DELETE FROM staff")


async def test_the_start_leads_to_the_first_page_of_the_role(browsers: Browsers) -> None:
    words = Translator(Catalogs(), "en")
    for role in Role:
        member = await browsers.member(role.value)
        await member.get("/desk")
        pages = [entry.path for entry in entries(words) if may(role.value, entry.act)]
        assert member.location == [*pages, "/desk/account"][0]
        await member.get(member.location)
        assert member.status == 200


async def test_files_are_named_by_content_and_kept(browsers: Browsers) -> None:
    browser = await browsers.new()
    page = await browser.get("/desk/login")
    paths = re.findall(r'"(/desk/static/[0-9a-f]{12}/[\w.]+)"', page)
    assert len(paths) >= 2
    for path in paths:
        answer = await browser.client.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        old = re.sub("/[0-9a-f]{12}/", "/000000000000/", path)
        assert (await browser.client.get(old)).status == 404


async def test_pages_are_small(browsers: Browsers) -> None:
    browser = await browsers.new()
    page = await browser.get("/desk/login")
    assert len(page) < 8_000
    ours = [frame.STATIC / name for name in ("desk.css", "desk.svg", "presence.js")]
    assert sum(file.stat().st_size for file in ours) < 30_000


def test_no_template_has_inline_script_or_style() -> None:
    for file in frame.FOLDER.glob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), file.name


def test_every_form_that_is_posted_carries_its_token() -> None:
    found = 0
    for file in frame.FOLDER.glob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', file.read_text(), re.DOTALL):
            found += 1
            assert "fields()" in form, file.name
    assert found >= 10


def test_the_desk_is_wholly_translated() -> None:
    sources = Sources(name=DESK_CATALOG)
    assert "ro" in sources.languages()
    assert check_all(sources) == []
    assert len(sentences(sources)) > 100


def test_the_desks_sentences_are_in_no_other_catalog() -> None:
    english = {each.english for each in sentences(Sources()) if each.context == "desk"}
    assert english == set()


def test_no_sentence_stands_in_a_template_untranslated() -> None:
    for file in sorted(Path(frame.FOLDER).glob("*.html")):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r"\{% block layout %\}[\w ]*\{% endblock %\}", "", text)
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL))
        assert set(words) <= {"mpreun", "DOCTYPE"}, (file.name, words)
