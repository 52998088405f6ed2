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
