import pytest

from bot.nlu.sounds import sounds


@pytest.mark.parametrize(
    ("written", "romanised"),
    [
        ("درخواست", "darkhast"),
        ("الأوراق", "el awraq"),
        ("где документы", "gde dokumenty"),
        ("কোথায় আবেদন", "kothay abedon"),
        ("بنەماڵەکەم", "binemalekem"),
    ],
)
def test_a_romanised_word_sounds_as_the_word_does(written, romanised):
    assert sounds(romanised).replace(" ", "") == sounds(written).replace(" ", "")


def test_a_word_of_vowels_alone_still_sounds():
    assert sounds("au wie oui") == "au wi ou"


@pytest.mark.parametrize("text", ["", "  ", "?!", "...", "\u200f"])
def test_what_has_no_letters_has_no_sounds(text):
    assert sounds(text).strip() == ""
