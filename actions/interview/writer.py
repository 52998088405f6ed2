"""Who writes, as far as the message itself says it: "I am a refugee", "my husband is in Romania".

What it does not say is asked.
"""

from __future__ import annotations

from actions.interview.mentions import Mention, Mentions

FAMILY_ABROAD, SPONSOR, HELPER = "family_abroad", "sponsor", "helper"
ROMANIA = ("RO", "romania")
HERE = "romania"  # said without the country's name: whoever writes it is there


def asker_of(mentions: Mentions) -> str | None:
    """`sponsor`, `family_abroad`, `helper`, or None where the message does not say."""
    told = mentions.values("asker")
    if told:
        return told[0]
    if any(_is_of_sponsor(m) and of_writer(mentions, index) for index, m in mentions):
        return SPONSOR
    if HERE not in mentions.values("place") and names_sponsor(mentions):
        return FAMILY_ABROAD
    return None


def names_sponsor(mentions: Mentions) -> bool:
    """Whether it says of somebody else to be in Romania."""
    return any(is_in_romania(mentions, i) for i, m in mentions if m.name == "person")


def is_in_romania(mentions: Mentions, index: int) -> bool:
    """Whether the place told of this person, before anybody else is named, is Romania."""
    for mention in mentions.after(index):
        if mention.name in ("person", "self"):
            return False
        if mention.name in ("country", "place"):
            return mention.value in ROMANIA
    return False


def of_writer(mentions: Mentions, index: int) -> bool:
    """Whether the last one named before this is the writer: "I am 16, alone"."""
    for mention in reversed(mentions.before(index)):
        if mention.name in ("person", "other", "self"):
            return mention.name == "self"
    return False


def _is_of_sponsor(mention: Mention) -> bool:
    return mention.name in ("status", "unaccompanied") or mention.value in ROMANIA
