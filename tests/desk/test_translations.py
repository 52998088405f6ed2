"""The translators' view at the desk: who sees it, and that it shows the files as they stand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.desk import translations
from bot.desk.app import add_desk
from bot.desk.passwords import Passwords
from bot.gateway.app import create_app
from bot.i18n import Translator
from bot.i18n.catalogs import DESK_CATALOG, Catalogs
from bot.i18n.preview import Book, Pages
from bot.i18n.sources import Sources
from bot.settings import Settings
from tests.desk.browser import Browsers
from tests.desk.conftest import CHEAP
from tests.fakes import VOICE, spot

PAGE = "/desk/translations"
DOMAIN = """version: "3.1"
responses:
  utter_menu:
  - text: "What do you need?"
    buttons:
    - title: "My family"
      payload: /check
  utter_thank:
  - text: "You are welcome."
  utter_choose:
  - text: "Choose"
"""
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def project(tmp_path: Path) -> Sources:
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (tmp_path / "bot").mkdir()
    sources = Sources(tmp_path)
    translate(sources, "ar", "What do you need?", "ماذا تحتاج؟")
    return sources


@pytest.fixture
async def staff(desk_settings: Settings, project: Sources, rows: Any) -> AsyncIterator[Browsers]:
    """Browsers at a desk that shows the catalogs of a small project."""
    app = create_app(desk_settings, VOICE, spot)
    add_desk(app, Passwords(CHEAP))
    translations.add_book(app, Book(project))
    async with TestServer(app) as server:
        made = Browsers(server)
        yield made
        await made.close()
    rows("DELETE FROM staff")


def translate(sources: Sources, tag: str, english: str, text: str, flag: str = "") -> None:
    """Write a catalog of one sentence of the menu."""
    file = sources.catalog(tag)
    file.parent.mkdir(parents=True, exist_ok=True)
    entry = f'{flag}msgctxt "utter_menu"\nmsgid "{english}"\nmsgstr "{text}"\n'
    file.write_text(HEADER + entry, encoding="utf-8")


@pytest.mark.parametrize(
    ("role", "status"),
    [("translator", 200), ("coordinator", 200), ("administrator", 200), ("counsellor", 403)],
)
async def test_those_who_care_for_the_words_may_see_them(
    staff: Browsers, role: str, status: int
) -> None:
    member = await staff.member(role)
    for path in (PAGE, f"{PAGE}/ar"):
        await member.get(path)
        assert member.status == status, path
    assert (f'href="{PAGE}"' in await member.get("/desk/account")) == (status == 200)


async def test_nobody_sees_them_without_a_login(staff: Browsers) -> None:
    browser = await staff.new()
    await browser.get(f"{PAGE}/ar")
    assert browser.status == 303
    assert browser.location.startswith("/desk/login")


async def test_the_first_page_tells_how_far_each_language_is_and_leads_to_it(
    staff: Browsers,
) -> None:
    member = await staff.member("translator")
    page = await member.get(PAGE)
    assert "safety: 1 missing" in member.text
    assert "1 read by a person, 0 by a machine only" in member.text
    links = set(re.findall(rf'href="({PAGE}/[^"#]+)[#"]', page))
    assert f"{PAGE}/ar?group=safety" in links
    for link in links:
        await member.get(link)
        assert member.status == 200, link


async def test_an_edited_file_shows_at_once(staff: Browsers, project: Sources) -> None:
    member = await staff.member("translator")
    await member.get(f"{PAGE}/ar")
    assert "ماذا تحتاج؟" in member.text
    translate(project, "ar", "What do you need?", "بماذا أساعدك؟")
    await member.get(f"{PAGE}/ar")
    assert "بماذا أساعدك؟" in member.text
    assert "ماذا تحتاج؟" not in member.text


async def test_a_new_language_shows_without_a_new_start(staff: Browsers, project: Sources) -> None:
    member = await staff.member("translator")
    await member.get(f"{PAGE}/so")
    assert member.status == 404
    translate(project, "so", "What do you need?", "Maxaad u baahan tahay?")
    await member.get(f"{PAGE}/so")
    assert "Maxaad u baahan tahay?" in member.text
    await member.get(PAGE)
    assert "Soomaali" in member.text


async def test_what_a_reader_sees_in_english_is_called_so_with_what_changed(
    staff: Browsers, project: Sources
) -> None:
    translate(
        project, "ar", "What do you need?", "ماذا؟", '#, fuzzy\n#| msgid "What do you want?"\n'
    )
    member = await staff.member("translator")
    page = await member.get(f"{PAGE}/ar?group=safety")
    assert "the English changed: readers see English" in member.text
    assert "<del>want?</del><ins>need?</ins>" in page


async def test_a_group_has_a_page_of_its_own(staff: Browsers) -> None:
    member = await staff.member("translator")
    page = await member.get(f"{PAGE}/ar")
    assert 'id="utter_menu"' in page
    assert 'id="utter_thank"' not in page
    page = await member.get(f"{PAGE}/ar?group=other")
    assert 'id="utter_thank"' in page
    assert 'id="utter_menu"' not in page


@pytest.mark.parametrize(
    "path", [f"{PAGE}/xx", f"{PAGE}/..%2Far", f"{PAGE}/ar?group=nope", f"{PAGE}/static/0/x.css"]
)
async def test_what_is_not_there_is_not_found(staff: Browsers, path: str) -> None:
    member = await staff.member("translator")
    await member.get(path)
    assert member.status == 404


async def test_the_parts_are_those_of_the_preview_from_a_folder(
    staff: Browsers, project: Sources
) -> None:
    member = await staff.member("translator")
    page = await member.get(f"{PAGE}/ar?group=safety")
    words = Translator(Catalogs(name=DESK_CATALOG), "en")
    pages = Pages(words, translations.address)
    part = pages.language(Book(project).language("ar"), ["safety"])
    assert len(part) > 1000
    assert str(part).strip() in page


async def test_the_page_speaks_the_readers_language(staff: Browsers) -> None:
    member = await staff.member("translator", language="ro")
    await member.get(f"{PAGE}/ar")
    assert "Ce este de făcut mai întâi" in member.text
    assert "What to do first" not in member.text


async def test_the_desks_policy_holds(staff: Browsers) -> None:
    member = await staff.member("translator")
    page = await member.get(f"{PAGE}/ar")
    assert member.answer is not None
    assert "style-src 'self'" in member.answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    styles = re.findall(rf'href="({PAGE}/static/[0-9a-f]{{12}}/preview.css)"', page)
    assert len(styles) == 1
    await member.get(styles[0])
    assert member.status == 200
    assert member.answer.content_type == "text/css"
    assert "immutable" in member.answer.headers["Cache-Control"]


async def test_the_products_own_catalogs_are_shown(browsers: Browsers) -> None:
    member = await browsers.member("administrator", language="ro")
    page = await member.get(f"{PAGE}/ro?group=safety")
    assert member.status == 200
    assert page.count('class="panel message-view"') > 20
    assert 'id="utter_safety"' in page
