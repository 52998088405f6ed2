"""The conditions that several rows share, by the names lawyers use for them."""

from __future__ import annotations

from actions.law.conditions import at_least, at_most, fact, under

PROTECTED = fact("sponsor.status", "refugee", "subsidiary_protection")
SPONSOR_ADULT = at_least("sponsor.age", 18)
SPONSOR_CHILD = under("sponsor.age", 18)
SPONSOR_17 = fact("sponsor.age", 17)
# `turned_18` counts only up to 22: a threshold of ours, older sponsors belong to table B.
SPONSOR_YOUNG = SPONSOR_ADULT & at_most("sponsor.age", 22)

OUTSIDE = fact("person.place", "country_of_origin", "third_country")
WHEREABOUTS_UNKNOWN = fact("person.place", "unknown")
IN_EU = fact("person.place", "eu")
IN_ROMANIA = fact("person.place", "romania")

HEADING_B = SPONSOR_ADULT & PROTECTED & OUTSIDE
_PLACE_C = OUTSIDE | WHEREABOUTS_UNKNOWN
HEADING_C = SPONSOR_CHILD & PROTECTED & _PLACE_C
HEADING_C_TURNED_18 = SPONSOR_YOUNG & PROTECTED & _PLACE_C

# Spouse and marriage
SPOUSE = fact("person.relation", "spouse")
NOT_ENDED = ~fact("person.marriage.ended")
MARRIAGE_B1 = (
    fact("person.marriage.form", "official")
    & fact("person.marriage.when", "before_flight")
    & NOT_ENDED
    & ~fact("person.marriage.other_spouses")
)
CHILD_MARRIAGE = fact("person.relation", "spouse", "fiance", "partner") & (
    fact("person.marriage.under_18_at_marriage")
    | fact("person.marriage.under_18_now")
    | fact("person.marriage.forced")
)

# Children
CHILD = fact("person.relation", "child", "stepchild", "adopted_child", "raised_child")
LEGAL_CHILD = fact("person.relation", "child", "stepchild", "adopted_child")
UNDER_18 = under("person.age", 18)
AGED_17 = fact("person.age", 17)
GROWN_UP = at_least("person.age", 18)
UNMARRIED = ~fact("person.married")
BORN_AFTER = fact("person.born_after_asylum_application")
UNDER_18_THEN = under("person.age_at_asylum_application", 18)
UNDER_18_AT_FILING = fact("person.under_18_at_family_application")
MINOR_UNMARRIED = UNDER_18 & UNMARRIED
MARRIED_CHILD = CHILD & UNDER_18 & fact("person.married")

NAMED_OWN_CHILD = fact("person.relation", "child") & MINOR_UNMARRIED & ~BORN_AFTER
NAMED_STEPCHILD = fact("person.relation", "stepchild") & MINOR_UNMARRIED & MARRIAGE_B1
NAMED_ADOPTED_CHILD = (
    fact("person.relation", "adopted_child")
    & fact("person.adopted_under_home_law")
    & ~fact("person.adopted_after_asylum_application")
    & MINOR_UNMARRIED
)

# A sponsor under 18
PARENT = fact("person.relation", "parent")
ALONE_UNMARRIED = fact("sponsor.unaccompanied") & ~fact("sponsor.married")
FAMILY_OF_TURNED_18 = fact("person.relation", "parent", "guardian", "sibling", "other_relative")
TURNED_DURING = fact("sponsor.turned_18", "during_asylum_procedure")
TURNED_AFTER = fact("sponsor.turned_18", "after_status")
FILED_BEFORE_18 = fact("sponsor.applied_before_18")

# The report speaks of families still in the home country when asylum was asked for.
NOT_IN_ORIGIN = ~fact("person.in_origin_at_asylum_application", dont_know=False)
