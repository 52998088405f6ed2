"""The English that a translation was made for, where the English has changed since.

Babel writes it (`#| msgid "..."`) but reads it back as comments, so it is taken out of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from babel.messages.pofile import denormalize

_MARK = "|"
_LINE = re.compile(r'\|\s*(msgctxt|msgid_plural|msgid)?\s*(".*")$')


def previous_english(message: Any) -> tuple[str, ...]:
    """Give the English as it was, its plural after it; nothing if none is noted."""
    return tuple(message.previous_id) or tuple(_noted(message.user_comments))


def without_previous(comments: Iterable[str]) -> list[str]:
    """Leave out of a message's comments what is no comment."""
    return [text for text in comments if not text.lstrip().startswith(_MARK)]


def _noted(comments: Iterable[str]) -> Iterator[str]:
    texts: list[tuple[str, list[str]]] = []
    for line in comments:
        found = _LINE.match(line.strip())
        if found and found[1]:
            texts.append((found[1], [found[2]]))
        elif found and texts:
            texts[-1][1].append(found[2])
    return (denormalize("\n".join(quoted)) for keyword, quoted in texts if keyword != "msgctxt")
