"""spaCy's blank pipelines: a tokenizer for each language, also for those spaCy does not know."""

from __future__ import annotations

import spacy
from babel import Locale, localedata
from spacy.language import Language

# For texts in no known language.
ANY_LANGUAGE = "xx"
# spaCy's French takes three seconds to import: 16,000 words with hyphens, which folding parts
# anyway. What is left of it is that "l'ami" is two words.
_ELIDING = frozenset({"fr"})
_ELISION = r"(?<=[^\W\d_]')(?=[^\W\d_])"


def blank(code: str) -> Language:
    """A pipeline that splits texts of a language into words.

    A language that spaCy lacks gets a class of its own, so that adding a language needs no code.
    """
    if code in _ELIDING:
        return register(code)()
    try:
        return spacy.blank(code)
    except ImportError:
        return register(code)()


def register(code: str) -> type[Language]:
    """Give spaCy a light class for a language; its words end at spaces and punctuation."""
    direction = Locale.parse(code).text_direction if localedata.exists(code) else "ltr"
    writing = {"direction": direction, "has_case": False, "has_letters": True}
    settings: dict[str, object] = {"writing_system": writing}
    if code in _ELIDING:
        settings["infixes"] = [*Language.Defaults.infixes, _ELISION]
    defaults = type("Defaults", (Language.Defaults,), settings)
    language: type[Language] = type(code.title(), (Language,), {"lang": code, "Defaults": defaults})
    spacy.registry.languages(code, func=language)
    return language
