"""What could lead to a person is masked, whatever the language; the rest stays to learn from."""

from __future__ import annotations

import pytest

from bot.conversations.masking import Masking
from bot.i18n.introductions import introductions

MASKING = Masking(introductions())


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my name is ahmad and i wait", "my name is <name> and i wait"),
        ("My name is Ahmad Khan Zadeh and I wait", "My name is <name> and I wait"),
        ("hello, MY  NAME IS: Ahmad", "hello, MY  NAME IS: <name>"),
        ("I am Ali Reza, refugee", "I am <name>, refugee"),
        ("I am ill and alone", "I am ill and alone"),
        ("mă numesc Ion Popescu", "mă numesc <name>"),
        ("ma cheama ana", "ma cheama <name>"),
        ("اسمي محمد علي وانا لاجئ", "اسمي <name> وانا لاجئ"),
        ("tel +40 (721) 555-333", "tel +00 (000) 000-000"),
        ("رقمي ٠٧٢١٥٥٥", "رقمي 0000000"),
        ("my son is 14", "my son is 00"),
        ("write to ali.k+1@mail.example.org now", "write to <email> now"),
        ("see www.site.ro/me?x=1 or t.me/ali or @ali_k", "see <link> or <link> or <link>"),
        ("how long does it take", "how long does it take"),
        ("", ""),
    ],
)
def test_a_text_is_masked(text: str, masked: str) -> None:
    assert MASKING.mask(text) == masked


def test_without_any_words_for_names_the_rest_is_masked_all_the_same() -> None:
    assert Masking([]).mask("my name is Ali, 0721") == "my name is Ali, 0000"


def test_every_spoken_language_has_its_words() -> None:
    assert {"my name is", "mă numesc", "اسمي"} <= set(introductions())
    assert not [words for words in introductions() if words.startswith("#")]
