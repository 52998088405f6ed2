"""The transcript as staff reads it: both sides in order, what happened in between, the ticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations.text import direction_of
from bot.desk.case_texts import event_texts, kind_text, tick_text
from bot.desk.gist import Gist
from bot.desk.media_types import is_inline
from bot.i18n import Translator

_SILENT_EVENTS = frozenset({"reply"})
_WAITS, _BEING_SENT = "waits", "asked"


@dataclass(frozen=True)
class MediaLine:
    """A picture, voice note or file; `shown` is how the page shows it, empty: as a link."""

    id: int
    name: str
    shown: str
    kilobytes: int
    state: str


@dataclass(frozen=True)
class Item:
    """One line of the transcript.

    Attributes:
        seq: The message's number; None for an event.
        author: `person`, `bot`, `agent` or `event`.
        gist: The bot's message, or the choice taken, in the reader's language.
        tick: How far it came on a channel that is written to.
        is_lost: It will never arrive.
    """

    seq: int | None
    author: str
    who: str
    at: datetime
    text: str
    language: str = ""
    direction: str = "ltr"
    choices: Sequence[str] = ()
    gist: str | None = None
    kind: str = ""
    media: Sequence[MediaLine] = ()
    tick: str = ""
    is_lost: bool = False


def make_items(
    words: Translator,
    rows: Sequence[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]],
    ticks: Mapping[int, str],
    gist: Gist,
    window_open: bool = True,
) -> list[Item]:
    """Make the lines of a transcript.

    Args:
        words: In the reader's language.
        rows: Of `bot.store.cases.transcript`.
        events: Of the case.
        ticks: By seq, of `bot.store.case_lists.ticks`; empty where nothing is pushed.
        gist: Tells what the bot said.
        window_open: Whether the channel takes free text now.
    """
    items: list[Item] = []
    asked: Mapping[str, Any] = {}
    for row in rows:
        if row["body"] is None:
            items.append(_of_person(words, row, asked, gist))
        else:
            asked = row["body"] if row["author"] == "bot" else asked
            items.append(_of_us(words, row, ticks, gist, window_open))
    return _merged(items, _events(words, events))


def _of_person(
    words: Translator, row: Mapping[str, Any], asked: Mapping[str, Any], gist: Gist
) -> Item:
    text = row["text"] or ""
    return Item(
        seq=row["seq"],
        author="person",
        who=words.pgettext("desk", "Person"),
        at=row["at"],
        text=text,
        direction=direction_of(text),
        gist=_taken(text, asked, gist),
        kind="" if row["media"] else kind_text(words, row["kind"]),
        media=[_media(words, each) for each in row["media"] or ()],
    )


def _taken(text: str, asked: Mapping[str, Any], gist: Gist) -> str | None:
    """Tell which choice of the last question a text is."""
    titles = [choice.get("title") for choice in asked.get("choices") or ()]
    if text not in titles:
        return None
    known = gist.choices(asked)
    taken = known[titles.index(text)] if known else None
    return taken if taken != text else None


def _of_us(
    words: Translator,
    row: Mapping[str, Any],
    ticks: Mapping[int, str],
    gist: Gist,
    window_open: bool,
) -> Item:
    body = row["body"]
    by_agent = row["author"] == "agent"
    state = _state(row, ticks, window_open)
    return Item(
        seq=row["seq"],
        author=row["author"],
        who=body.get("agent") or words.pgettext("desk", "Counsellor")
        if by_agent
        else words.pgettext("desk", "Bot"),
        at=row["at"],
        text=body.get("text") or "",
        language=body.get("language") or "",
        direction=body.get("direction") or "ltr",
        choices=[choice.get("title", "") for choice in body.get("choices") or ()],
        gist=gist.text(body),
        tick=tick_text(words, state) if state else "",
        is_lost=state == "failed",
    )


def _state(row: Mapping[str, Any], ticks: Mapping[int, str], window_open: bool) -> str:
    if row["failed_at"] is not None:
        return "failed"
    if row["seq"] in ticks:
        return ticks[row["seq"]]
    if row["delivered"] is not None:
        return ""
    return _BEING_SENT if window_open else _WAITS


def _media(words: Translator, media: Mapping[str, Any]) -> MediaLine:
    mime = str(media["mime_type"])
    shown = mime.split("/")[0] if is_inline(mime) else ""
    return MediaLine(
        id=media["id"],
        name=kind_text(words, media["kind"]),
        shown=shown,
        kilobytes=max(1, (media["bytes"] or 0) // 1024),
        state=media["state"],
    )


def _events(words: Translator, events: Iterable[Mapping[str, Any]]) -> list[Item]:
    texts = event_texts(words)
    somebody = words.pgettext("desk", "Somebody")
    return [
        Item(
            seq=None,
            author="event",
            who="",
            at=event["at"],
            text=texts.get(event["event"], event["event"]).format(
                name=event["staff_name"] or somebody
            ),
        )
        for event in events
        if event["event"] not in _SILENT_EVENTS
    ]


def _merged(messages: Sequence[Item], events: Sequence[Item]) -> list[Item]:
    """Put events where they happened; messages stay in the order of their seq."""
    merged: list[Item] = []
    waiting = list(events)
    for message in messages:
        while waiting and waiting[0].at <= message.at:
            merged.append(waiting.pop(0))
        merged.append(message)
    return merged + waiting
