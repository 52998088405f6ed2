"""Table C: a sponsor under 18 with protection, or one who became 18 after asking for asylum."""

from __future__ import annotations

from actions.law.conditions import fact
from actions.law.row import FlagRule, Row
from actions.law.terms import (
    AGED_17,
    ALONE_UNMARRIED,
    CHILD,
    CHILD_MARRIAGE,
    FAMILY_OF_TURNED_18,
    FILED_BEFORE_18,
    GROWN_UP,
    HEADING_C,
    HEADING_C_TURNED_18,
    MARRIED_CHILD,
    PARENT,
    SPONSOR_17,
    SPONSOR_ADULT,
    SPONSOR_CHILD,
    SPONSOR_YOUNG,
    TURNED_AFTER,
    TURNED_DURING,
    UNDER_18_THEN,
    WHEREABOUTS_UNKNOWN,
)

ALONE = HEADING_C & ALONE_UNMARRIED
TURNED_18 = HEADING_C_TURNED_18 & FAMILY_OF_TURNED_18
FEARS = fact("sponsor.fears_or_does_not_want")
MARRIED = fact("sponsor.married")
URGENT = ("URGENT", "HANDOFF")
SCREEN = ("SAFETY_SCREEN", "HANDOFF")

TABLE_C = (
    Row("C1", "A child alone in Romania, unmarried: mother or father outside Romania.",
        ALONE & PARENT, "UAM", ("HANDOFF",), sources=("F1.4", "F2.5", "F7.1-10")),
    Row("C2", "The same child: guardian or another responsible adult.",
        ALONE & fact("person.relation", "guardian"), "UAM", ("HANDOFF",),
        sources=("F2.5", "F2.10")),
    Row("C3", "The same child: brother or sister, with or without parents.",
        ALONE & fact("person.relation", "sibling"), "HANDOFF", ("HANDOFF",),
        sources=("F7.11", "F7.13")),
    Row("C4", "The same child: another relative, where parents and guardian cannot be found.",
        ALONE
        & fact("person.relation", "other_relative")
        & fact("sponsor.parents_or_guardian", "cannot_be_found"),
        "ALT_194", ("HANDOFF",), sources=("F2.10",)),
    Row("C5", "The sponsor under 18 is married or engaged.", HEADING_C & MARRIED, "HANDOFF",
        SCREEN, sources=("F2.5", "13.11")),
    Row("C6", "Nobody knows where the child's parents are.",
        HEADING_C & PARENT & WHEREABOUTS_UNKNOWN, "UAM", ("TRACE", "HANDOFF"),
        sources=("F7.6", "F7.7", "F7.17")),
    Row("C7", "The child of C1 is 17.", ALONE & PARENT & SPONSOR_17, "UAM", URGENT,
        sources=("F7.12",)),
    Row("C8", "Parent, guardian, brother, sister or other relative of a sponsor who became 18 "
        "during the asylum procedure.", TURNED_18 & TURNED_DURING, "URGENT", URGENT,
        sources=("F7.12", "K9")),
    Row("C9", "The same persons; the sponsor became 18 after status and filed for the family "
        "before 18.", TURNED_18 & TURNED_AFTER & FILED_BEFORE_18, "URGENT", URGENT,
        sources=("F7.12",)),
    Row("C10", "The same persons; the sponsor became 18 after status and had not filed for the "
        "family.", TURNED_18 & TURNED_AFTER & ~FILED_BEFORE_18, "URGENT", URGENT,
        sources=("F7.12",)),
    Row("C11", "A parent in Romania holds protection: the parent asks, by table B.",
        HEADING_C & fact("sponsor.parent_in_romania", "with_protection"), "HANDOFF",
        ("HANDOFF",), sources=("F2.1-2",)),
    Row("C13", "The child does not want it, or is afraid of the family.", HEADING_C & FEARS,
        "HANDOFF", SCREEN, sources=("F7.1", "F7.3")),
    Row("C14", "Anything else of a sponsor under 18.", HEADING_C, "HANDOFF", ("HANDOFF",),
        sources=("13",)),
)  # fmt: skip

# Flags only, whatever status, place and earlier application (section D, "Two exceptions").
ANYWHERE = (
    FlagRule("A child who is afraid or does not want it (C13).", SPONSOR_CHILD & FEARS, SCREEN),
    FlagRule("A marriage under 18 or forced (B6).", SPONSOR_ADULT & CHILD_MARRIAGE, SCREEN),
    FlagRule("A married child (B15).", SPONSOR_ADULT & MARRIED_CHILD, SCREEN),
    FlagRule("A married or engaged sponsor under 18 (C5).", SPONSOR_CHILD & MARRIED, SCREEN),
    FlagRule("The sponsor is 17.", SPONSOR_17, URGENT),
    FlagRule("The sponsor became 18 since asking (C8 to C10).",
             SPONSOR_YOUNG & FAMILY_OF_TURNED_18 & (TURNED_DURING | TURNED_AFTER), URGENT),
    FlagRule("A child is 17.", CHILD & AGED_17, URGENT),
    FlagRule("A child is 18 or over and was under 18 at the asylum application.",
             CHILD & GROWN_UP & UNDER_18_THEN, URGENT),
    FlagRule("The family cannot reach an embassy or has no passport.",
             fact("documents.embassy_out_of_reach") | fact("documents.no_passport"),
             ("HANDOFF",)),
)  # fmt: skip
