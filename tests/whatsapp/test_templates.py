"""The sentences that Meta approves: files, languages, what to submit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channels.whatsapp.cli import main
from bot.channels.whatsapp.content import WAITING_PAYLOAD
from bot.channels.whatsapp.parts import Template
from bot.channels.whatsapp.templates import (
    FOLDER,
    MetaLanguages,
    Templates,
)
from bot.conversations.message import Choice
from bot.conversations.turn import Said
from bot.errors import ConfigError
from tests.whatsapp.words import TEMPLATE, say


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("ro", "ro"),
        ("ar", "ar"),
        ("ar-EG", "ar"),
        ("uk", "uk"),
        ("ps", "ps_AF"),
        ("prs", "prs_AF"),
        ("fa-AF", "prs_AF"),
        ("fa_AF", "prs_AF"),
        ("fa", "fa"),
        ("so", None),
        ("ckb", None),
        ("ku", None),
        ("ti", None),
        ("am", None),
        ("zh", None),
    ],
)
def test_a_language_has_the_code_that_meta_gives_it(tag: str, code: str | None) -> None:
    assert MetaLanguages().code(tag) == code


def test_a_template_is_sent_in_the_persons_language() -> None:
    assert Templates().part("answer_waiting", "ar") == Template(
        "answer_waiting", "ar", WAITING_PAYLOAD
    )


def test_a_language_that_meta_has_not_is_sent_in_its_envelope() -> None:
    assert Templates().part("answer_waiting", "so") == Template(
        "answer_waiting_so", "en", WAITING_PAYLOAD
    )


def test_what_is_sent_is_what_was_submitted() -> None:
    templates = Templates()
    languages = list(TEMPLATE)
    submitted = {(r["name"], r["language"]) for r in templates.to_submit(languages, say)}
    parts = [templates.part("answer_waiting", language) for language in languages]
    assert submitted == {(part.name, part.language) for part in parts}


def test_the_envelope_says_it_in_that_language_first_and_then_in_english() -> None:
    (request,) = [r for r in Templates().to_submit(["so"], say) if r["name"].endswith("_so")]
    assert request["language"] == "en"
    assert request["category"] == "UTILITY"
    assert request["components"] == [
        {"type": "BODY", "text": "Jawaab ayaa jirta.\n\nThere is an answer."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Akhri jawaabta"}]},
    ]


def test_english_is_always_submitted_and_what_is_not_translated_is_not() -> None:
    submitted = [r["language"] for r in Templates().to_submit(["ar", "ru"], say)]
    assert submitted == ["ar", "en"]


def test_a_button_that_is_too_long_is_named_before_meta_refuses_it() -> None:
    def too_long(name: str, language: str) -> Said:
        said = say(name, language)
        return said if language == "en" else Said(said.text + "!", name, (Choice("x" * 26, "p"),))

    with pytest.raises(ConfigError, match=r"in ar: the button .* has 26 characters"):
        list(Templates().to_submit(["ar"], too_long))


def test_a_response_without_a_button_is_named() -> None:
    with pytest.raises(ConfigError, match="the button"):
        list(Templates().to_submit([], lambda name, language: Said("Text.", name)))


def test_every_file_is_a_utility_whose_tap_is_understood() -> None:
    for file in FOLDER.glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        assert "category: UTILITY" in text
        assert f"payload: {WAITING_PAYLOAD}" in text


@pytest.mark.parametrize(
    "content", ["name: x\n", "- 1\n", "name: x\ncategory: FUN\nresponse: r\npayload: p\n", "a: ["]
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "wrong.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"wrong\.yml"):
        Templates(tmp_path)


def test_the_command_prints_what_to_submit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates"], say, ["ar", "so"]) == 0
    printed = capsys.readouterr()
    assert [(r["name"], r["language"]) for r in json.loads(printed.out)] == [
        ("answer_waiting", "ar"),
        ("answer_waiting", "en"),
        ("answer_waiting_so", "en"),
    ]
    assert "message_templates" in printed.err
