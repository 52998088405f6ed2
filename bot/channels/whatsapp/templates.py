"""The templates: sentences that Meta approves once, for when free text is not taken.

Each stands in a file of `templates/`; its words come from the catalogs. Where Meta has no such
language the *bilingual envelope* is submitted instead: an English template of its own name that
says the sentence in that language first, then in English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.channels.whatsapp import limits
from bot.channels.whatsapp.limits import length
from bot.channels.whatsapp.parts import Template
from bot.conversations.turn import PARAGRAPH, Said
from bot.errors import ConfigError

ENGLISH = "en"
FOLDER = Path(__file__).with_name("templates")
LANGUAGES_FILE = Path(__file__).with_name("meta_languages.yml")
_CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")

Say = Callable[[str, str], Said]
"""Says a response (by name) in a language."""


@dataclass(frozen=True)
class TemplateFile:
    """One file: which response is submitted under which name."""

    name: str
    category: str
    response: str
    payload: str


class MetaLanguages:
    """Which of our language tags is which code of Meta's.

    Raises:
        ConfigError: If the file is not what it should be.
    """

    def __init__(self, file: Path = LANGUAGES_FILE) -> None:
        content = _read(file)
        self._codes = frozenset(map(str, content.get("codes") or ()))
        self._aliases = {str(k): str(v) for k, v in (content.get("aliases") or {}).items()}
        unknown = set(self._aliases.values()) - self._codes
        if unknown:
            raise ConfigError(f"{file.name}: aliases of unknown codes: {sorted(unknown)}")

    def code(self, language: str) -> str | None:
        """Give Meta's code for a tag (`ar`, `ar-EG`, `ps`); None if it has no such language."""
        tag = language.replace("-", "_")
        return next(
            (code for name in (tag, tag.split("_")[0]) if (code := self._named(name))), None
        )

    def _named(self, name: str) -> str | None:
        if name in self._codes:
            return name
        if name in self._aliases:
            return self._aliases[name]
        # Meta knows some languages with their country only: Pashto is ps_AF.
        regional = [code for code in self._codes if code.startswith(f"{name}_")]
        return regional[0] if len(regional) == 1 else None


class Templates:
    """All templates, in any language.

    Raises:
        ConfigError: If a file is not what it should be.
    """

    def __init__(self, folder: Path = FOLDER, languages: MetaLanguages | None = None) -> None:
        self._files = {file.name: file for file in map(_load, sorted(folder.glob("*.yml")))}
        self._languages = languages or MetaLanguages()

    def part(self, name: str, language: str) -> Template:
        """Give what is sent to say a template in a language."""
        file = self._files[name]
        submitted, code = self._name_and_code(file, language)
        return Template(submitted, code, file.payload)

    def to_submit(self, languages: Iterable[str], say: Say) -> Iterator[dict[str, Any]]:
        """Give the request for each template in each language that is translated.

        Raises:
            ConfigError: If a translation is longer than Meta allows.
        """
        for file in self._files.values():
            for language in sorted({*languages, ENGLISH}):
                if _is_translated(file, language, say):
                    yield self._request(file, language, say)

    def _name_and_code(self, file: TemplateFile, language: str) -> tuple[str, str]:
        code = self._languages.code(language)
        if code:
            return file.name, code
        return f"{file.name}_{language.replace('-', '_').lower()}", ENGLISH

    def _request(self, file: TemplateFile, language: str, say: Say) -> dict[str, Any]:
        said, english = say(file.response, language), say(file.response, ENGLISH)
        name, code = self._name_and_code(file, language)
        enveloped = name != file.name
        text = PARAGRAPH.join((said.text, english.text)) if enveloped else said.text
        title = _title(said)
        _check(file, language, text, title)
        return {
            "name": name,
            "language": code,
            "category": file.category,
            "components": [
                {"type": "BODY", "text": text},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": title}]},
            ],
        }


def _is_translated(file: TemplateFile, language: str, say: Say) -> bool:
    return (
        language == ENGLISH or say(file.response, language).text != say(file.response, ENGLISH).text
    )


def _title(said: Said) -> str:
    return " ".join(said.choices[0].title.split()) if said.choices else ""


def _check(file: TemplateFile, language: str, text: str, title: str) -> None:
    for what, content, limit in (
        ("text", text, limits.TEMPLATE_BODY),
        ("button", title, limits.QUICK_REPLY),
    ):
        if not 0 < length(content) <= limit:
            raise ConfigError(
                f"template {file.name} in {language}: the {what} of {file.response} has"
                f" {length(content)} characters; it must have 1 to {limit}."
            )


def _load(file: Path) -> TemplateFile:
    content = _read(file)
    try:
        loaded = TemplateFile(**content)
    except TypeError as error:
        raise ConfigError(f"{file.name}: needs name, category, response, payload") from error
    if loaded.category not in _CATEGORIES:
        raise ConfigError(f"{file.name}: category must be one of {', '.join(_CATEGORIES)}")
    return loaded


def _read(file: Path) -> dict[str, Any]:
    try:
        content = YAML(typ="safe", pure=True).load(file)
    except (OSError, YAMLError) as error:
        raise ConfigError(f"{file.name} cannot be read ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{file.name} is no mapping")
    return content
