from itertools import permutations, product

import pytest

from bot.nlu.decision import Decision, Identified, decide

NOTHING = Identified(None, 0.0, (), False)


def sure(code):
    return Identified(code, 0.97, (code,), True)


def torn(*codes):
    return Identified(codes[0], 0.5, codes, False)


@pytest.mark.parametrize(
    ("identified", "current", "text", "expected"),
    [
        # The first message decides, however short it is.
        (sure("ar"), None, "مرحبا", Decision("ar")),
        (torn("en", "ro"), None, "info", Decision("en", ("en", "ro"))),
        (NOTHING, None, "12", Decision(None)),
        # One or two odd words never change a conversation's language.
        (sure("en"), "ar", "ok", Decision("ar")),
        (sure("en"), "ar", "family reunification", Decision("ar")),
        (NOTHING, "ar", "2023", Decision("ar")),
        # Names and numbers are no words of a language.
        (sure("en"), "ar", "Istanbul 12 2023 17", Decision("ar")),
        # A sentence clearly in another language does.
        (sure("en"), "ar", "can you speak with me", Decision("en")),
        (sure("ar"), "ar", "كيف أقدم طلب", Decision("ar")),
        # Unsure between two others: ask. Unsure, but the current one may be meant: stay.
        (torn("uk", "ru"), "ar", "три слова тут", Decision("ar", ("uk", "ru"))),
        (torn("ro", "ar"), "ar", "salam aleikum prieteni", Decision("ar")),
        (torn("ro"), "ar", "un text oarecare", Decision("ar")),
    ],
)
def test_the_language_of_the_answer(identified, current, text, expected):
    assert decide(identified, current, text) == expected


CONFUSABLE = [("fa", "ps"), ("ar", "ur"), ("ru", "uk"), ("ar", "fa"), ("fa", "ps", "ur")]
SHORT, LONG = "слово", "три слова тут"


@pytest.mark.parametrize("pair", CONFUSABLE)
@pytest.mark.parametrize("text", [SHORT, LONG])
def test_languages_that_look_alike_are_asked_about_at_the_first_message(pair, text):
    assert decide(torn(*pair), None, text) == Decision(pair[0], pair)


@pytest.mark.parametrize("pair", CONFUSABLE)
def test_only_languages_on_offer_are_asked_about(pair):
    missing, *others = pair
    decision = decide(torn(*pair), None, LONG, ["en", *others])
    assert decision == Decision(others[0], tuple(others) if len(others) > 1 else None)
    assert decide(torn(*pair), "en", LONG, ["en", others[0]]) == Decision("en")
    assert decide(torn(*pair), "en", LONG, ["en"]) == Decision("en")


def test_a_language_that_is_not_on_offer_is_still_known():
    assert decide(sure("ps"), None, LONG, ["en"]) == Decision("ps")
    assert decide(torn("ps", "fa"), None, LONG, ["en"]) == Decision("ps")


@pytest.mark.parametrize("pair", CONFUSABLE)
def test_once_answered_the_same_languages_are_never_asked_about_again(pair):
    for answered, order, text in product(pair, permutations(pair), (SHORT, LONG)):
        assert decide(torn(*order), answered, text) == Decision(answered)


def test_an_unanswered_question_is_not_repeated_at_each_message():
    current, asked = None, 0
    for order in [("ru", "uk"), ("uk", "ru"), ("ru", "uk")]:
        decision = decide(torn(*order), current, LONG)
        current, asked = decision.code, asked + bool(decision.ask)
    assert (current, asked) == ("ru", 1)


def test_a_short_message_never_asks_in_the_middle_of_a_conversation():
    for pair in CONFUSABLE:
        assert decide(torn(*pair), "en", SHORT) == Decision("en")
