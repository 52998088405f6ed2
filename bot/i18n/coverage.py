"""How far a language is, by the harm that a gap does; never one percentage.

Each sentence belongs to one group by its message's name (`groups.yml`, in the order of harm), and
stands in a language in one of the ways of `Standing`. Used by `impreuna locales status` and by the
preview.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.i18n.catalogs import UNREVIEWED, Translator
from bot.i18n.merge import read_catalog
from bot.i18n.sources import Sentence, Sources

PAGES, OTHER = "pages", "other"
_FILE = Path(__file__).with_name("groups.yml")
_RESPONSE = "utter_"

Key = tuple[str | None, str]


class Standing(str, Enum):
    """How a sentence stands in a language; the reader sees English where it is not finished."""

    SOURCE = "source"
    READ = "read"
    MACHINE = "machine"
    CHANGED = "changed"
    MISSING = "missing"

    @property
    def is_finished(self) -> bool:
        """Whether the reader sees it in this language."""
        return self not in (Standing.CHANGED, Standing.MISSING)


@dataclass(frozen=True)
class Coverage:
    """One language: for each group that has sentences, how many stand how; in order of harm."""

    language: str
    groups: Mapping[str, Counter[Standing]]

    def count(self, standing: Standing) -> int:
        """How many sentences of all groups stand so."""
        return sum(counts[standing] for counts in self.groups.values())


def group_of(context: str | None) -> str:
    """The group of a sentence, by its `msgctxt` (`utter_menu.ask_menu` is of `utter_menu`)."""
    name = (context or "").split(".")[0]
    fitting = [(len(pattern), group) for pattern, group in _patterns() if _fits(name, pattern)]
    return max(fitting)[1] if fitting else OTHER if name.startswith(_RESPONSE) else PAGES


@lru_cache(maxsize=1)
def groups() -> tuple[str, ...]:
    """All groups, the most harmful first."""
    return tuple(str(each["group"]) for each in _table())


def forms_of(message: Any) -> tuple[str, ...]:
    """A catalog entry's translation in all its forms; one empty form if there is none."""
    forms = message.string
    return tuple(forms) if isinstance(forms, (list, tuple)) else (forms or "",)


def standing(message: Any) -> Standing:
    """How a catalog's entry stands; None is an entry that the catalog lacks."""
    if message is None or not all(forms_of(message)):
        return Standing.MISSING
    if message.fuzzy:
        return Standing.CHANGED
    is_machine = any(UNREVIEWED in comment for comment in message.user_comments)
    return Standing.MACHINE if is_machine else Standing.READ


def entries(sources: Sources, tag: str) -> dict[Key, Any]:
    """The entries of a language's catalog, by context and (singular) English."""
    return entries_of(read_catalog(sources.catalog(tag), tag))


def entries_of(catalog: Any) -> dict[Key, Any]:
    """The entries of a catalog that was read, by context and (singular) English."""
    return {
        (m.context, m.id[0] if isinstance(m.id, (list, tuple)) else m.id): m
        for m in catalog
        if m.id
    }


def distinct(found: Iterable[Sentence]) -> list[Sentence]:
    """Each sentence once; where one stands in several places, the first speaks for all."""
    kept: dict[Key, Sentence] = {}
    for sentence in found:
        kept.setdefault((sentence.context, sentence.english), sentence)
    return list(kept.values())


def coverage(tag: str, found: Iterable[Sentence], known: Mapping[Key, Any]) -> Coverage:
    """Count how the sentences stand in a language.

    Args:
        tag: The language.
        found: All sentences, of `bot.i18n.sources.sentences`.
        known: The language's `entries`.
    """
    counts: dict[str, Counter[Standing]] = {group: Counter() for group in groups()}
    for sentence in distinct(found):
        entry = known.get((sentence.context, sentence.english))
        counts[group_of(sentence.context)][standing(entry)] += 1
    return Coverage(tag, {group: each for group, each in counts.items() if each})


def in_words(told: Coverage, words: Translator) -> str:
    """Tell a language's standing in one line: each group, then who has read it."""
    lines = [group_in_words(group, counts, words) for group, counts in told.groups.items()]
    return "; ".join([*lines, readers_in_words(told, words)])


def group_in_words(group: str, counts: Mapping[Standing, int], words: Translator) -> str:
    """Tell how one group stands: "findings: 3 missing, 1 whose English changed"."""
    name = group_text(group, words)
    gaps = gaps_in_words(counts, words)
    if not gaps:
        return words.pgettext("desk", "{group} complete").format(group=name)
    return f"{name}: {', '.join(gaps)}"


def gaps_in_words(counts: Mapping[Standing, int], words: Translator) -> Sequence[str]:
    """Tell what a reader sees in English; nothing if a group is complete."""
    missing, changed = counts[Standing.MISSING], counts[Standing.CHANGED]
    gaps = []
    if missing:
        text = words.npgettext("desk", "{number} missing", "{number} missing", missing)
        gaps.append(text.format(number=missing))
    if changed:
        text = words.npgettext(
            "desk", "{number} whose English changed", "{number} whose English changed", changed
        )
        gaps.append(text.format(number=changed))
    return gaps


def readers_in_words(told: Coverage, words: Translator) -> str:
    """Tell how many of the finished sentences a person has read."""
    text = words.pgettext("desk", "{read} read by a person, {machine} by a machine only")
    return text.format(read=told.count(Standing.READ), machine=told.count(Standing.MACHINE))


def group_text(group: str, words: Translator) -> str:
    """Name a group in the reader's language."""
    return {
        "safety": words.pgettext("desk", "safety"),
        "findings": words.pgettext("desk", "findings"),
        "questions": words.pgettext("desk", "questions"),
        "answers": words.pgettext("desk", "answers"),
        "words": words.pgettext("desk", "words"),
        "replies": words.pgettext("desk", "replies of counsellors"),
        "pages": words.pgettext("desk", "pages"),
        "desk": words.pgettext("desk", "pages of the desk"),
    }.get(group) or words.pgettext("desk", "other sentences")


def _fits(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(each["group"])) for each in _table() for name in each["names"])


@lru_cache(maxsize=1)
def _table() -> Sequence[Mapping[str, Any]]:
    content: Sequence[Mapping[str, Any]] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return content
