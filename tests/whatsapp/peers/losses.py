"""What of a message cannot be read or taken on the phone any more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.whatsapp.peers import wire


def losses(body: Mapping[str, Any], seq: int, sent: Sequence[wire.Payload]) -> list[str]:
    """Name everything that a stored message holds and the posted ones do not."""
    bubbles = [wire.main_text(payload) for payload in sent]
    seen = squeeze(" ".join(text for payload in sent for text in wire.readable(payload)))
    taps = [identifier for payload in sent for identifier in wire.reply_ids(payload)]
    return [
        *text_losses(body["text"], bubbles),
        *(
            f"choice {number}: {loss}"
            for number, choice in enumerate(body["choices"], start=1)
            for loss in choice_losses(choice, number, body["numbered"], seen, taps, seq)
        ),
        *(
            f"link {link['title']}"
            for link in body["links"]
            if squeeze(link["title"]) not in seen or link["url"] not in seen
        ),
    ]


def text_losses(text: str, bubbles: Sequence[str]) -> Iterator[str]:
    found = iter(" ".join(bubbles).split())
    # `in` moves the iterator on: each word is looked for behind the one before it.
    for word in text.split():
        if wire.units(word) <= 1000 and word not in found:
            yield f"the word {word!r}, or its place"
            return
    # A word that no bubble can hold is cut; all of its letters are there.
    letters = iter("".join("".join(bubbles).split()))
    if not all(letter in letters for letter in "".join(text.split())):
        yield "letters of a very long word"


def choice_losses(
    choice: Mapping[str, str], number: int, numbered: bool, seen: str, taps: Sequence[str], seq: int
) -> Iterator[str]:
    title = squeeze(choice["title"])
    if title not in seen:
        yield "its title cannot be read"
    if squeeze(choice.get("description", "")) not in seen:
        yield "its description cannot be read"
    typed = f"{number}. {title}" if numbered else title
    if f"{seq}-{number}" not in taps and typed not in seen:
        yield "it can be neither tapped nor typed"


def squeeze(text: str) -> str:
    """A text without what no eye sees: the width of gaps, and the fences of directions."""
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())
