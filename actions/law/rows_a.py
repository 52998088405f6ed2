"""Table A, the gates: danger, earlier application, the sponsor's status, the person's place."""

from __future__ import annotations

from actions.law.conditions import at_least, at_most, fact, under
from actions.law.row import Row
from actions.law.terms import (
    IN_EU,
    IN_ROMANIA,
    SPONSOR_ADULT,
    SPONSOR_CHILD,
    SPONSOR_YOUNG,
    TURNED_AFTER,
    TURNED_DURING,
    WHEREABOUTS_UNKNOWN,
)

ASYLUM_SEEKER = fact("sponsor.status", "asylum_seeker")
PENDING = fact("application", "pending")
NO_WAY_TO_THE_VISA = fact("documents.embassy_out_of_reach") | fact("documents.no_passport")

TABLE_A = (
    Row("A1", "Somebody is in danger now.", fact("danger"), "SAFETY", ("HANDOFF",),
        sources=("F12.1-6",)),
    Row("A2", "The family's application was refused.", fact("application", "refused"), "URGENT",
        ("URGENT", "HANDOFF"), sources=("F8.1", "F8.3-6", "K7")),
    Row("A2b", "A visa was refused after the approval.", fact("visa_refused"), "URGENT",
        ("URGENT", "HANDOFF"), sources=("13.20",)),
    Row("A3", "The family's application is pending for less than 9 months.",
        PENDING & under("months_since_application", 9, dont_know=False), "PENDING",
        sources=("F6.4",)),
    Row("A4", "The family's application is pending for 9 months or more, or it is not known "
        "for how long.", PENDING & at_least("months_since_application", 9, dont_know=True),
        "PENDING", ("HANDOFF",), sources=("F6.4-6",)),
    Row("A5", "The family's application is approved.", fact("application", "approved"),
        "APPROVED", sometimes=(("HANDOFF", NO_WAY_TO_THE_VISA),), sources=("F6.7-10",)),
    Row("A7", "The sponsor is an asylum seeker.", ASYLUM_SEEKER, "WAIT_STATUS",
        sometimes=(("HANDOFF", IN_EU),), sources=("F1.1-3",)),
    Row("A7a", "The sponsor is an asylum seeker under 18 and alone, or became 18 since asking.",
        ASYLUM_SEEKER
        & (
            (SPONSOR_CHILD & fact("sponsor.unaccompanied"))
            | (SPONSOR_YOUNG & (TURNED_DURING | TURNED_AFTER))
        ),
        "WAIT_STATUS", ("URGENT", "HANDOFF"), sources=("F7.12",)),
    Row("A8", "The sponsor has temporary protection.",
        fact("sponsor.status", "temporary_protection"), "ALT_TP", ("HANDOFF",), sources=("F1.3",)),
    Row("A9", "The sponsor is tolerated.", fact("sponsor.status", "tolerated"), "NOT_NAMED",
        ("HANDOFF",), sources=("F1.3",)),
    Row("A10", "The sponsor's asylum request was refused and there is no status.",
        fact("sponsor.status", "no_status"), "NOT_NAMED", ("HANDOFF",),
        sometimes=(("URGENT", at_most("sponsor.refusal_days", 30, dont_know=True)),),
        sources=("F1.3", "F8.3")),
    Row("A11", "The sponsor is a Romanian citizen.", fact("sponsor.status", "romanian_citizen"),
        "ALT_CIT", ("HANDOFF",), sources=("F2.12",)),
    Row("A12", "The sponsor's status is another one, or it is not known.",
        fact("sponsor.status", "other", dont_know=True), "HANDOFF", ("HANDOFF",),
        sources=("13.14",)),
    Row("A13", "The person is in Romania.", IN_ROMANIA, "IN_RO", ("HANDOFF",),
        sources=("F1.2", "F2.6")),
    Row("A14", "The person is in another EU or Schengen state.", IN_EU, "HANDOFF", ("HANDOFF",),
        sources=("F1.2",)),
    Row("A15", "The sponsor is 18 or over and nobody knows where the person is.",
        WHEREABOUTS_UNKNOWN & SPONSOR_ADULT, "TRACE", ("HANDOFF", "TRACE"),
        sources=("F7.17", "F7.18")),
)  # fmt: skip
