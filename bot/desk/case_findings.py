"""What the rule says of each family member, read anew from a handoff's facts: pure.

The facts are those that the interview handed over (`shared`, `told_on`, `members`,
`documents`); the law is asked with them today, so an age that grew is heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.law import ROWS, FactsError, Source, precheck, sources

_PERSON = "person."


@dataclass(frozen=True)
class MemberFinding:
    """One family member, or nobody named yet (`kind` None).

    Attributes:
        sources: What the row rests on, by the facts' ids.
        missing: Paths that could still change the finding.
        row: None while facts are missing.
    """

    kind: str | None
    age: int | None = None
    place: str | None = None
    country: str | None = None
    row: str | None = None
    outcome: str | None = None
    flags: Sequence[str] = ()
    sources: Sequence[tuple[str, Source]] = ()
    missing: Sequence[str] = ()


def member_findings(
    facts: Mapping[str, Any], told: Sequence[Mapping[str, Any]]
) -> list[MemberFinding]:
    """Give a finding for each member.

    Args:
        facts: As the handoff keeps them; may be empty.
        told: What the bot told the person: `person`, `row`, `outcome`, `flags`. It stands in
            where the facts are not known here.
    """
    found = [_of_member(facts, member) for member in facts.get("members") or ()]
    kinds = {each.kind for each in found}
    found += [_of_told(each) for each in told if each.get("person") not in kinds]
    return found or [_of_member(facts, None)]


def _of_member(facts: Mapping[str, Any], member: Mapping[str, Any] | None) -> MemberFinding:
    own: Mapping[str, Any] = (member or {}).get("facts") or {}
    about = MemberFinding(
        kind=member["kind"] if member else None,
        age=own.get("age") if isinstance(own.get("age"), int) else None,
        place=own.get("place"),
        country=(member or {}).get("country"),
    )
    try:
        finding = precheck(_facts_for(facts, member))
    except FactsError:
        # Handed over by another version of the interview: what is known is shown without a finding.
        return about
    return MemberFinding(
        about.kind,
        about.age,
        about.place,
        about.country,
        finding.row,
        finding.outcome,
        finding.flags,
        list(_sources(finding.facts)),
        finding.missing,
    )


def _of_told(told: Mapping[str, Any]) -> MemberFinding:
    row = ROWS.get(str(told.get("row")))
    return MemberFinding(
        kind=told.get("person"),
        row=told.get("row"),
        outcome=told.get("outcome"),
        flags=tuple(told.get("flags") or ()),
        sources=list(_sources(row.facts if row else ())),
    )


def _sources(names: Sequence[str]) -> Iterator[tuple[str, Source]]:
    known = sources()
    for name in names:
        if name in known:
            yield name, known[name]


def _facts_for(facts: Mapping[str, Any], member: Mapping[str, Any] | None) -> dict[str, Any]:
    """Build the nested object that the law takes, for one member or for nobody yet."""
    nested: dict[str, Any] = {}
    told_on = dict(facts.get("told_on") or {})
    for path, value in (facts.get("shared") or {}).items():
        _put(nested, path, value)
    if member is not None:
        for short, value in (member.get("facts") or {}).items():
            _put(nested, _PERSON + short, value)
        told_on |= {_PERSON + short: day for short, day in (member.get("told_on") or {}).items()}
    if told_on:
        nested["told_on"] = told_on
    if facts.get("documents"):
        nested["documents"] = list(facts["documents"])
    return nested


def _put(nested: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        nested = nested.setdefault(parent, {})
    nested[last] = value
