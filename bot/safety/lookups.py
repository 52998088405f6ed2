"""Reading `lookup` entries named `kind=value` from Rasa's YAML, without Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML


class Lookup(NamedTuple):
    """One phrase of a lookup entry: `person=wife` with the example "my wife"."""

    language: str
    kind: str
    value: str
    phrase: str


def split_name(name: str) -> tuple[str, str]:
    """Split `person=wife` into its two parts.

    Raises:
        ValueError: The name has no "=" with something on both sides.
    """
    kind, _, value = name.partition("=")
    if not kind.strip() or not value.strip():
        raise ValueError(f"a lookup is named like 'person=wife', not '{name}'")
    return kind.strip(), value.strip()


def read_lookups(path: Path, language: str) -> list[Lookup]:
    """All phrases of one file, in order; an absent file has none.

    Raises:
        ValueError: A lookup's name is not `kind=value`; names the file.
    """
    if not path.is_file():
        return []
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    try:
        return list(_phrases(content.get("nlu") or [], language))
    except ValueError as err:
        raise ValueError(f"{path}: {err}") from err


def _phrases(items: list[dict[str, str]], language: str) -> Iterator[Lookup]:
    for item in items:
        if "lookup" not in item:
            continue
        kind, value = split_name(str(item["lookup"]))
        for line in str(item.get("examples") or "").splitlines():
            phrase = line.strip().removeprefix("-").strip()
            if phrase:
                yield Lookup(language, kind, value, phrase)
