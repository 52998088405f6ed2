"""What is said: no promise, no condition that the law does not set, nothing that nobody checked.

Source: invariants 1 and 3 of the decision table, and what may be said of the service itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from actions.law import ROWS, sources
from bot.i18n.checks.shape import BUTTON_TITLE, DESCRIPTION, MOST_BUTTONS, ROW_TITLE, measured
from tests.interview.words import ROOT, buttons_of, responses, sources_of, text_of

CATALOGS = sorted((ROOT / "locales").glob("*/LC_MESSAGES/*.po"))
# Invariant 1, in English: checked here apart from the project's own list.
PROMISES = re.compile(
    r"\byou (will|can|shall) (get|bring|receive)\b|\byou (cannot|can't|can not|will not) bring\b"
    r"|\bcan never\b|\beligible\b|\bqualif(y|ies)\b|\bguarantee|\bentitled\b|\bwill be (approved|"
    r"accepted|rejected|refused)\b|\bwe promise\b|\byour chance",
    re.IGNORECASE,
)
# Until the product provably is (section 14 of the fact sheet).
UNPROVEN = re.compile(r"\b(safe|safely|encrypted|confidential|anonymous|secure)\b", re.IGNORECASE)
# Here the law calls the data of a search confidential: it is no word on our service.
# A counsellor asks whether the person is safe: no word on our service either.
UNPROVEN_BY_US = {"utter_reason_C6", "utter_reply_may_i_call", "utter_reply_safe_now"}
CONDITIONS = re.compile(
    r"\b(income|salary|wage|job|flat|housing|accommodation|health insurance|insurance|language test"
    r"|speak Romanian|live here for|have lived)\b",
    re.IGNORECASE,
)
NOT_REQUIRED = re.compile(r"\b(not have to prove|not required|no proof|do not need)\b")
# These speak of other matters than the family's application.
OTHER_MATTERS = ("utter_answer_other_topic", "utter_answer_conditions", "utter_answer_contact")
LEGAL = ("utter_answer_", "utter_guidance_", "utter_flag_", "utter_caveat_", "utter_safety")
WITHOUT_LAW = {
    "utter_answer_end",
    "utter_answer_application_delay",
    "utter_answer_other_topic",
    "utter_safety_end",
}


def catalog_texts(file: Path) -> Iterator[tuple[str, str]]:
    for entry in polib.pofile(str(file)):
        for form in [entry.msgstr, *entry.msgstr_plural.values()]:
            if form:
                yield entry.msgctxt or "", form


@pytest.mark.parametrize("name", sorted(responses()))
def test_no_sentence_promises_or_refuses(name: str) -> None:
    assert PROMISES.findall(text_of(name)) == []


@pytest.mark.parametrize("name", sorted(responses()))
def test_no_sentence_calls_the_service_what_it_is_not_proven_to_be(name: str) -> None:
    found = UNPROVEN.findall(text_of(name))
    assert found == [] or name in UNPROVEN_BY_US


@pytest.mark.parametrize("name", sorted(responses()))
def test_no_sentence_makes_income_housing_or_insurance_a_condition(name: str) -> None:
    text = text_of(name)
    if name.startswith(OTHER_MATTERS) or not CONDITIONS.search(text):
        return
    assert NOT_REQUIRED.search(text), CONDITIONS.findall(text)


def test_the_answer_on_conditions_says_what_is_not_asked_for() -> None:
    assert "do not have to prove income, a home or health insurance" in text_of(
        "utter_answer_conditions"
    )


@pytest.mark.parametrize(
    "name", [name for name in sorted(responses()) if name.startswith(LEGAL)]
)  # fmt: skip
def test_every_answer_that_speaks_of_law_names_sources_that_were_checked(name: str) -> None:
    cited = sources_of(name)
    assert cited or name in WITHOUT_LAW
    for fact in cited:
        assert fact in sources()
        assert sources()[fact].label != "UNVERIFIED"
        assert "UNVERIFIED" not in sources()[fact].statement


@pytest.mark.parametrize("row", [row for row in ROWS if row != "A1"])
def test_every_row_rests_on_facts_that_were_checked(row: str) -> None:
    cited = ROWS[row].facts
    assert cited
    assert all(sources()[fact].label != "UNVERIFIED" for fact in cited)


def test_nothing_says_unverified() -> None:
    assert all("UNVERIFIED" not in text_of(name) for name in responses())


@pytest.mark.parametrize(
    "name", [n for n in sorted(responses()) if n.startswith("utter_finding_")]
)  # fmt: skip
def test_every_finding_carries_its_date(name: str) -> None:
    assert "2024-2025" in text_of(name)


@pytest.mark.parametrize("name", sorted(responses()))
def test_choices_fit_the_narrowest_channel(name: str) -> None:
    buttons = buttons_of(name)
    room = BUTTON_TITLE if len(buttons) <= MOST_BUTTONS and not _listed(buttons) else ROW_TITLE
    assert len(buttons) <= 10
    for button in buttons:
        assert measured(button["title"]) <= room, button["title"]
        assert measured(button.get("description") or "") <= DESCRIPTION
    titles = [button["title"] for button in buttons]
    assert len(set(titles)) == len(titles)


def _listed(buttons: list[dict[str, str]]) -> bool:
    return any(button.get("description") for button in buttons)


def test_the_limits_are_those_of_whatsapp() -> None:
    assert (BUTTON_TITLE, ROW_TITLE, DESCRIPTION) == (20, 24, 72)


@pytest.mark.parametrize("file", CATALOGS, ids=lambda file: file.parent.parent.name)
def test_no_translation_promises_or_refuses_and_none_is_unverified(file: Path) -> None:
    forbidden = ROOT / "bot" / "i18n" / "forbidden" / f"{file.parent.parent.name}.txt"
    phrases = [line.strip() for line in forbidden.read_text(encoding="utf-8").splitlines()]
    phrases = [phrase for phrase in phrases if phrase and not phrase.startswith("#")]
    assert phrases
    for context, text in catalog_texts(file):
        assert "UNVERIFIED" not in text, context
        assert not [phrase for phrase in phrases if phrase in text.lower()], context


@pytest.mark.parametrize("file", CATALOGS, ids=lambda file: file.parent.parent.name)
def test_translated_choices_fit_too(file: Path) -> None:
    longest = {"title": ROW_TITLE, "description": DESCRIPTION}
    too_long = []
    for context, text in catalog_texts(file):
        if not context.startswith("utter_") or "." not in context:
            continue
        kind = "description" if context.endswith(".description") else "title"
        if ".link." not in context and measured(text) > longest[kind]:
            too_long.append((context, text))
    assert too_long == []
