"""What the bot said, in the reader's language: the same reviewed sentences, another catalog.

A counsellor who reads Romanian sees what the bot told somebody in Arabic, and which choice was
taken. What filled a sentence's gaps (names, dates) was not kept; it shows as "…".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.conversations.turn import PARAGRAPH, Said
from bot.gateway.voice import LAST_RESORT, Voice
from bot.i18n.responses import ASKER

GAP = "…"


class _Gaps(Mapping[str, Any]):
    """Has a value for everything: a gap."""

    def __getitem__(self, name: str) -> str:
        return GAP

    def get(self, name: str, default: Any = None) -> Any:
        """Give nothing where a value chooses between sentences."""
        return default if name == ASKER else GAP

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


class Gist:
    """Tells a conversation's bot messages in one language."""

    def __init__(self, voice: Voice, language: str) -> None:
        self._voice = voice
        self._language = language

    def text(self, body: Mapping[str, Any]) -> str | None:
        """Give a message's text; None if it is in this language already, or cannot be told."""
        if body.get("language") == self._language:
            return None
        said = [self._say(name).text for name in _names(body)]
        known = [text for text in said if text and text != LAST_RESORT]
        return PARAGRAPH.join(known) or None

    def choices(self, body: Mapping[str, Any]) -> Sequence[str]:
        """Give the titles of a message's choices in their order; none if they are not the same."""
        offered = len(body.get("choices") or ())
        for name in reversed(_names(body)):
            said = self._say(name)
            if offered and len(said.choices) == offered:
                return [choice.title for choice in said.choices]
        return ()

    def _say(self, name: str) -> Said:
        try:
            return self._voice.say(name, self._language, _Gaps())
        except ValueError:
            # A gap is no number to count by.
            return Said(LAST_RESORT)


def _names(body: Mapping[str, Any]) -> list[str]:
    return [name for name in body.get("names") or () if name]
