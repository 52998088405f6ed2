from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.text import clean, defuse, is_blank, same_words, typed_number

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)


@given(ANY_TEXT)
def test_a_cleaned_text_can_be_stored_and_turns_no_text_around(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert not set(cleaned) & set("\x00\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(ANY_TEXT, st.sampled_from(["", " ", "\n\t", "\u200b", "\ufeff \u200f", "\u3164", "/"]))
def test_no_text_reaches_rasa_as_a_command(text: str, front: str) -> None:
    assert not defuse(clean(f"{front}/{text}")).lstrip().startswith("/")
    assert not defuse(clean(text)).lstrip().startswith("/")


def test_an_ordinary_text_is_left_as_it_is() -> None:
    assert defuse("  and/or 1/2 ") == "  and/or 1/2 "
    assert clean("line\r\nline\tتجربة 👩‍👧 \u200c") == "line\nline\tتجربة 👩‍👧 \u200c"


def test_what_follows_a_command_mark_is_kept() -> None:
    assert defuse("/restart") == "restart"
    assert defuse(" \u200b/ /inform{}") == "inform{}"
    assert defuse("///") == "\u2215"


def test_a_number_is_read_in_every_script_that_has_digits() -> None:
    zeros = [
        chr(code)
        for code in range(0x110000)
        if unicodedata.decimal(chr(code), None) == 0 and unicodedata.category(chr(code)) == "Nd"
    ]
    assert len(zeros) > 30
    for zero in zeros:
        assert typed_number(chr(ord(zero) + 7)) == 7
        assert typed_number(chr(ord(zero) + 1) + zero) == 10


@pytest.mark.parametrize("text", ["1.", "(1)", " 1 ", "1️⃣", "\u200f١", "۱", "１", "1)"])
def test_a_number_may_wear_what_people_put_around_it(text: str) -> None:
    assert typed_number(text) == 1


@pytest.mark.parametrize("text", ["", "one", "1 child", "-1", "1.5", "12345", "½", "²", "👍"])
def test_other_texts_are_no_number(text: str) -> None:
    assert typed_number(text) is None


@pytest.mark.parametrize("text", ["", " ", "\u200b\u200f", "\x00\x01", "\u3164", "\ufeff\n"])
def test_a_text_that_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(clean(text))


@pytest.mark.parametrize("text", ["👍", "?", "١", "a\u0301"])
def test_a_text_that_shows_anything_is_not_blank(text: str) -> None:
    assert not is_blank(clean(text))


def test_titles_are_compared_whatever_the_case_width_and_marks() -> None:
    assert same_words(" STRASSE ", "straße")
    assert same_words("\u200fنعم", "نعم")
    assert not same_words("yes", "yes please")
