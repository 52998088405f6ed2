"""What flags and codes of languages stand for."""

from __future__ import annotations

import pytest

from bot.safety import Lookup, Safety
from bot.safety.tongues import locale_language, territory_language

OURS = "en ro ar so fa ps ckb ti bn uk ur ru fr tr".split()


@pytest.fixture(scope="module")
def safety() -> Safety:
    """All languages of the plan, none with words of its own yet."""
    return Safety(Lookup(code, "safety", "filler", "please") for code in OURS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SO_SO", "so"),
        ("som_SO", "so"),
        ("fas-IR", "fa"),
        ("prs-AF", "fa"),
        ("en-us", "en"),
        ("ar_eg", "ar"),
        ("az_Arab", "az"),
        ("som", "so"),
        (" SOM ", "so"),
        ("prs", "fa"),
        ("ukr", "uk"),
        ("🇬🇧🇺🇸", "en"),
        ("🇸🇩", "ar"),
        ("🇪🇬 🇸🇩", "ar"),
        ("🇪🇷", "ti"),
        ("🇵🇰", "ur"),
        ("🇺🇦", "uk"),
        ("🇲🇦", "ar"),
    ],
)
def test_a_code_or_flags_ask_for_the_language(safety: Safety, text: str, code: str) -> None:
    signal = safety.spot(text)
    assert signal is not None
    assert (signal.kind, signal.value) == ("language", code)


@pytest.mark.parametrize("text", ["🇦🇫", "🇸🇴🇺🇦", "🇦🇫 🇦🇫"])
def test_flags_of_several_languages_ask_which(safety: Safety, text: str) -> None:
    signal = safety.spot(text)
    assert signal is not None
    assert (signal.kind, signal.value) == ("language", None)


@pytest.mark.parametrize("text", ["so", "so-so", "no-way", "TR", "UK", "zzz", "from 🇦🇫", "😀", ""])
def test_other_short_texts_ask_for_none(safety: Safety, text: str) -> None:
    assert safety.spot(text) is None


def test_a_bare_code_is_understood_for_our_languages_only() -> None:
    assert locale_language("son") is locale_language("din", OURS) is None
    assert locale_language("tur", OURS) == "tr"


@pytest.mark.parametrize(
    ("territory", "code"),
    [("AF", None), ("SD", "ar"), ("PK", "ur"), ("CA", "en"), ("ZZ", None), ("SO", "so")],
)
def test_a_countrys_main_language_is_not_its_second_one(territory: str, code: str | None) -> None:
    assert territory_language(territory) == code
