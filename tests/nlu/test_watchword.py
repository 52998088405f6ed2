"""What is no sentence is not understood, whatever the classifier would make of it."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import watchword
from bot.nlu.keys import HARMLESS, SAFETY
from bot.nlu.unreadable import is_unreadable
from bot.nlu.watchword import Watchwords
from bot.safety import Lookup, Safety

DENIED = "no, really nobody hits me"


@pytest.mark.parametrize(
    "text",
    [
        "😭🙏",
        "∕",
        "\ufffd",
        ".",
        "?!",
        'inform{"x":',
        '<img src="x" onerror="alert(1)">',
        "<b>hi</b>",
    ],
)
def test_signs_and_code_are_unreadable(text: str) -> None:
    assert is_unreadable(text)


@pytest.mark.parametrize(
    "text",
    ["help <3", "12", "١٢", "زوجي يضربني", "my son < 18 years", "{ok} he hits me", "ajutor!!"],
)
def test_what_people_write_is_readable(text: str) -> None:
    assert not is_unreadable(text)


@pytest.mark.parametrize(
    ("text", "guessed", "kind"),
    [
        ("please call me", "danger", "human"),
        ("he hits me", None, "danger"),
        ("help", "danger", "danger"),
        ("help", None, "menu"),
        ("it is dark here", "danger", "danger"),
    ],
)
def test_a_word_that_says_all_overrules_what_the_model_guessed(
    text: str, guessed: str | None, kind: str
) -> None:
    phrases = {"danger": "hits me", "human": "call me", "menu": "help", "filler": "please"}
    message = Message({"text": text, SAFETY: guessed})
    watchwords(phrases).process([message])
    assert message.get(SAFETY) == kind


def test_where_the_guard_is_sure_of_no_danger_its_words_are_left_to_the_model() -> None:
    said = {"text": DENIED, HARMLESS: True}
    denied, unsure = Message(said), Message(said | {HARMLESS: False})
    shout = Message(said | {"text": "he hits me"})
    watchwords({"danger": "hits me"}).process([denied, unsure, shout])
    kinds = [message.get(SAFETY) for message in (denied, unsure, shout)]
    assert kinds == [None, "danger", "danger"]
    assert denied.get(INTENT) is None


@pytest.mark.parametrize(("finds", "kind"), [(True, "danger"), (False, None)])
def test_the_guards_denial_counts_only_where_the_reader_finds_no_danger_either(
    monkeypatch: pytest.MonkeyPatch, finds: bool, kind: str | None
) -> None:
    asked: list[tuple[str, str]] = []

    class Reads:
        def finds(self, *told: str) -> bool:
            asked.append(told)
            return finds

    monkeypatch.setattr(watchword, "reader", Reads)
    plain, denied = Message({"text": "hits me"}), Message({"text": DENIED, HARMLESS: True})
    watchwords({"danger": "hits me"}, read=True).process([plain, denied])
    assert asked == [("report_danger", DENIED)]
    assert (plain.get(SAFETY), denied.get(SAFETY)) == ("danger", kind)


def watchwords(phrases: dict[str, str], *, read: bool = False) -> Watchwords:
    safety = Safety(Lookup("en", "safety", value, phrase) for value, phrase in phrases.items())
    return Watchwords({"read": read}, None, None, "words", safety)
