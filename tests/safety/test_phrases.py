import pytest

from bot.safety.phrases import anywhere, canonical, phrase_pattern, whole


def found(phrase, text):
    return anywhere([phrase_pattern(phrase)]).search(canonical(text)) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("kill me", "They will KILL me!", True),
        ("kill me", "skill men", False),
        ("threat* us", "he threatened us", True),
        ("*قتل", "سيقتل", True),
        ("he/she hits", "she hits", True),
        ("he/she hits", "it hits", False),
        ("talk to [a] human", "talk to human", True),
        ("talk to [a] human", "talk to a human", True),
        ("beats ... wife", "beats his poor young wife", True),
        ("beats ... wife", "beats one two three four wife", False),
        ("step-son", "step son", True),
        ("don't", "dont", True),
    ],
)
def test_the_four_signs_mean_what_the_header_says(phrase, text, expected):
    assert found(phrase, text) is expected


@pytest.mark.parametrize("phrase", ["...", "!?", "[ ]", ""])
def test_a_phrase_without_words_is_refused_since_it_would_match_everything(phrase):
    with pytest.raises(ValueError, match="no word"):
        phrase_pattern(phrase)


def test_a_whole_message_may_hold_fillers_but_nothing_else():
    pattern = whole([phrase_pattern("menu")], [phrase_pattern("please"), phrase_pattern("the")])
    assert pattern.fullmatch(canonical("Please, the menu please"))
    assert not pattern.fullmatch(canonical("the menu of the restaurant"))
