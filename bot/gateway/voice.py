"""The gateway's own voice: the bot's sentences and the pages' texts, in every language.

Joins `bot.i18n` with what a conversation needs; used when a message is answered at the
door, and when Rasa is down.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.conversations.message import Choice
from bot.conversations.turn import Said
from bot.errors import BotError
from bot.i18n import SOURCE_LANGUAGE, Catalogs, Language, Rendered, Responses, Translator

log = logging.getLogger(__name__)

LAST_RESORT = "CNRR: \u2066+40 21 312 62 10\u2069, \u2066+40 31 405 02 75\u2069"
"""Said when even the sentence is missing: in no language, but with somebody to call."""


class Voice:
    """Says responses of the domain and knows the languages on offer."""

    def __init__(self, domain: Path | Mapping[str, Any], catalogs: Catalogs) -> None:
        self._responses = Responses(domain, catalogs)
        self._catalogs = catalogs

    def say(self, name: str, language: str, values: Mapping[str, Any] | None = None) -> Said:
        """Say a response in a language; never fails, for silence is worse."""
        try:
            return _said(self._responses.render(name, language, values))
        except BotError as error:
            log.error("response %s cannot be said: %s", name, error.code)
            return Said(text=LAST_RESORT, name=name)

    def names(self, prefix: str) -> list[str]:
        """List the responses whose names begin so, in the domain's order."""
        return [name for name in self._responses.names() if name.startswith(prefix)]

    def is_unreviewed(self, language: str) -> bool:
        """Tell whether some of a language's sentences were written by a machine only."""
        return self._catalogs.is_unreviewed(language)

    def direction(self, language: str) -> str:
        """Give `ltr` or `rtl`."""
        return Language(language).direction

    def languages(self) -> list[dict[str, str]]:
        """List the languages on offer, each by code, own name and direction."""
        return [
            {"code": code, "name": Language(code).name, "direction": Language(code).direction}
            for code in self._codes()
        ]

    def match(self, wanted: Sequence[str]) -> str | None:
        """Give the first wanted language that is on offer (`ar-EG` is served by `ar`)."""
        offered = self._codes()
        for tag in wanted:
            plain = tag.replace("_", "-")
            for candidate in (plain, plain.split("-")[0].lower()):
                if candidate in offered:
                    return candidate
        return None

    def load(self) -> None:
        """Read every catalog now, so that nobody's first message waits for it."""
        for code in self._codes():
            self.translator(code)

    def translator(self, language: str) -> Translator:
        """Give the translator of the pages' texts."""
        return Translator(self._catalogs, language)

    def _codes(self) -> list[str]:
        return sorted({*self._catalogs.languages(), SOURCE_LANGUAGE})


def _said(rendered: Rendered) -> Said:
    return Said(
        text=rendered.text,
        name=rendered.name,
        choices=tuple(Choice(c.title, c.payload, c.description) for c in rendered.choices),
        numbered=rendered.numbered,
        links=tuple({"title": link.title, "url": link.url} for link in rendered.links),
    )
