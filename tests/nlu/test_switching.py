"""Asking for another language: by name, code or flag, in any language, at any time."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.watchword import Watchwords
from bot.safety import Lookup, Safety, spot, wants_language

OURS = "en ro ar so fa ps ckb ti bn uk ur ru fr tr".split()


@pytest.fixture(scope="module")
def safety():
    """All languages of the plan, none with words of its own yet."""
    return Safety(Lookup(code, "safety", "filler", "please") for code in OURS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # Own names, English names, names in others of our languages.
        ("soomaali", "so"),
        ("Somali please", "so"),
        ("الصومالية", "so"),
        ("somaleză", "so"),
        ("فارسی", "fa"),
        ("persană", "fa"),
        ("پښتو", "ps"),
        ("pashto please", "ps"),
        ("ትግርኛ", "ti"),
        ("Tigrinya", "ti"),
        ("বাংলা", "bn"),
        ("українська", "uk"),
        ("Ukrainian", "uk"),
        ("اردو", "ur"),
        ("русский", "ru"),
        ("français", "fr"),
        ("Türkçe", "tr"),
        ("turcă", "tr"),
        ("English", "en"),
        ("engleză", "en"),
        ("العربية", "ar"),
        # Codes.
        ("so_SO", "so"),
        ("so-SO", "so"),
        ("ckb-IQ", "ckb"),
        ("az_Arab", "az"),
        # Flags.
        ("🇸🇴", "so"),
        ("🇮🇷", "fa"),
        ("🇵🇰", "ur"),
        ("🇧🇩", "bn"),
        ("🇺🇦", "uk"),
        ("🇷🇺", "ru"),
        ("🇫🇷", "fr"),
        ("🇹🇷", "tr"),
        ("🇷🇴", "ro"),
        ("🇬🇧", "en"),
        ("🇺🇸", "en"),
        ("🇸🇾", "ar"),
        ("🇮🇶", "ar"),
    ],
)
def test_a_language_is_known_by_name_code_and_flag(safety, text, code):
    assert safety.wants_language(text) == code
    assert (safety.spot(text).kind, safety.spot(text).value) == ("language", code)


@pytest.mark.parametrize(
    ("text", "code"), [("af soomaali", "so"), ("Farsi", "fa"), ("dari", "fa"), ("bangla", "bn")]
)
def test_other_names_stand_in_the_lexicons(text, code):
    assert wants_language(text) == code


@pytest.mark.parametrize(
    "text",
    ["so", "so so", "so-so", "no-no", "no-way", "so-what", "TR", "UK", "RO", "xx_YY", "my-wife",
     "ben", "🇸🇴 is my country", "😀", "", "from 🇦🇫"],
)  # fmt: skip
def test_words_countries_and_pictures_are_no_wish_for_a_language(text):
    assert wants_language(text) is None
    assert getattr(spot(text), "kind", None) != "language"


@pytest.mark.parametrize("language", ["en", "ar", "ro", "so", None])
@pytest.mark.parametrize(
    ("text", "code"),
    [("🇸🇴", "so"), ("so-SO", "so"), ("soomaali", "so"), ("english please", "en"), ("🇮🇷", "fa")],
)
def test_the_wish_is_heard_in_every_conversation_any_number_of_times(safety, text, code, language):
    for _ in range(2):
        message = Message({"text": text, "metadata": {"language": language}})
        Watchwords({}, None, None, "words", safety).process([message])
        assert message.get("intent")["name"] == "change_language"
        named = [e["value"] for e in message.get("entities") or [] if e["entity"] == "language"]
        assert named == ([code])
