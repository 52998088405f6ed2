"""The words for facts, findings and family members, as counsellors call them."""

from __future__ import annotations

from typing import NamedTuple

from bot.i18n import Translator


class Verdict(NamedTuple):
    """A finding's outcome in words, and the badge that it wears."""

    text: str
    look: str


def verdict_of(words: Translator, outcome: str | None) -> Verdict:
    """Say what the rule says."""
    texts = {
        "ELIG": Verdict(words.pgettext("desk", "named"), "good"),
        "ELIG_CHECK": Verdict(words.pgettext("desk", "named; one point to check"), "good"),
        "UAM": Verdict(words.pgettext("desk", "named: child alone"), "good"),
        "NOT_NAMED": Verdict(words.pgettext("desk", "not named"), ""),
        "ALT_194": Verdict(words.pgettext("desk", "not named; other way: GEO 194/2002"), ""),
        "ALT_CIT": Verdict(words.pgettext("desk", "other way: family of a citizen"), ""),
        "ALT_TP": Verdict(words.pgettext("desk", "other rules: temporary protection"), ""),
        "WAIT_STATUS": Verdict(words.pgettext("desk", "no protection yet"), ""),
        "IN_RO": Verdict(words.pgettext("desk", "already in Romania"), ""),
        "TRACE": Verdict(words.pgettext("desk", "to be searched for first"), "window"),
        "PENDING": Verdict(words.pgettext("desk", "application pending"), "window"),
        "APPROVED": Verdict(words.pgettext("desk", "approved: visa and travel"), "good"),
        "HANDOFF": Verdict(words.pgettext("desk", "counsellor must look"), "deadline"),
        "URGENT": Verdict(words.pgettext("desk", "urgent: a lawyer today"), "danger"),
        "SAFETY": Verdict(words.pgettext("desk", "danger: safety first"), "danger"),
    }
    return texts.get(outcome or "", Verdict(words.pgettext("desk", "facts are missing"), "window"))


def flag_texts(words: Translator) -> dict[str, Verdict]:
    """Say what a flag asks for; `HANDOFF` is said by the verdict."""
    return {
        "URGENT": Verdict(words.pgettext("desk", "urgent"), "danger"),
        "SAFETY_SCREEN": Verdict(words.pgettext("desk", "ask about safety, alone"), "danger"),
        "HANDOFF": Verdict(words.pgettext("desk", "counsellor must look"), "deadline"),
        "TRACE": Verdict(words.pgettext("desk", "search first"), "window"),
        "ALT_194": Verdict(words.pgettext("desk", "other way: GEO 194/2002"), ""),
    }


def asker_text(words: Translator, asker: str | None) -> str:
    """Say who writes."""
    return {
        "sponsor": words.pgettext("desk", "the person with protection (sponsor)"),
        "family_abroad": words.pgettext("desk", "a relative abroad"),
        "helper": words.pgettext("desk", "somebody who helps"),
    }.get(asker or "", words.pgettext("desk", "not said"))


def status_text(words: Translator, status: str | None) -> str:
    """Name the sponsor's status."""
    return {
        "refugee": words.pgettext("desk", "refugee"),
        "subsidiary_protection": words.pgettext("desk", "subsidiary protection"),
        "asylum_seeker": words.pgettext("desk", "asylum seeker"),
        "temporary_protection": words.pgettext("desk", "temporary protection"),
        "tolerated": words.pgettext("desk", "tolerated"),
        "no_status": words.pgettext("desk", "asylum refused, no status"),
        "romanian_citizen": words.pgettext("desk", "Romanian citizen"),
        "other": words.pgettext("desk", "another status"),
        "dont_know": words.pgettext("desk", "does not know"),
    }.get(status or "", words.pgettext("desk", "not said"))


def application_text(words: Translator, application: str | None) -> str:
    """Say in which state the family's application is."""
    return {
        "none": words.pgettext("desk", "not made yet"),
        "pending": words.pgettext("desk", "pending"),
        "approved": words.pgettext("desk", "approved"),
        "refused": words.pgettext("desk", "refused"),
        "dont_know": words.pgettext("desk", "does not know"),
    }.get(application or "", words.pgettext("desk", "not said"))


def place_text(words: Translator, place: str | None) -> str:
    """Say where a relative is."""
    return {
        "country_of_origin": words.pgettext("desk", "in the home country"),
        "third_country": words.pgettext("desk", "in a third country"),
        "eu": words.pgettext("desk", "in another EU or Schengen state"),
        "romania": words.pgettext("desk", "in Romania"),
        "unknown": words.pgettext("desk", "whereabouts unknown"),
        "dont_know": words.pgettext("desk", "whereabouts unknown"),
    }.get(place or "", "")


def document_text(words: Translator, state: str) -> str:
    """Say what was told of the papers."""
    return {
        "with_me": words.pgettext("desk", "originals with the sponsor"),
        "with_family": words.pgettext("desk", "originals with the family"),
        "none": words.pgettext("desk", "no papers"),
        "embassy_out_of_reach": words.pgettext("desk", "embassy out of reach"),
        "no_passport": words.pgettext("desk", "no passport"),
        "no_money": words.pgettext("desk", "no money for papers"),
    }.get(state, state)


