"""The reviewed replies: chosen in the reader's language, sent in the person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.gateway.handing_over import CANNED
from bot.gateway.voice import LAST_RESORT, Voice
from bot.i18n import Language


@dataclass(frozen=True)
class Canned:
    """One reply in both languages; `sent` is what the person gets."""

    name: str
    read: str
    sent: str
    language: str
    direction: str


def canned_values(agent: str, reference: str) -> dict[str, Any]:
    """Give what fills the replies' gaps."""
    return {"agent": agent, "reference": reference}


def canned_replies(
    voice: Voice, reads: str, speaks: str, values: Mapping[str, Any]
) -> Sequence[Canned]:
    """List the replies that can be said, in the domain's order.

    Args:
        voice: Knows the sentences.
        reads: The counsellor's language.
        speaks: The person's language.
        values: Of `canned_values`.
    """
    replies = []
    for name in voice.names(CANNED):
        read = voice.say(name, reads, values).text
        sent = voice.say(name, speaks, values).text
        if LAST_RESORT not in (read, sent):
            direction = Language(speaks).direction
            replies.append(Canned(name, read, sent, speaks, direction))
    return replies
