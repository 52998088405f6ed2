"""Each check finds its fault, says it in plain words, and leaves good translations alone."""

from __future__ import annotations

import pytest

from bot.i18n.checks import check_all
from bot.i18n.checks.entry import Check, Entry
from bot.i18n.checks.shape import BalancedMarks, FittingLength, SamePlaceholders, measured
from bot.i18n.checks.wording import Finished, NoPromise, RightScript, SameNumbers
from bot.i18n.cli import main
from bot.i18n.language import Language
from bot.i18n.sources import Sentence, Sources
from tests.i18n.conftest import entry, write_catalog


def made(
    english: str,
    *forms: str,
    language: str = "ro",
    kind: str = "text",
    fuzzy: bool = False,
    siblings: int = 3,
    listed: bool = False,
    other: str | None = None,
) -> Entry:
    counter = "n" if other else None
    sentence = Sentence("utter_x", english, kind, "domain.yml", 3, other=other, counter=counter)
    file = "domain.yml" if language == "en" else "x.po"
    return Entry(sentence, Language(language), forms, fuzzy, file, 9, siblings, listed)


FAULTS: list[tuple[Check, Entry, str]] = [
    (Finished(), made("Yes", ""), "not translated"),
    (Finished(), made("Yes", "Da", fuzzy=True), "fuzzy"),
    (SamePlaceholders(), made("Until {day}", "Până"), "{day} is missing"),
    (SamePlaceholders(), made("Until {day}", "Până {zi}"), "{zi} is not in"),
    (SamePlaceholders(), made("Until {day}", "Până {day} {}"), "a brace"),
    (
        SamePlaceholders(),
        made("{n} month", "o lună", "luni", "luni", other="{n} months"),
        "{n} is missing",
    ),
    (SameNumbers(), made("3 months", "6 luni"), "3, 6"),
    (SameNumbers(), made("Call +40 21 313 5555", "Sună +4021 313 5555"), "phone number"),
    (SameNumbers(), made("See www.igi.ro.", "Vezi www.igi.com."), "address www.igi.ro is"),
    (RightScript(), made("What is it?", "Что это?"), "cyrillic"),
    (RightScript(), made("What is your name?", "What is it?", language="ar"), "mostly Latin"),
    (FittingLength(), made("Yes", "x" * 21, kind="title"), "room for 20"),
    (FittingLength(), made("Yes", "x" * 25, kind="title", siblings=4), "room for 24"),
    (FittingLength(), made("Yes", "x" * 25, kind="title", listed=True), "room for 24"),
    (FittingLength(), made("Yes", "x" * 73, kind="description"), "room for 72"),
    (FittingLength(), made("Yes", "x" * 1025), "room for 1024"),
    (FittingLength(), made("Yes", "\U0001f600" * 11, kind="title"), "22 characters"),
    (BalancedMarks(), made("Yes", "\u2068Da"), "not paired"),
    (BalancedMarks(), made("Yes", "Da\u2069"), "not paired"),
    (BalancedMarks(), made("Yes", "\u2068\u202bDa\u2069\u202c"), "not paired"),
    (NoPromise(), made("You will get it.", "You will get it.", language="en"), "never promise"),
    (NoPromise(), made("x", "Da, o veți primi."), "never promise"),
    (NoPromise(), made("x", "لا يُمكنك إحضار زوجتك", language="ar"), "never promise"),
]

GOOD: list[tuple[Check, Entry]] = [
    (Finished(), made("Yes", "Yes", language="en")),
    (SamePlaceholders(), made("{n} month", "o lună", "{n} luni", other="{n} months")),
    (SameNumbers(), made("3 months, +40 21 313 5555", "\u2068+40 21 313 5555\u2069, 3 luni")),
    (SameNumbers(), made("18 years", "۱۸ سال", language="fa")),
    (RightScript(), made("Refugee (IGI)", "لاجئ IGI-CNA", language="ar")),
    (RightScript(), made("IGI", "IGI", language="ar")),
    (RightScript(), made("العربية or English", "العربية sau engleza")),
    (FittingLength(), made("Yes", "x" * 24, kind="title", siblings=4)),
    (FittingLength(), made("Yes", "x" * 5000, kind="page")),
    (BalancedMarks(), made("Yes", "\u2068Da \u202bx\u202c\u2069\u200f")),
    (NoPromise(), made("x", "The authority decides.", language="en")),
]


@pytest.mark.parametrize(("check", "entry_", "message"), FAULTS)
def test_a_fault_is_found(check: Check, entry_: Entry, message: str) -> None:
    assert any(message in problem for problem in check.problems(entry_))


@pytest.mark.parametrize(("check", "entry_"), GOOD)
def test_a_good_translation_is_left_alone(check: Check, entry_: Entry) -> None:
    assert list(check.problems(entry_)) == []


def test_a_length_counts_as_the_stricter_channel_counts() -> None:
    assert measured("abc") == 3
    assert measured("\U0001f600") == 2


def test_a_problem_names_its_file_and_line(sources: Sources) -> None:
    write_catalog(sources.locales, "ro", "")
    main(["--root", str(sources.root), "update"])
    content = entry("utter_word_wife", "your wife", "жена")
    file = write_catalog(sources.locales, "ro", content)
    found = [str(p) for p in check_all(sources, ["ro"]) if "another script" in p.message]
    line = file.read_text().splitlines().index('msgid "your wife"') + 1
    assert found == [
        f"locales/ro/LC_MESSAGES/impreuna.po:{line}: utter_word_wife:"
        " letters of another script: cyrillic"
    ]


def test_a_catalog_behind_its_sources_is_a_problem(
    sources: Sources, capsys: pytest.CaptureFixture[str]
) -> None:
    write_catalog(sources.locales, "ro", entry("utter_old", "Old", "Vechi"))
    assert main(["--root", str(sources.root), "check"]) == 1
    printed = capsys.readouterr().out
    assert "utter_old: no longer in the English" in printed
    assert "domain.yml:4 is not in it" in printed


def test_english_alone_is_in_order(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(sources.root), "check"]) == 0
    assert "in order" in capsys.readouterr().out


def test_a_sentence_in_several_places_is_one_problem(sources: Sources) -> None:
    (sources.root / "bot" / "again.py").write_text('AGAIN = pgettext("page", "Welcome")\n')
    write_catalog(sources.locales, "ro", entry("page", "Welcome", ""))
    found = [p for p in check_all(sources, ["ro"]) if p.message == "not translated yet"]
    assert len(found) == 1
