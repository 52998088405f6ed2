"""The translators' pages: whole in a folder, escaped, fit for everybody."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from bot.i18n.preview.channels import Measured
from bot.i18n.sources import Sources
from tests.browser import violations
from tests.i18n.preview.conftest import complete, run


class Tags(HTMLParser):
    """Reads a page strictly: every tag closed in order, every id once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names |= {tag, *given}
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag not in ("meta", "link", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def spoilt(sources: Sources) -> None:
    """A catalog in which everything is to be seen that can be wrong."""
    file = complete(sources, "ar")
    text = file.read_text(encoding="utf-8")
    text = text.replace("My family ~", "عائلتي العزيزة جدًا التي بقيت بعيدة")
    text = text.replace("the someone ~", "<script>alert(1)</script> & {bad}")
    text = text.replace('msgstr "A person ~"', 'msgstr ""')
    text = text.replace("#: domain.yml\n", "# ask Maria\n# unreviewed: machine\n#: domain.yml\n", 1)
    file.write_text(text, encoding="utf-8")
    domain = sources.domain.read_text().replace("Which one?", "Which one is it?")
    sources.domain.write_text(domain)
    run(sources, "update")


def written(sources: Sources, folder: Path, *arguments: str) -> dict[str, str]:
    assert run(sources, "preview", "--out", str(folder), *arguments) == 0
    return {file.stem: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_the_pages_open_from_a_folder_and_need_nothing_else(
    project: Sources, tmp_path: Path
) -> None:
    spoilt(project)
    pages = written(project, tmp_path / "out")
    assert set(pages) == {"index", "ar", "en"}
    targets = {f"{name}.html#{i}" for name, text in pages.items() for i in Tags(text).ids}
    for text in pages.values():
        tags = Tags(text)
        assert not tags.names & {"script", "img", "link", "iframe", "form", "onclick"}
        assert len(tags.ids) == len(set(tags.ids))
        assert "url(" not in text and "@import" not in text
        for link in tags.links:
            assert link in targets or link in {f"{name}.html" for name in pages}, link


def test_a_page_tells_what_is_wrong_and_escapes_what_it_shows(
    project: Sources, tmp_path: Path
) -> None:
    spoilt(project)
    page = written(project, tmp_path / "out")["ar"]
    assert '<div class="screen" lang="ar" dir="rtl">' in page
    assert "<ins>" in page and "<del>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "the placeholder {bad} is not in the English sentence" in page
    assert "it cannot be said: bad" in page
    assert "not translated: readers see English" in page
    assert "unreviewed: machine" in page and "ask Maria" in page
    assert "WhatsApp: the choice “عائلتي" in page


def test_a_length_over_its_limit_is_known() -> None:
    assert Measured("x" * 21, 21, 20).over
    assert not Measured("x" * 20, 20, 20).over
    assert not Measured("x" * 20).over


def test_only_the_languages_named_are_written(project: Sources, tmp_path: Path) -> None:
    complete(project)
    assert set(written(project, tmp_path / "out", "ro")) == {"index", "ro"}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
async def test_the_pages_are_fit_for_everybody(
    project: Sources,
    tmp_path: Path,
    browser: Browser,
    axe_source: str,
    width: int,
    scheme: Any,
) -> None:
    spoilt(project)
    written(project, tmp_path / "out")
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
    )
    page = await context.new_page()
    for name in ("index", "ar"):
        await page.goto((tmp_path / "out" / f"{name}.html").as_uri())
        root = "document.documentElement"
        assert await page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
        assert await violations(page, axe_source) == []
    await context.close()
