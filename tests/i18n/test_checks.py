"""Each check finds its fault, says it in plain words, and leaves good translations alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.i18n.checks import check_all
from bot.i18n.checks.english import NoEnglish
from bot.i18n.checks.entry import Check, Entry
from bot.i18n.checks.letters import JoinedWords, OwnLetters
from bot.i18n.checks.plural import EveryPlural
from bot.i18n.checks.shape import BalancedMarks, FittingLength, SamePlaceholders, measured
from bot.i18n.checks.terms import GlossaryTerms
from bot.i18n.checks.wording import Finished, NoPromise, RightScript, SameNumbers
from bot.i18n.cli import main
from bot.i18n.glossary import Term, read_glossary
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
    plurals: int = 2,
    terms: tuple[Term, ...] = (),
) -> Entry:
    counter = "n" if other else None
    sentence = Sentence("utter_x", english, kind, "domain.yml", 3, other=other, counter=counter)
    file = "domain.yml" if language == "en" else "x.po"
    return Entry(
        sentence, Language(language), forms, fuzzy, file, 9, siblings, listed, plurals, terms
    )


VISA = Term(("visa", "visas"), ("viz*",), ())
REUNION = Term(("family reunification",), ("reunific* famil*",), ("reintregir*",))
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
    (OwnLetters(), made("yes", "بلي", language="fa"), "U+064A"),
    (OwnLetters(), made("book", "كتاب", language="ckb"), "U+0643"),
    (OwnLetters(), made("book", "کتاب", language="ar"), "U+06A9"),
    (OwnLetters(), made("we", "мы", language="uk"), "U+044B"),
    (OwnLetters(), made("and", "şi"), "ș"),
    (JoinedWords(), made("it goes", "می رود", language="fa"), "not a space"),
    (JoinedWords(), made("it goes", "او \u200cمی\u200cرود", language="fa"), "edge"),
    (EveryPlural(), made("{n} month", "o lună", "luni", other="{n} months", plurals=3), "has 3"),
    (NoEnglish(), made("See which papers", "See which papers"), "not translated"),
    (NoEnglish(), made("x", "Vedeți the papers and the visa"), "a piece of the English"),
    (GlossaryTerms(), made("a visa", "un permis", terms=(VISA,)), "“viz*” in the glossary"),
    (GlossaryTerms(), made("it", "reîntregirea", terms=(REUNION,)), "something else in law"),
    (NoPromise(), made("You will get it.", "You will get it.", language="en"), "never promise"),
    (NoPromise(), made("x", "Da, o veți primi."), "never promise"),
    (NoPromise(), made("x", "لا يُمكنك إحضار زوجتك", language="ar"), "never promise"),
]

GOOD: list[tuple[Check, Entry]] = [
    (OwnLetters(), made("he is", "دي دی", language="ps")),
    (OwnLetters(), made("book", "کتاب", language="fa")),
    (JoinedWords(), made("it goes", "می\u200cرود", language="fa")),
    (EveryPlural(), made("{n} month", "o", "două", "zece", other="{n} months", plurals=3)),
    (NoEnglish(), made("UNHCR Romania", "UNHCR Romania")),
    (NoEnglish(), made("from you", "Scrieți at office@the-and.example și you")),
    (GlossaryTerms(), made("a visa", "Viza, vă rog", terms=(VISA,))),
    (GlossaryTerms(), made("a visage", "o față", terms=(VISA,))),
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


def test_the_glossary_is_read_a_table_a_language(tmp_path: Path) -> None:
    file = tmp_path / "GLOSSARY.md"
    rows = "| English | rendering | never |\n|---|---|---|\n| visa; visas | viz*; VÍZĂ | |\n"
    file.write_text(f"| a | b | c |\n\n## Romanian (`ro`)\n\n{rows}\n## Arabic (`ar`)\n", "utf-8")
    assert read_glossary(tmp_path, "ro") == (Term(("visa", "visas"), ("viz*", "viza"), ()),)
    assert read_glossary(tmp_path, "ar") == read_glossary(tmp_path / "none", "ro") == ()


def test_every_language_on_offer_has_its_terms() -> None:
    sources = Sources()
    for tag in sources.languages():
        assert tag == "en" or len(read_glossary(sources.locales, tag)) >= 10, tag
