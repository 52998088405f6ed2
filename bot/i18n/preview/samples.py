"""Sample values for the placeholders, of every kind that the dialogue gives (`samples.yml`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("samples.yml")


class Samples:
    """Values and added choices by name.

    Args:
        file: In the form of `samples.yml`.
    """

    def __init__(self, file: Path = FILE) -> None:
        content = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
        self._values: Mapping[str, Sequence[Any]] = content.get("values") or {}
        self._choices: Mapping[str, Sequence[Mapping[str, Any]]] = content.get("choices") or {}
        self._of_languages = frozenset(content.get("languages") or ())

    def __contains__(self, placeholder: str) -> bool:
        return placeholder in self._values

    def values(self, names: Iterable[str], turn: int = 0) -> dict[str, Any]:
        """Give every value; each turn takes another one of those that a placeholder can have.

        A name of `names` that has no sample is filled by itself in brackets.
        """
        unknown = {name: f"[{name}]" for name in names}
        return unknown | {name: given[turn % len(given)] for name, given in self._values.items()}

    def turns(self, names: Iterable[str]) -> int:
        """Say how many turns go through all values of these placeholders."""
        return max((len(self._values.get(name, ".")) for name in names), default=1)

    def choices(self, name: str, languages: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """Give the choices that the dialogue adds to a message, beside the domain's own."""
        if name in self._of_languages:
            return [{"title": {"own_name": tag}, "payload": f"/{tag}"} for tag in languages]
        return self._choices.get(name, ())
