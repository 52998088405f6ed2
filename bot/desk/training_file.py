"""What staff labelled, as a file of training data in the form of `data/nlu/<language>/`; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.conversations.text import clean, is_blank

# In Rasa's training data these mark entities.
_MARKUP = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})
_HEADER = """\
# Messages that the bot was unsure of, with the meaning that staff gave them ({language}).
# Read every line before it is kept: take out what could lead to a person, and put a usual word
# in the place of <name>, <email>, <link> and of 0. See docs/desk.md.
version: "3.1"

nlu:
"""


def training_file(language: str, examples: Iterable[tuple[str, str]]) -> str:
    """Write examples as YAML.

    Args:
        language: Their language's tag.
        examples: Pairs of intent and text; of the same text the first one counts.
    """
    by_intent: dict[str, list[str]] = {}
    seen: set[str] = set()
    for intent, text in examples:
        line = one_line(text)
        if is_blank(line) or _folded(line) in seen:
            continue
        seen.add(_folded(line))
        by_intent.setdefault(intent, []).append(line)
    parts = [_of_intent(intent, sorted(lines)) for intent, lines in sorted(by_intent.items())]
    return _HEADER.format(language=language) + ("".join(parts) or "  []\n")


def one_line(text: str) -> str:
    """Give a text as one line that holds nothing that means anything to Rasa."""
    # `split` knows every kind of line end; YAML and Rasa do as well.
    line = clean(" ".join(text.translate(_MARKUP).split()))
    return " ".join(line.lstrip("/-\ufeff ").split())


def _folded(line: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", line.casefold()).split()) or line


def _of_intent(intent: str, lines: list[str]) -> str:
    listed = "".join(f"    - {line}\n" for line in lines)
    return f"- intent: {intent}\n  examples: |\n{listed}"
