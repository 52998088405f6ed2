"""A language in preparation: all its files stand in `preparation/<tag>/` and nothing reads them.

When its examination is passed (`docs/translating.md`), `offer` moves them to where they work.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.errors import ConfigError
from bot.i18n.catalogs import CATALOG_NAME, catalog_file

FOLDER = "preparation"
CATALOG, EXAMPLES = "impreuna.po", "nlu"


def in_preparation(root: Path) -> list[str]:
    """List the tags of the languages in preparation."""
    folder = root / FOLDER
    return (
        sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.exists() else []
    )


def catalog_in_preparation(root: Path, tag: str, name: str = CATALOG_NAME) -> Path | None:
    """Give the catalog of a language in preparation; None if it is none, or for staff's."""
    file = root / FOLDER / tag / CATALOG
    return file if name == CATALOG_NAME and file.is_file() else None


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
    yield here / CATALOG, catalog_file(root / "locales", tag)
    yield here / EXAMPLES, root / "data" / "nlu" / tag
    yield here / "introductions.txt", root / "bot" / "i18n" / "introductions" / f"{tag}.txt"
    yield here / "speech.yml", root / "tests" / "system" / "speech" / f"{tag}.yml"


def _short(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