def member_text(words: Translator, kind: str | None) -> str:
    """Name a family member."""
    return {
        "wife": words.pgettext("desk", "wife"),
        "husband": words.pgettext("desk", "husband"),
        "spouse": words.pgettext("desk", "husband or wife"),
        "fiance": words.pgettext("desk", "fiancé(e)"),
        "partner": words.pgettext("desk", "partner"),
        "son": words.pgettext("desk", "son"),
        "daughter": words.pgettext("desk", "daughter"),
        "child": words.pgettext("desk", "child"),
        "stepson": words.pgettext("desk", "stepson"),
        "stepdaughter": words.pgettext("desk", "stepdaughter"),
        "stepchild": words.pgettext("desk", "stepchild"),
        "adopted_child": words.pgettext("desk", "adopted child"),
        "raised_child": words.pgettext("desk", "child raised, not adopted"),
        "mother": words.pgettext("desk", "mother"),
        "father": words.pgettext("desk", "father"),
        "parent": words.pgettext("desk", "parent"),
        "guardian": words.pgettext("desk", "guardian"),
        "brother": words.pgettext("desk", "brother"),
        "sister": words.pgettext("desk", "sister"),
        "sibling": words.pgettext("desk", "brother or sister"),
        "grandparent": words.pgettext("desk", "grandparent"),
        "grandchild": words.pgettext("desk", "grandchild"),
        "nephew": words.pgettext("desk", "nephew"),
        "niece": words.pgettext("desk", "niece"),
        "cousin": words.pgettext("desk", "cousin"),
        "uncle": words.pgettext("desk", "uncle"),
        "aunt": words.pgettext("desk", "aunt"),
        "in_law": words.pgettext("desk", "in-law"),
        "step_parent": words.pgettext("desk", "step-parent"),
        "other_relative": words.pgettext("desk", "other relative"),
        "self": words.pgettext("desk", "the relative who writes"),
    }.get(kind or "", words.pgettext("desk", "nobody named yet"))


def path_text(words: Translator, path: str) -> str:
    """Name a fact that is missing."""
    return {**_sponsor_paths(words), **_person_paths(words)}.get(path, path)


def _sponsor_paths(words: Translator) -> dict[str, str]:
    return {
        "application": words.pgettext("desk", "whether the family has applied"),
        "months_since_application": words.pgettext("desk", "months since the application"),
        "visa_refused": words.pgettext("desk", "whether a visa was refused"),
        "sponsor.status": words.pgettext("desk", "the sponsor's status"),
        "sponsor.refusal_days": words.pgettext("desk", "days since the refusal"),
        "sponsor.age": words.pgettext("desk", "the sponsor's age"),
        "sponsor.unaccompanied": words.pgettext("desk", "whether the child is alone in Romania"),
        "sponsor.parent_in_romania": words.pgettext("desk", "whether a parent is in Romania"),
        "sponsor.married": words.pgettext("desk", "whether the sponsor is married"),
        "sponsor.turned_18": words.pgettext("desk", "when the sponsor turned 18"),
        "sponsor.applied_before_18": words.pgettext("desk", "whether they applied before 18"),
        "sponsor.asylum_application": words.pgettext("desk", "date of the asylum application"),
        "sponsor.parents_or_guardian": words.pgettext(
            "desk", "whether parents or a guardian can be found"
        ),
    }


def _person_paths(words: Translator) -> dict[str, str]:
    return {
        "person.place": words.pgettext("desk", "where the relative is"),
        "person.in_origin_at_asylum_application": words.pgettext(
            "desk", "whether still in the home country when asylum was asked for"
        ),
        "person.relation": words.pgettext("desk", "which relative"),
        "person.marriage.form": words.pgettext("desk", "what kind of marriage"),
        "person.marriage.when": words.pgettext("desk", "when they married"),
        "person.marriage.other_spouses": words.pgettext("desk", "whether there is another spouse"),
        "person.marriage.under_18_at_marriage": words.pgettext(
            "desk", "whether one was under 18 at the marriage"
        ),
        "person.marriage.under_18_now": words.pgettext("desk", "whether one is under 18 now"),
        "person.age": words.pgettext("desk", "age"),
        "person.age_at_asylum_application": words.pgettext("desk", "age at the asylum application"),
        "person.under_18_at_family_application": words.pgettext(
            "desk", "whether under 18 when the family applied"
        ),
        "person.married": words.pgettext("desk", "whether married"),
        "person.born_after_asylum_application": words.pgettext(
            "desk", "whether born after the asylum application"
        ),
        "person.adopted_under_home_law": words.pgettext(
            "desk", "whether adopted under the home country's law"
        ),
        "person.adopted_after_asylum_application": words.pgettext(
            "desk", "whether adopted after the asylum application"
        ),
        "person.dependent_for_health": words.pgettext(
            "desk", "whether dependent for health reasons"
        ),
    }
