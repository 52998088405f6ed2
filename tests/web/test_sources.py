"""The files as they are shipped: weight, words, and what old browsers can read."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess

import aiohttp
import pytest
from babel.messages.extract import extract_from_dir

from tests.web.script import LANGUAGES
from tests.web.standin import WEB
from tests.web.state import Site
from tests.web.translations import TEXTS

BUDGET = 30 * 1024
SCRIPTS = sorted((WEB / "static").glob("*.js"))
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
FORBIDDEN = re.compile(
    r"\b(safe\w*|unsafe|secure\w*|encrypt\w*|confidential\w*|anonym\w*|sigur\w*|cript\w*"
    r"|confiden\w*|آمن\w*|سري\w*|مشفر\w*)\b",
    re.IGNORECASE,
)


def texts() -> list[str]:
    """Every text for people in the templates, as the translators' extractor finds them."""
    found = extract_from_dir(
        WEB, [("**/templates/**.html", "jinja2")], keywords={"pgettext": ((1, "c"), 2)}
    )
    contexts, said = zip(*((each[4], each[2]) for each in found), strict=True)
    assert set(contexts) == {"page"}
    return [str(text) for text in said]


@pytest.mark.parametrize("language", [item["code"] for item in LANGUAGES])
@pytest.mark.asyncio(loop_scope="session")
async def test_the_first_view_weighs_at_most_30_kilobytes(site: Site, language: str) -> None:
    async with aiohttp.ClientSession() as session:

        async def weigh(path: str) -> tuple[int, str]:
            async with session.get(site.url + path) as resp:
                assert resp.status == 200
                body = await resp.read()
                return len(gzip.compress(body)), body.decode()

        total, html = await weigh(f"/chat?language={language}")
        parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
        assert len(parts) > 5
        for part in parts:
            total += (await weigh(part))[0]
    assert total <= BUDGET


def test_no_text_promises_what_is_not_proven() -> None:
    found = texts()
    assert len(found) > 40
    for language in TEXTS.values():
        found += language.values()
    assert FORBIDDEN.search("this is safe") is not None
    assert [text for text in found if FORBIDDEN.search(text)] == []


def test_the_pages_words_are_short() -> None:
    long = [text for text in texts() for part in re.split(r"[.:?]", text) if len(part.split()) > 16]
    assert long == []


def test_the_test_translations_are_those_of_the_page() -> None:
    for language, known in TEXTS.items():
        if language != "en":
            assert set(known) == set(texts()), language


def test_no_text_for_people_stands_outside_the_translator() -> None:
    for template in TEMPLATES:
        source = re.sub(
            r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text("utf-8"), flags=re.DOTALL
        )
        bare = re.sub(r"<[^>]*>", "", source)
        assert not re.search(r"[A-Za-z]{2}", bare), template.name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_of_the_language_that_old_browsers_know(script: object) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    parse = (
        "require('internal/deps/acorn/acorn/dist/acorn')"
        f".parse(require('fs').readFileSync({str(script)!r}, 'utf8'), {{ecmaVersion: 5}})"
    )
    subprocess.run(["node", "--expose-internals", "-e", parse], check=True, capture_output=True)


def test_scripts_build_no_markup_and_run_no_text() -> None:
    bad = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    )
    for script in SCRIPTS:
        assert not bad.search(script.read_text("utf-8")), script.name


def test_no_file_names_another_server() -> None:
    for path in [*SCRIPTS, *TEMPLATES, WEB / "static" / "chat.css"]:
        named = set(re.findall(r"https?://([\w.-]+)", path.read_text("utf-8")))
        assert named <= {"www.wikipedia.org"}, path.name
