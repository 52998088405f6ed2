"""The command `impreuna locales`: what translators and the build run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.i18n.catalogs import (
    CATALOG_NAME,
    DESK_CATALOG,
    SOURCE_LANGUAGE,
    Catalogs,
    Translator,
)
from bot.i18n.checks import check_all
from bot.i18n.coverage import coverage, distinct, entries, in_words
from bot.i18n.merge import merged, read_catalog, write_catalog
from bot.i18n.preparation import begin, in_preparation, new_catalog, offer
from bot.i18n.preview import command as showing
from bot.i18n.sources import Sources, sentences, template


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 1 if something has to be put right."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    code: int = arguments.run(Sources(arguments.root.resolve()), arguments)
    return code


def extract(sources: Sources, _: argparse.Namespace) -> int:
    """Write the templates from the domain and the pages."""
    for each in _both(sources):
        fresh = template(each)
        if _content(fresh) != _content(read_catalog(each.template, SOURCE_LANGUAGE)):
            write_catalog(each.template, fresh)
        _say(f"{len(fresh)} sentences in {_short(each, each.template)}")
    return 0


def update(sources: Sources, arguments: argparse.Namespace) -> int:
    """Bring the templates and every catalog up to the sources."""
    extract(sources, arguments)
    for each in _both(sources):
        for tag in each.languages():
            if tag != SOURCE_LANGUAGE:
                _update_language(each, tag, arguments.same_meaning)
    for tag in in_preparation(sources.root):
        _update_language(sources, tag, arguments.same_meaning)
    return 0


def offer_language(sources: Sources, arguments: argparse.Namespace) -> int:
    """Put a language that was in preparation to work."""
    try:
        moved = offer(sources.root, arguments.language)
    except ConfigError as error:
        _say(str(error))
        return 1
    for file in moved:
        _say(_short(sources, file))
    _say("Now: `make train`, then `make eval`.")
    return 0


def add(sources: Sources, arguments: argparse.Namespace) -> int:
    """Begin a new language: every file that it needs, to be filled in."""
    tag = arguments.language
    try:
        made = begin(sources.root, tag)
    except ConfigError as error:
        _say(str(error))
        return 1
    extract(sources, arguments)
    file = new_catalog(sources.root, tag)
    write_catalog(file, read_catalog(file, tag))
    for each in made:
        _say(_short(sources, each))
    _update_language(sources, tag)
    return 0


def check(sources: Sources, arguments: argparse.Namespace) -> int:
    """Print every fault with its place."""
    wanted, desk = arguments.languages, replace(sources, name=DESK_CATALOG)
    problems = check_all(sources, wanted)
    at_desk = [tag for tag in wanted if tag in desk.languages()]
    if at_desk or not wanted:
        problems += check_all(desk, at_desk)
    for problem in problems:
        _say(str(problem))
    _say(f"{len(problems)} to put right" if problems else "all catalogs are in order")
    return 1 if problems else 0


def status(sources: Sources, _: argparse.Namespace) -> int:
    """Print how far each language is, by the harm that a gap does."""
    words = Translator(Catalogs(sources.locales, DESK_CATALOG), SOURCE_LANGUAGE)
    for each in _both(sources):
        found = sentences(each)
        total = len(distinct(found))
        for tag in each.languages():
            _say(f"{tag:8} {_count(each, tag, total)}{_suffix(each)}")
            if tag != SOURCE_LANGUAGE:
                _say(f"{'':8} {in_words(coverage(tag, found, entries(each, tag)), words)}")
    return 0


def preview(sources: Sources, arguments: argparse.Namespace) -> int:
    """Write every message as each channel shows it, as pages that open from a folder."""
    return showing.preview(sources, arguments.languages, arguments.out, arguments.reader)


def render(sources: Sources, arguments: argparse.Namespace) -> int:
    """Render every message in every language on every channel; print what does not come out."""
    return showing.render(sources, arguments.languages)


def _both(sources: Sources) -> list[Sources]:
    """What people read, then what staff reads."""
    return [replace(sources, name=name) for name in (CATALOG_NAME, DESK_CATALOG)]


def _suffix(sources: Sources) -> str:
    return " (the desk)" if sources.name == DESK_CATALOG else ""


def _count(sources: Sources, tag: str, total: int) -> str:
    if tag == SOURCE_LANGUAGE:
        return f"{total:5} sentences: the source"
    messages = [m for m in read_catalog(sources.catalog(tag), tag) if m.id]
    fuzzy = sum(bool(m.fuzzy) for m in messages)
    done = sum(_is_translated(m) and not m.fuzzy for m in messages)
    missing = max(total - done - fuzzy, 0)
    return f"{done:5} of {total} translated, {fuzzy} fuzzy, {missing} missing"


def _update_language(sources: Sources, tag: str, same_meaning: Sequence[str] = ()) -> None:
    file = sources.catalog(tag)
    before = read_catalog(file, tag)
    after = merged(before, template(sources), same_meaning)
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
    commands.choices["update"].add_argument(
        "--same-meaning",
        nargs="+",
        default=[],
        metavar="NAME",
        help="responses whose English changed without its meaning: translations are kept",
    )
    offering = commands.add_parser("offer", help=offer_language.__doc__)
    offering.add_argument("language", help="the tag of a folder in `preparation/`")
    offering.set_defaults(run=offer_language)
    adding = commands.add_parser("add", help=add.__doc__)
    adding.add_argument("language", help="the new language's tag, such as `uk`")
    adding.set_defaults(run=add)
    checking = commands.add_parser("check", help=check.__doc__)
    checking.add_argument("languages", nargs="*", help="only these")
    checking.set_defaults(run=check)
    _add_showing(commands)
    return parser


def _add_showing(commands: Any) -> None:
    for run in (preview, render):
        command = commands.add_parser(run.__name__, help=run.__doc__)
        command.add_argument("languages", nargs="*", help="only these")
        command.set_defaults(run=run)
        if run is preview:
            folder = Path("build") / "preview"
            command.add_argument("--out", type=Path, default=folder, help=f"folder ({folder})")
            told = "language of the pages' own words (en)"
            command.add_argument("--reader", default=SOURCE_LANGUAGE, help=told)
