"""spaCy's blank pipelines: a tokenizer for each language, also for those spaCy does not know."""

from __future__ import annotations

import spacy
from babel import Locale, localedata
from spacy.language import Language

# For texts in no known language.
ANY_LANGUAGE = "xx"


def blank(code: str) -> Language:
    """A pipeline that splits texts of a language into words.

    A language that spaCy lacks gets a class of its own, so that adding a language needs no code.
    """
    try:
        return spacy.blank(code)
    except ImportError:
        register(code)
        return spacy.blank(code)


def register(code: str) -> type[Language]:
    """Tell spaCy of a language it does not know; its words end at spaces and punctuation."""
    direction = Locale.parse(code).text_direction if localedata.exists(code) else "ltr"
    writing = {"direction": direction, "has_case": False, "has_letters": True}
    defaults = type("Defaults", (Language.Defaults,), {"writing_system": writing})
    language: type[Language] = type(code.title(), (Language,), {"lang": code, "Defaults": defaults})
    spacy.registry.languages(code, func=language)
    return language
