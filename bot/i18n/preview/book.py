"""All messages in all languages, read from the files as they stand."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.i18n.catalogs import SOURCE_LANGUAGE, Catalogs
from bot.i18n.coverage import Coverage, coverage, distinct, entries_of, groups
from bot.i18n.glossary import FILE as GLOSSARY
from bot.i18n.glossary import read_glossary
from bot.i18n.language import language
from bot.i18n.merge import read_catalog
from bot.i18n.preview.channels import CHANNELS, Channel
from bot.i18n.preview.messages import MessageView, Reader, by_message, group_of_message
from bot.i18n.preview.samples import Samples
from bot.i18n.preview.speaker import Speaker, counts_of
from bot.i18n.preview.tasks import Task, tasks
from bot.i18n.responses import Responses
from bot.i18n.sources import Sentence, Sources, sentences

_Stamp = tuple[int, ...]


@dataclass(frozen=True)
class LanguageView:
    """One language: how far it is (None for the source), its messages, what to do first."""

    tag: str
    name: str
    direction: str
    coverage: Coverage | None
    messages: tuple[MessageView, ...]
    tasks: tuple[Task, ...]

    def groups(self) -> dict[str, list[MessageView]]:
        """The messages by group, in the order of harm; groups that have none are left out."""
        found = {group: [m for m in self.messages if m.group == group] for group in groups()}
        return {group: own for group, own in found.items() if own}


class Book:
    """Reads the languages; an edited file shows at the next reading.

    May be used by several threads.

    Args:
        sources: Where the files are.
        samples: What fills the placeholders.
        channels: Those that a message is shown on.
    """

    def __init__(
        self,
        sources: Sources,
        samples: Samples | None = None,
        channels: Sequence[Channel] = CHANNELS,
    ) -> None:
        self._sources = sources
        self._samples = samples or Samples()
        self._channels = channels
        self._catalogs = Catalogs(sources.locales)
        self._lock = threading.Lock()
        self._english: tuple[_Stamp, list[Sentence], Responses] | None = None
        self._views: dict[str, tuple[_Stamp, LanguageView]] = {}

    def languages(self) -> list[str]:
        """The languages on offer; the source needs no catalog."""
        return sorted({*self._sources.languages(), SOURCE_LANGUAGE})

    def language(self, tag: str) -> LanguageView:
        """Read one language.

        Raises:
            KeyError: If it is not on offer.
        """
        if tag not in self.languages():
            raise KeyError(tag)
        with self._lock:
            # Of all catalogs, for some messages list the languages.
            files = [self._sources.catalog(each) for each in self.languages()]
            stamp = _stamp(self._sources.domain, self._sources.locales / GLOSSARY, *files)
            known = self._views.get(tag)
            if known is None or known[0] != stamp:
                known = self._views[tag] = (stamp, self._read(tag, turns=1))
            return known[1]

    def everything(self, tag: str) -> LanguageView:
        """Read one language with every set of sample values: what `render` goes through."""
        with self._lock:
            return self._read(tag, turns=0)

    def _read(self, tag: str, turns: int) -> LanguageView:
        found, responses = self._source()
        speaker = Speaker(responses, self._samples, self._channels, self.languages())
        file = self._sources.catalog(tag)
        catalog = read_catalog(file, tag)
        where = file.relative_to(self._sources.root).as_posix()
        is_source = tag == SOURCE_LANGUAGE
        terms = read_glossary(self._sources.locales, tag)
        reader = Reader(tag, where, None if is_source else catalog, terms)
        counts = counts_of(catalog.plural_expr)
        messages = tuple(
            MessageView(
                name=name,
                group=group_of_message(told),
                sentences=tuple(reader.read(told)),
                versions=tuple(speaker.versions(name, told, tag, counts, turns))
                if name in responses
                else (),
            )
            for name, told in by_message(found).items()
        )
        return LanguageView(
            tag=tag,
            name=language(tag).name,
            direction=language(tag).direction,
            coverage=None if is_source else coverage(tag, found, entries_of(catalog)),
            messages=messages,
            tasks=tuple(tasks(messages)),
        )

    def _source(self) -> tuple[list[Sentence], Responses]:
        """The English; pages change with the program, so only the domain is looked at again."""
        stamp = _stamp(self._sources.domain)
        if self._english is None or self._english[0] != stamp:
            found = distinct(sentences(self._sources))
            self._english = (stamp, found, Responses(self._sources.domain, self._catalogs))
        return self._english[1], self._english[2]


def _stamp(*files: Path) -> _Stamp:
    """What changes when a file does."""
    return tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files)
