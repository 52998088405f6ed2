"""The languages: which there are, what is written in them, and how values are told in them.

Used inside the Rasa server (the NLG), by the gateway (pages, and the bot's sentences when Rasa is
down) and by the translators' command. Knows nothing of channels, the store or Rasa.
"""

from bot.i18n.catalogs import SOURCE_LANGUAGE, Catalogs, Translator, languages, translator
from bot.i18n.isolation import isolate
from bot.i18n.language import Language
from bot.i18n.responses import Choice, Link, MissingValue, Rendered, Responses, UnknownResponse

__all__ = [
    "SOURCE_LANGUAGE",
    "Catalogs",
    "Choice",
    "Language",
    "Link",
    "MissingValue",
    "Rendered",
    "Responses",
    "Translator",
    "UnknownResponse",
    "isolate",
    "languages",
    "translator",
]
