"""A language in preparation: all its files stand in `preparation/<tag>/` and nothing reads them.

`begin` makes them, to be filled in. When the language's examination is passed
(`docs/translating.md`), `offer` moves them to where they work.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.errors import ConfigError
from bot.i18n.catalogs import CATALOG_NAME, SOURCE_LANGUAGE, catalog_file

FOLDER = "preparation"
CATALOG, EXAMPLES = "impreuna.po", "nlu"


def in_preparation(root: Path) -> list[str]:
    """List the tags of the languages in preparation."""
    folder = root / FOLDER
    return (
        sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.exists() else []
    )


def new_catalog(root: Path, tag: str) -> Path:
    """Give the place of a new language's catalog, made or not."""
    return root / FOLDER / tag / CATALOG


def catalog_in_preparation(root: Path, tag: str, name: str = CATALOG_NAME) -> Path | None:
    """Give the catalog of a language in preparation; None if it is none, or for staff's."""
    file = new_catalog(root, tag)
    return file if name == CATALOG_NAME and file.is_file() else None


def begin(root: Path, tag: str) -> list[Path]:
    """Make the files of a new language beside its catalog: the English ones without their words.

    Raises:
        ConfigError: If the language is there already, on offer or in preparation; then nothing
            was made.
    """
    places = (root / FOLDER / tag, catalog_file(root / "locales", tag))
    taken = [place for place in places if place.exists()]
    if taken:
        raise ConfigError(f"there already: {', '.join(_short(root, one) for one in taken)}")
    files = dict(_models(root, tag))
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return list(files)


def _models(root: Path, tag: str) -> Iterator[tuple[Path, str]]:
    """Give each new file and its content: names and keys of the English one, and no words."""
    yaml = YAML()
    for (here, _), (_, english) in zip(
        _moves(root, tag), _moves(root, SOURCE_LANGUAGE), strict=True
    ):
        for file in sorted(english.glob("*.yml")):
            yield here / file.name, _without(file, "    - ", after="examples: |")
        if english.suffix == ".txt" and english.is_file():
            yield here, "".join(_comments(english))
        if english.suffix == ".yml" and english.is_file():
            blank, stream = _blank(yaml.load(english.read_text("utf-8"))), StringIO()
            yaml.dump(blank, stream)
            yield here, stream.getvalue()


def _without(file: Path, item: str, after: str) -> str:
    """Give a file without its items: one empty item stands where they begin."""
    kept = (line for line in file.read_text("utf-8").splitlines() if not line.startswith(item))
    lines = (f"{line}\n{item}" if line.strip() == after else line for line in kept)
    return "\n".join(lines) + "\n"


def _comments(file: Path) -> Iterator[str]:
    lines = file.read_text("utf-8").splitlines(keepends=True)
    return (line for line in lines if line.startswith("#"))


def _blank(content: Any) -> Any:
    """Empty every sentence; keys stay."""
    if isinstance(content, dict):
        return {key: _blank(value) for key, value in content.items()}
    return "" if isinstance(content, str) else content


def offer(root: Path, tag: str) -> list[Path]:
    """Move a language's files to where they work.

    Returns:
        Where they are now.

    Raises:
        ConfigError: If there is no such language, a file that it needs is missing, or one of
            them would replace another; then nothing was moved.
    """
    moves = list(_moves(root, tag))
    missing = [source for source, _ in moves if not source.exists()]
    if missing:
        raise ConfigError(f"not there yet: {', '.join(_short(root, one) for one in missing)}")
    taken = [target for _, target in moves if target.exists()]
    if taken:
        raise ConfigError(f"there already: {', '.join(_short(root, one) for one in taken)}")
    for source, target in moves:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)
    (root / FOLDER / tag).rmdir()
    return [target for _, target in moves]


def _moves(root: Path, tag: str) -> Iterator[tuple[Path, Path]]:
    """Give what stands where, and where it works."""
    here = root / FOLDER / tag
    yield new_catalog(root, tag), catalog_file(root / "locales", tag)
    yield here / EXAMPLES, root / "data" / "nlu" / tag
    yield here / "introductions.txt", root / "bot" / "i18n" / "introductions" / f"{tag}.txt"
    yield here / "speech.yml", root / "tests" / "system" / "speech" / f"{tag}.yml"


def _short(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
