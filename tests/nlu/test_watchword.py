"""What is no sentence is not understood, whatever the classifier would make of it."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.keys import SAFETY
from bot.nlu.unreadable import is_unreadable
from bot.nlu.watchword import Watchwords
from bot.safety import Lookup, Safety


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
    safety = Safety(Lookup("en", "safety", value, phrase) for value, phrase in phrases.items())
    message = Message({"text": text, SAFETY: guessed})
    Watchwords({}, None, None, "words", safety).process([message])
    assert message.get(SAFETY) == kind
