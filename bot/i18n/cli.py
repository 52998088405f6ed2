"""The command `impreuna locales`: what translators and the build run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.i18n.catalogs import SOURCE_LANGUAGE, catalog_file, languages
from bot.i18n.checks import check_all
from bot.i18n.merge import merged, read_catalog, write_catalog
from bot.i18n.sources import Sources, template


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 1 if something has to be put right."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    code: int = arguments.run(Sources(arguments.root.resolve()), arguments)
    return code


def extract(sources: Sources, _: argparse.Namespace) -> int:
    """Write the template from the domain and the pages."""
    fresh = template(sources)
    if _content(fresh) != _content(read_catalog(sources.template, SOURCE_LANGUAGE)):
        write_catalog(sources.template, fresh)
    _say(f"{len(fresh)} sentences in {_short(sources, sources.template)}")
    return 0


def update(sources: Sources, arguments: argparse.Namespace) -> int:
    """Bring the template and every catalog up to the sources."""
    extract(sources, arguments)
    for tag in languages(sources.locales):
        if tag != SOURCE_LANGUAGE:
            _update_language(sources, tag)
    return 0


def add(sources: Sources, arguments: argparse.Namespace) -> int:
    """Begin the catalog of a new language."""
    file = catalog_file(sources.locales, arguments.language)
    if file.exists():
        _say(f"{_short(sources, file)} exists already")
        return 1
    extract(sources, arguments)
    write_catalog(file, read_catalog(file, arguments.language))
    _update_language(sources, arguments.language)
    return 0


def check(sources: Sources, arguments: argparse.Namespace) -> int:
    """Print every fault with its place."""
    problems = check_all(sources, arguments.languages)
    for problem in problems:
        _say(str(problem))
    _say(f"{len(problems)} to put right" if problems else "all catalogs are in order")
    return 1 if problems else 0


def status(sources: Sources, _: argparse.Namespace) -> int:
    """Print how far each language is."""
    total = len(template(sources))
    for tag in languages(sources.locales):
        if tag == SOURCE_LANGUAGE:
            _say(f"{tag:8} {total:5} sentences: the source")
            continue
        messages = [m for m in read_catalog(catalog_file(sources.locales, tag), tag) if m.id]
        fuzzy = sum(bool(m.fuzzy) for m in messages)
        done = sum(_is_translated(m) and not m.fuzzy for m in messages)
        missing = max(total - done - fuzzy, 0)
        _say(f"{tag:8} {done:5} of {total} translated, {fuzzy} fuzzy, {missing} missing")
    return 0


def _update_language(sources: Sources, tag: str) -> None:
    file = catalog_file(sources.locales, tag)
    before = read_catalog(file, tag)
    after = merged(before, template(sources))
    if _content(before) != _content(after):
        write_catalog(file, after)
    waiting = sum(not _is_translated(m) or bool(m.fuzzy) for m in after if m.id)
    _say(f"{_short(sources, file)}: {waiting} sentences wait for a translator")


def _content(catalog: Any) -> list[tuple[Any, ...]]:
    kept = [m for m in catalog if m.id] + list(catalog.obsolete.values())
    return [
        (m.context, m.id, m.string, m.fuzzy, tuple(m.locations), tuple(m.user_comments))
        for m in kept
    ]


def _is_translated(message: Any) -> bool:
    forms = message.string
    return all(forms) if isinstance(forms, (list, tuple)) else bool(forms)


def _short(sources: Sources, file: Path) -> str:
    return file.relative_to(sources.root).as_posix()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="impreuna locales", description=__doc__)
    parser.add_argument("--root", type=Path, default=Sources().root, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for run in (extract, update, status):
        command = commands.add_parser(run.__name__, help=run.__doc__)
        command.set_defaults(run=run)
    adding = commands.add_parser("add", help=add.__doc__)
    adding.add_argument("language", help="the new language's tag, such as `uk`")
    adding.set_defaults(run=add)
    checking = commands.add_parser("check", help=check.__doc__)
    checking.add_argument("languages", nargs="*", help="only these")
    checking.set_defaults(run=check)
    return parser
