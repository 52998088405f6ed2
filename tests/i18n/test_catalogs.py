"""Catalogs serve what is finished, at once, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from bot.i18n import Catalogs, languages, translator
from tests.i18n.conftest import entry, write_catalog

ARABIC_PLURAL = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 :"
    " n%100>=11 && n%100<=99 ? 4 : 5);"
)


def test_the_languages_are_the_folders_with_a_catalog(tmp_path: Path) -> None:
    write_catalog(tmp_path, "ro", "")
    write_catalog(tmp_path, "en", "")
    (tmp_path / "xx").mkdir()
    assert languages(tmp_path) == ["en", "ro"]
    assert languages(tmp_path / "missing") == []


def test_fuzzy_and_empty_translations_are_not_served(tmp_path: Path) -> None:
    content = entry("a", "One", "Unu") + entry("b", "Two", "Doi", "fuzzy") + entry("c", "Three", "")
    write_catalog(tmp_path, "ro", content)
    said = translator("ro", tmp_path)
    found = [said.pgettext("a", "One"), said.pgettext("b", "Two"), said.pgettext("c", "Three")]
    assert found == ["Unu", "Two", "Three"]


def test_the_context_decides(tmp_path: Path) -> None:
    write_catalog(tmp_path, "ro", entry("a", "Open", "Deschis") + entry("b", "Open", "Deschide"))
    said = translator("ro", tmp_path)
    assert (said.pgettext("a", "Open"), said.pgettext("b", "Open")) == ("Deschis", "Deschide")
    assert said.pgettext("c", "Open") == "Open"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = write_catalog(tmp_path, "ro", entry("a", "One", "Unu"))
    catalogs = Catalogs(tmp_path)
    assert catalogs.find("ro", "a", "One") == "Unu"
    write_catalog(tmp_path, "ro", entry("a", "One", "Una"))
    os.utime(file, ns=(1, 1))
    assert catalogs.find("ro", "a", "One") == "Una"
    file.unlink()
    assert catalogs.find("ro", "a", "One") is None


def test_plural_forms_follow_the_file_s_own_rule(tmp_path: Path) -> None:
    forms = "".join(f'msgstr[{i}] "form {i}"\n' for i in range(6))
    content = f'msgctxt "m"\nmsgid "one month"\nmsgid_plural "months"\n{forms}'
    write_catalog(tmp_path, "ar", content, ARABIC_PLURAL)
    said = translator("ar", tmp_path)
    heard = [said.npgettext("m", "one month", "months", n) for n in (0, 1, 2, 5, 11, 100)]
    assert heard == [f"form {i}" for i in range(6)]


def test_a_plural_with_a_missing_form_is_not_served(tmp_path: Path) -> None:
    content = 'msgctxt "m"\nmsgid "one"\nmsgid_plural "more"\nmsgstr[0] "x"\nmsgstr[1] ""\n'
    write_catalog(tmp_path, "ro", content, "nplurals=2; plural=(n != 1);")
    said = translator("ro", tmp_path)
    assert said.npgettext("m", "one", "more", 1) == "one"
    assert said.npgettext("m", "one", "more", 3) == "more"


def test_a_tag_with_a_region_is_served_by_its_language(tmp_path: Path) -> None:
    write_catalog(tmp_path, "ar", "")
    catalogs = Catalogs(tmp_path)
    assert catalogs.resolve("ar-EG") == "ar"
    assert [catalogs.resolve(tag) for tag in (None, "xx", "../ar", "")] == ["en"] * 4
