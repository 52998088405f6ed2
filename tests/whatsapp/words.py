"""The channel's own words for tests, in languages that Meta has and has not."""

from __future__ import annotations

from bot.conversations.message import Choice
from bot.conversations.turn import Said

TEMPLATE = {
    "en": ("There is an answer.", "Read the answer"),
    "ar": ("هناك جواب.", "اقرأ الجواب"),
    "so": ("Jawaab ayaa jirta.", "Akhri jawaabta"),
}
CHOOSE = {"en": "Choose", "ar": "اختر"}


def say(name: str, language: str) -> Said:
    """Stands for `Voice.say`: what is not translated is said in English."""
    if name == "utter_choose":
        return Said(CHOOSE.get(language, CHOOSE["en"]), name)
    text, title = TEMPLATE.get(language, TEMPLATE["en"])
    return Said(text, name, (Choice(title, "impreuna:waiting"),))
