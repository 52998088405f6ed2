"""The findings of all members, grouped as they are told."""

from __future__ import annotations

from dataclasses import dataclass, field

from actions.interview.situation import Member, Situation
from actions.law import Finding

NAMED = {"ELIG", "ELIG_CHECK"}
WITH_STEPS = {"ELIG", "ELIG_CHECK", "UAM"}
HANDED_OVER = {"HANDOFF", "URGENT", "SAFETY_SCREEN"}
# By harm: the first that holds gives the handoff its priority.
CHILD_ROWS = {"A7a", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C11", "C13", "C14"}


@dataclass
class Group:
    """Members of whom the law says the same."""

    finding: Finding
    members: list[Member] = field(default_factory=list)


def groups_of(situation: Situation) -> list[Group]:
    """All findings, members with the same row and flags together, in the family's order."""
    groups: dict[tuple[object, ...], Group] = {}
    for member in situation.members:
        finding = situation.finding(member)
        key = (finding.row, finding.outcome, tuple(finding.flags), finding.reason)
        groups.setdefault(key, Group(finding)).members.append(member)
    return list(groups.values()) or [Group(situation.finding(None))]


def flags_of(groups: list[Group]) -> set[str]:
    """All flags of all findings."""
    return {flag for group in groups for flag in group.finding.flags}


def hands_over(groups: list[Group]) -> bool:
    """Whether a counsellor must look: by an outcome or by a flag."""
    outcomes = {group.finding.outcome for group in groups}
    return bool((flags_of(groups) | outcomes) & HANDED_OVER)


def priority_of(groups: list[Group]) -> str:
    """The handoff's priority by harm: a legal deadline, a child alone, else normal."""
    if "URGENT" in flags_of(groups):
        return "deadline"
    if any(group.finding.row in CHILD_ROWS for group in groups):
        return "child"
    return "normal"


def told(groups: list[Group]) -> dict[str, list[object]]:
    """What was told, by member key, to know later whether anything changed."""
    return {
        member.key: [group.finding.row, group.finding.outcome, list(group.finding.flags)]
        for group in groups
        for member in group.members
    } or {"": [group.finding.row for group in groups]}
