"""What people type, by language: `speech/<language>.yml`; a file more is a language more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.i18n import Catalogs

FOLDER = Path(__file__).parent / "speech"


@dataclass(frozen=True)
class Speech:
    """The sentences of one language, by their names in its file."""

    language: str
    sentences: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.sentences[name]


def read_speech(language: str) -> Speech:
    text = (FOLDER / f"{language}.yml").read_text(encoding="utf-8")
    return Speech(language, YAML(typ="safe").load(text))


LANGUAGES = sorted(file.stem for file in FOLDER.glob("*.yml"))
EVERY_LANGUAGE = pytest.mark.parametrize("speech", [*map(read_speech, LANGUAGES)], ids=LANGUAGES)


def following(language: str) -> str:
    """Another language: the next one of the list."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def notices_of(speech: Speech) -> list[str]:
    """What stands once below the first words of a language that no person has read yet."""
    return ["utter_language_unreviewed"] if Catalogs().is_unreviewed(speech.language) else []
