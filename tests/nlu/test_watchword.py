"""What is no sentence is not understood, whatever the classifier would make of it."""

from __future__ import annotations

import pytest

from bot.nlu.watchword import is_unreadable


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
