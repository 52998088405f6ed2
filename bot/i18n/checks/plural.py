"""The check for plural forms."""

from __future__ import annotations

from collections.abc import Iterator

from bot.i18n.checks.entry import Entry


class EveryPlural:
    """A sentence that counts has as many forms as its language asks for."""

    def problems(self, entry: Entry) -> Iterator[str]:
        """See `Check.problems`."""
        if entry.is_source or not entry.sentence.other:
            return
        wanted = entry.plurals
        if len(entry.forms) != wanted:
            yield f"{len(entry.forms)} plural forms, where this language has {wanted}"
