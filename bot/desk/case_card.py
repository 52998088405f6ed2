"""The case card: who writes, the family with its findings, what runs and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from actions.law import Source
from bot.conversations.hours import ZONE
from bot.desk import durations
from bot.desk.case_findings import MemberFinding, member_findings
from bot.desk.case_texts import Reasons
from bot.desk.fact_texts import (
    Verdict,
    application_text,
    asker_text,
    document_text,
    flag_texts,
    member_text,
    path_text,
    place_text,
    status_text,
    verdict_of,
)
from bot.desk.legal_clock import Clock, clocks
from bot.desk.row_texts import row_texts
from bot.i18n import Translator
from bot.store.case_lists import ADULT
from bot.store.cases import Case

_SOON = dt.timedelta(days=45)


@dataclass(frozen=True)
class MemberLine:
    """One family member as the card shows it."""

    name: str
    place: str
    verdict: Verdict
    row: str | None
    about: str
    flags: Sequence[Verdict]
    sources: Sequence[tuple[str, Source]]
    missing: Sequence[str]


@dataclass(frozen=True)
class ClockLine:
    """One count in words; `look` is the badge's, empty for nothing to hurry."""

    text: str
    look: str = ""


@dataclass(frozen=True)
class Card:
    """A case in ten seconds."""

    asker: str
    status: str
    age: int | None
    is_child: bool
    application: str
    members: Sequence[MemberLine]
    documents: Sequence[str]
    clocks: Sequence[ClockLine]
    missing: Sequence[str]
    window: ClockLine | None
    reasons: Sequence[tuple[str, dt.datetime]]


def make_card(
    words: Translator, case: Case, told: Sequence[dict[str, Any]], now: dt.datetime
) -> Card:
    """Make the card of a case.

    Args:
        words: In the reader's language.
        case: The handoff.
        told: The findings that the bot told last.
        now: This moment.
    """
    shared: dict[str, Any] = dict(case.facts.get("shared") or {})
    findings = member_findings(case.facts, told or case.findings)
    age = shared.get("sponsor.age") if isinstance(shared.get("sponsor.age"), int) else None
    reasons = Reasons(words)
    running = clocks(case.facts, _day_of(case.updated_at), _day_of(now))
    return Card(
        asker=asker_text(words, shared.get("asker")),
        status=status_text(words, shared.get("sponsor.status")),
        age=age,
        is_child=age is not None and age < ADULT,
        application=application_text(words, shared.get("application")),
        members=[_member_line(words, finding) for finding in findings],
        documents=[document_text(words, state) for state in case.facts.get("documents") or ()],
        clocks=[_clock_line(words, clock, _day_of(now)) for clock in running],
        missing=_missing(words, findings),
        window=_window(words, case, now),
        reasons=[
            (reasons.text(str(each["reason"])), dt.datetime.fromisoformat(each["at"]))
            for each in case.requests
        ],
    )


def _member_line(words: Translator, finding: MemberFinding) -> MemberLine:
    name = member_text(words, finding.kind)
    where = durations.country_text(words, finding.country) or place_text(words, finding.place)
    texts, verdict = flag_texts(words), verdict_of(words, finding.outcome)
    shown = [texts[flag] for flag in finding.flags if flag in texts]
    own = [path for path in finding.missing if path.startswith("person.")]
    return MemberLine(
        name=name if finding.age is None else f"{name}, {finding.age}",
        place=where,
        verdict=verdict,
        row=finding.row,
        about=row_texts(words).get(finding.row or "", ""),
        flags=[flag for flag in shown if flag.text != verdict.text],
        sources=finding.sources,
        missing=[path_text(words, path) for path in own],
    )


def _missing(words: Translator, findings: Sequence[MemberFinding]) -> list[str]:
    """Name what is missing of the sponsor and of all, each once, in the order of asking."""
    paths = [path for finding in findings for path in finding.missing]
    shared = [path for path in paths if not path.startswith("person.")]
    return [path_text(words, path) for path in dict.fromkeys(shared)]


def _clock_line(words: Translator, clock: Clock, today: dt.date) -> ClockLine:
    if clock.kind == "refusal":
        text = words.npgettext(
            "desk", "Refused {number} day ago", "Refused {number} days ago", clock.amount
        ).format(number=clock.amount)
        return ClockLine(text, "danger")
    if clock.kind == "eighteen":
        return _eighteen_line(words, clock)
    return _application_line(words, clock, today)


def _application_line(words: Translator, clock: Clock, today: dt.date) -> ClockLine:
    text = words.npgettext(
        "desk",
        "Applied about {number} month ago; 9 months: {first}, 15 months: {last}",
        "Applied about {number} months ago; 9 months: {first}, 15 months: {last}",
        clock.amount,
    )
    first, last = clock.first or today, clock.last or today
    look = "window" if today > first - _SOON else ""
    if today > last - _SOON:
        look = "deadline"
    return ClockLine(
        text.format(
            number=clock.amount,
            first=durations.month_text(words, first),
            last=durations.month_text(words, last),
        ),
        look,
    )


def _eighteen_line(words: Translator, clock: Clock) -> ClockLine:
    who = member_text(words, clock.who) if clock.who else words.pgettext("desk", "sponsor")
    text = words.pgettext("desk", "{who} is 17: turns 18 within 12 months, by {day} at the latest")
    return ClockLine(
        text.format(who=who, day=durations.date_text(words, clock.last or clock.since)), "deadline"
    )


def _window(words: Translator, case: Case, now: dt.datetime) -> ClockLine | None:
    """Say until when the channel takes free text; None where it always does."""
    if not case.pushed:
        return None
    if case.window_until is None or case.window_until <= now:
        return ClockLine(
            words.pgettext(
                "desk",
                "Closed. First goes a template that says that an answer waits;"
                " your message follows when the person taps it.",
            ),
            "window",
        )
    left = durations.span_text(words, now, case.window_until)
    text = words.pgettext("desk", "Open for {time} more").format(time=left)
    return ClockLine(text, "good")


def _day_of(moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZONE).date()
