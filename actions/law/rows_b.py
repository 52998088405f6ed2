"""Table B: a sponsor of 18 or over with protection, the person outside Romania and the EU."""

from __future__ import annotations

from actions.law.conditions import fact
from actions.law.row import Row
from actions.law.terms import (
    AGED_17,
    BORN_AFTER,
    CHILD,
    CHILD_MARRIAGE,
    GROWN_UP,
    HEADING_B,
    LEGAL_CHILD,
    MARRIAGE_B1,
    MARRIED_CHILD,
    NAMED_ADOPTED_CHILD,
    NAMED_OWN_CHILD,
    NAMED_STEPCHILD,
    NOT_ENDED,
    NOT_IN_ORIGIN,
    PARENT,
    SPOUSE,
    UNDER_18,
    UNDER_18_AT_FILING,
    UNDER_18_THEN,
    UNMARRIED,
)

STILL_SPOUSE = HEADING_B & SPOUSE & NOT_ENDED
IF_NOT_IN_ORIGIN = (("HANDOFF", NOT_IN_ORIGIN),)
NAMED_CHILD = NAMED_OWN_CHILD | NAMED_STEPCHILD | NAMED_ADOPTED_CHILD
DEPENDENT = fact("person.dependent_for_health")

TABLE_B = (
    Row("B1", "Spouse, by an official marriage from before leaving the home country, not ended, "
        "with no other spouse.", STILL_SPOUSE & MARRIAGE_B1, "ELIG", sometimes=IF_NOT_IN_ORIGIN,
        sources=("F2.1", "F2.3", "F2.4")),
    Row("B2", "Spouse, married after the flight and before entering Romania.",
        STILL_SPOUSE & fact("person.marriage.when", "after_flight_before_entry"), "ELIG_CHECK",
        ("HANDOFF",), sources=("F2.3", "F2.4", "K3")),
    Row("B3", "Spouse, by a ceremony after entering Romania.",
        STILL_SPOUSE & fact("person.marriage.when", "after_entry"), "NOT_NAMED",
        ("ALT_194", "HANDOFF"), sources=("F2.4", "F2.9")),
    Row("B4", "Spouse, by a marriage that is religious or customary only, by proxy, or "
        "registered later.",
        STILL_SPOUSE & fact("person.marriage.form", "religious", "proxy", "late_registered"),
        "HANDOFF", ("HANDOFF",), sources=("13.5",)),
    Row("B5", "There is more than one spouse; children are checked on their own.",
        STILL_SPOUSE & fact("person.marriage.other_spouses"), "HANDOFF", ("HANDOFF",),
        sources=("13.6",)),
    Row("B6", "Spouse, fiancé(e) or partner: one of the two was under 18 at the marriage or is "
        "now, or the marriage was forced.", HEADING_B & CHILD_MARRIAGE, "HANDOFF",
        ("SAFETY_SCREEN", "HANDOFF"), sources=("13.5",)),
    Row("B7", "Fiancé(e).", HEADING_B & fact("person.relation", "fiance"), "NOT_NAMED",
        ("HANDOFF",), sources=("F2.8",)),
    Row("B8", "Unmarried partner; spouse or partner of the same sex.",
        HEADING_B
        & (
            fact("person.relation", "partner")
            | (SPOUSE & fact("person.marriage.same_sex"))
        ),
        "NOT_NAMED", ("HANDOFF",), sources=("F2.8",)),
    Row("B9", "Own child under 18, unmarried, born before the sponsor's asylum application, in "
        "or out of wedlock.", HEADING_B & NAMED_OWN_CHILD, "ELIG", sometimes=IF_NOT_IN_ORIGIN,
        sources=("F2.2",)),
    Row("B10", "Child of the spouse, under 18, unmarried, where the marriage is that of B1.",
        HEADING_B & NAMED_STEPCHILD, "ELIG", sometimes=IF_NOT_IN_ORIGIN, sources=("F2.2",)),
    Row("B11", "Stepchild whose parent's marriage is not that of B1, or has ended.",
        HEADING_B & fact("person.relation", "stepchild") & ~MARRIAGE_B1, "HANDOFF", ("HANDOFF",),
        sources=("F2.2", "F2.4")),
    Row("B12", "Child adopted under the home country's law before the asylum application, "
        "under 18, unmarried.", HEADING_B & NAMED_ADOPTED_CHILD, "ELIG",
        sometimes=IF_NOT_IN_ORIGIN, sources=("F2.2",)),
    Row("B12a", "Child adopted after the asylum application.",
        HEADING_B
        & fact("person.relation", "adopted_child")
        & fact("person.adopted_after_asylum_application"),
        "HANDOFF", ("HANDOFF",), sources=("13.8",)),
    Row("B13", "Child raised but not legally adopted: kafala, foster care.",
        HEADING_B & fact("person.relation", "raised_child"), "NOT_NAMED", ("HANDOFF",),
        sources=("F2.2",)),
    Row("B14", "Child under 18 born after the asylum application, whoever the other parent is.",
        HEADING_B & LEGAL_CHILD & UNDER_18 & BORN_AFTER, "ELIG_CHECK", ("HANDOFF",),
        sources=("F2.3",)),
    Row("B15", "Child under 18 who is or was married.", HEADING_B & MARRIED_CHILD, "NOT_NAMED",
        ("SAFETY_SCREEN", "HANDOFF"), sources=("F2.2",)),
    Row("B16", "A child named by B9, B10 or B12 who is 17.", HEADING_B & NAMED_CHILD & AGED_17,
        "ELIG", ("URGENT", "HANDOFF"), sources=("F2.2", "13.1")),
    Row("B17", "Child now 18 or over who was under 18 at the asylum application or at the "
        "family's application.",
        HEADING_B & CHILD & GROWN_UP & (UNDER_18_THEN | UNDER_18_AT_FILING), "URGENT",
        ("URGENT", "HANDOFF"), sources=("13.1",)),
    Row("B18", "Child who was 18 or over at the asylum application, healthy.",
        HEADING_B & CHILD & GROWN_UP & ~UNDER_18_THEN & ~DEPENDENT, "NOT_NAMED", ("HANDOFF",),
        sources=("F2.2", "F2.8")),
    Row("B19", "Adult unmarried child who for health reasons cannot provide for self.",
        HEADING_B & CHILD & GROWN_UP & UNMARRIED & DEPENDENT, "ALT_194", ("HANDOFF",),
        sources=("F2.9",)),
    Row("B20", "Mother or father of an adult sponsor.", HEADING_B & PARENT, "ALT_194",
        ("HANDOFF",), sources=("F2.8", "F2.9")),
    Row("B21", "Brother or sister.", HEADING_B & fact("person.relation", "sibling"), "NOT_NAMED",
        ("HANDOFF",), sources=("F2.8",)),
    Row("B22", "Orphan nephew or niece, grandchild, other relative.",
        HEADING_B & fact("person.relation", "other_relative"), "NOT_NAMED", ("HANDOFF",),
        sources=("F2.8",)),
    Row("B24", "Anything else of an adult sponsor with protection.", HEADING_B, "HANDOFF",
        ("HANDOFF",), sources=("13",)),
)  # fmt: skip
