"""WhatsApp's limits, by name, and how long a text is.

Sources: developers.facebook.com, WhatsApp Cloud API, "Text messages", "Interactive reply
buttons", "Interactive list", "Interactive call-to-action URL button", "Templates". For the
body of a list Meta's page says 4096 and its OpenAPI file 1024: the smaller one is kept.
"""

from __future__ import annotations

import re

TEXT = 4096
BODY = 1024
CAPTION = 1024
BUTTONS = 3
BUTTON_TITLE = 20
ROWS = 10
ROW_TITLE = 24
ROW_DESCRIPTION = 72
LIST_BUTTON = 20
LINK_TITLE = 20
LINK_URL = 2000
QUICK_REPLY = 25
TEMPLATE_BODY = 1024
FILENAME = 240

_ISOLATES = re.compile("[\u2066-\u2069]")
_ELLIPSIS = "\u2026"


def length(text: str) -> int:
    """Count a text as the strictest reader does.

    Whether WhatsApp counts code points or UTF-16 units is not documented; the units are
    never fewer.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def on_one_line(text: str, limit: int) -> str:
    """Make a title of a text: no line breaks, and no invisible marks if it is too long."""
    plain = " ".join(text.split())
    return plain if length(plain) <= limit else _ISOLATES.sub("", plain)


def shorten(text: str, limit: int) -> str:
    """Cut a text at a word, with an ellipsis; the whole of it must stand somewhere else."""
    if length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while kept and length(kept) > limit - 1:
        kept = kept[:-1]
    at_word = kept.rsplit(" ", 1)[0] if " " in kept.strip() else kept
    return at_word.rstrip(" ,;:-\u2013\u060c") + _ELLIPSIS
