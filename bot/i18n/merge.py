"""Bringing a language's catalog up to the template, without losing a translator's work.

Only sentences of the same context are matched: a small edit keeps the old translation, marked
fuzzy with the previous English beside it; a rewritten sentence starts anew. Obsolete translations
stay at the file's end. An edit that its author marks as not touching the meaning keeps them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.i18n.previous import previous_english, without_previous

SMALL_EDIT = 0.6
HEADER = """\
# The sentences of Împreună in another language: see docs/translating.md.
# Distributed under the same licence as Împreună: see LICENSE."""


def read_catalog(file: Path, language: str) -> Any:
    """Read a catalog; an empty one if there is no file yet."""
    if not file.is_file():
        return Catalog(
            locale=_locale(language),
            project="Împreună",
            version="1",
            charset="utf-8",
            header_comment=HEADER,
        )
    with file.open("rb") as stream:
        catalog = read_po(stream, locale=_locale(language))
    for message in (*catalog, *catalog.obsolete.values()):
        message.previous_id = list(previous_english(message))
        message.user_comments = without_previous(message.user_comments)
    return catalog


def write_catalog(file: Path, catalog: Any) -> None:
    """Write a catalog; lines are not wrapped, so that a change shows as one line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalog, width=0, include_previous=True, ignore_obsolete=False)


def merged(catalog: Any, template: Any, same_meaning: Collection[str] = ()) -> Any:
    """A new catalog with the template's sentences and the old one's translations.

    Args:
        catalog: The old one.
        template: The English as it stands now.
        same_meaning: The contexts (responses' names) whose English changed without its meaning,
            a comma say: their translations stay as they are.
    """
    fresh = _like(catalog)
    old = {(m.context, _first(m.id)): m for m in catalog if m.id}
    old.update({(m.context, _first(m.id)): m for m in catalog.obsolete.values()})
    wanted = {(m.context, _first(m.id)) for m in template if m.id}
    spare = _by_context(message for key, message in old.items() if key not in wanted)
    for message in template:
        if message.id:
            keeps = _response(message.context) in same_meaning
            _add(fresh, message, old.get((message.context, _first(message.id))), spare, keeps)
    for left in spare.values():
        for message in left:
            if any(_forms(message)):
                fresh.obsolete[(_first(message.id), message.context)] = message
    return fresh


def _like(catalog: Any) -> Any:
    fresh = Catalog(
        locale=catalog.locale,
        project=catalog.project,
        version=catalog.version,
        charset="utf-8",
        header_comment=catalog.header_comment,
        revision_date=catalog.revision_date,
        creation_date=catalog.creation_date,
        last_translator=catalog.last_translator,
        language_team=catalog.language_team,
        fuzzy=False,
    )
    # The file's own plural rule: translators' tools may know it better than Babel.
    fresh._num_plurals, fresh._plural_expr = catalog.num_plurals, catalog.plural_expr
    return fresh


def _response(context: str | None) -> str:
    return (context or "").split(".")[0]


def _add(
    fresh: Any, message: Any, same: Any, spare: dict[str | None, list[Any]], keeps: bool
) -> None:
    source = same or _closest(message, spare[message.context])
    flags = set(message.flags)
    previous: tuple[str, ...] = ()
    if source is not None:
        flags |= set(source.flags) & {"fuzzy"}
    if source is not None and same is None:
        spare[message.context].remove(source)
        if not keeps:
            flags.add("fuzzy")
            previous = _as_tuple(source.id)
    elif source is not None:
        previous = tuple(source.previous_id)
    fresh.add(
        message.id,
        string=_fitting(message, source, fresh.num_plurals),
        context=message.context,
        locations=message.locations,
        flags=flags if source is not None and any(_forms(source)) else flags - {"fuzzy"},
        auto_comments=message.auto_comments,
        user_comments=list(source.user_comments) if source is not None else [],
        previous_id=list(previous) if "fuzzy" in flags else [],
    )


def _closest(message: Any, candidates: list[Any]) -> Any:
    text = _first(message.id)
    rated = [
        (SequenceMatcher(None, text, _first(c.id)).ratio(), i) for i, c in enumerate(candidates)
    ]
    ratio, index = max(rated, default=(0.0, -1))
    return candidates[index] if ratio >= SMALL_EDIT else None


def _fitting(message: Any, source: Any, plurals: int) -> Any:
    forms = _forms(source) if source is not None else ()
    if isinstance(message.id, (list, tuple)):
        return tuple((*forms, *[""] * plurals)[:plurals])
    return forms[-1] if forms else ""


def _by_context(messages: Iterable[Any]) -> dict[str | None, list[Any]]:
    found: dict[str | None, list[Any]] = defaultdict(list)
    for message in messages:
        found[message.context].append(message)
    return found


def _forms(message: Any) -> tuple[str, ...]:
    return _as_tuple(message.string)


def _as_tuple(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value or "",)


def _first(msgid: Any) -> str:
    return str(msgid[0] if isinstance(msgid, (list, tuple)) else msgid)


def _locale(language: str) -> Any:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
