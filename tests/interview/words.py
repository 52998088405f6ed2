"""The domain as the tests read it: what is said, offered and known by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
CODE = ("actions", "bot")


@lru_cache(maxsize=1)
def domain() -> dict[str, Any]:
    return dict(YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8")))


def responses() -> dict[str, Any]:
    return dict(domain()["responses"])


def text_of(name: str) -> str:
    return str(responses()[name][0].get("text") or "")


def buttons_of(name: str) -> list[dict[str, Any]]:
    return list(responses()[name][0].get("buttons") or [])


def sources_of(name: str) -> list[str]:
    metadata = responses()[name][0].get("metadata") or {}
    return [str(source) for source in metadata.get("sources") or []]


def all_buttons() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in responses():
        for button in buttons_of(name):
            yield name, button


def named_in_code() -> tuple[set[str], set[str]]:
    """The responses that the code names, and the beginnings of those that it puts together."""
    names: set[str] = set()
    beginnings: set[str] = set()
    for folder in CODE:
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                _collect(node, names, beginnings)
    return names - beginnings, beginnings


def _collect(node: ast.AST, names: set[str], beginnings: set[str]) -> None:
    if isinstance(node, ast.JoinedStr) and node.values:
        first = node.values[0]
        if isinstance(first, ast.Constant) and str(first.value).startswith("utter_"):
            beginnings.add(str(first.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        word = node.value
        if word.startswith("utter_") and word.replace("_", "").isalnum():
            (beginnings if word.endswith("_") else names).add(word)
