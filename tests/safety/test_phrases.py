import pytest

from bot.safety.phrases import Fillers, anywhere, canonical, either, phrase_pattern


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
    pattern = either([phrase_pattern("menu")])
    fillers = Fillers([phrase_pattern("please"), phrase_pattern("the"), phrase_pattern("of [the]")])

    def is_menu(text: str) -> bool:
        plain = canonical(text)
        return any(pattern.fullmatch(plain, *kernel) for kernel in fillers.kernels(plain))

    assert is_menu("Please, the menu please")
    assert is_menu("menu of the")
    assert not is_menu("the menu of the restaurant")
    assert not is_menu("please the")


def test_fillers_alone_and_no_words_have_their_kernels():
    fillers = Fillers([phrase_pattern("please")])
    assert fillers.kernels(canonical("")) == []
    # A filler may be the very word that is looked for.
    assert fillers.kernels(canonical("please")) == [(1, 8)]
    assert Fillers([]).kernels(canonical("menu")) == [(1, 6)]
