"""What each intent means, in words, for staff who say what a message means.

The intents themselves are the domain's: one without words here is shown by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.events import ScalarEvent, SequenceEndEvent

from bot.i18n import Translator
from bot.settings import PROJECT

DOMAIN = PROJECT / "domain.yml"


@lru_cache(maxsize=4)
def intents(domain: Path = DOMAIN) -> tuple[str, ...]:
    """Read the names of the domain's intents, in its order."""
    return tuple(_listed(domain))


def intent_texts(words: Translator) -> dict[str, str]:
    """Say of every intent what the person wants who writes that."""
    known = {**_asking(words), **_talking(words)}
    return {name: known.get(name, name) for name in intents()}


def intent_text(words: Translator, intent: str | None) -> str:
    """Say what the bot took a message for."""
    if intent in {None, "nlu_fallback"}:
        return words.pgettext("desk", "nothing that it knows")
    return intent_texts(words).get(intent or "", intent or "")


def _asking(words: Translator) -> dict[str, str]:
    return {
        "check_eligibility": words.pgettext("desk", "can I bring them, who can join me"),
        "ask_documents": words.pgettext("desk", "which papers are needed"),
        "ask_missing_documents": words.pgettext(
            "desk", "a paper cannot be had: lost, burnt, never issued"
        ),
        "ask_originals_abroad": words.pgettext("desk", "the paper is with the family abroad"),
        "ask_costs": words.pgettext("desk", "what must be paid"),
        "ask_where_to_apply": words.pgettext("desk", "where and how to hand the application in"),
        "ask_when_to_apply": words.pgettext(
            "desk", "may I apply yet, am I too late (before applying)"
        ),
        "ask_duration": words.pgettext("desk", "how long the procedure takes in general"),
        "ask_conditions": words.pgettext(
            "desk", "what one must own or earn: income, job, house, insurance"
        ),
        "ask_interview": words.pgettext(
            "desk", "the family reunification interview, the interpreter"
        ),
        "ask_visa_travel": words.pgettext("desk", "after the approval: visa, embassy, tickets"),
        "ask_unaccompanied_child": words.pgettext(
            "desk", "a child alone in Romania, or one that came alone"
        ),
        "ask_family_tracing": words.pgettext(
            "desk", "lost contact, does not know where the family is"
        ),
        "ask_application_delay": words.pgettext(
            "desk", "an application waits: its state, no answer, too long"
        ),
        "ask_rejection": words.pgettext("desk", "the application or a visa was refused; appeal"),
        "ask_success_rate": words.pgettext("desk", "how many are approved, what are the chances"),
        "ask_privacy": words.pgettext("desk", "what is stored, how long, who is told"),
        "ask_contact": words.pgettext("desk", "who the organisation is; address, phone, hours"),
        "ask_other_topic": words.pgettext(
            "desk", "another matter: own asylum, job, school, housing, papers"
        ),
        "ask_explain": words.pgettext("desk", "why do you ask this, which law says so"),
    }


def _talking(words: Translator) -> dict[str, str]:
    return {
        "greet": words.pgettext("desk", "says hello, and nothing else"),
        "goodbye": words.pgettext("desk", "says goodbye"),
        "thank": words.pgettext("desk", "thanks"),
        "affirm": words.pgettext("desk", "a bare yes"),
        "deny": words.pgettext("desk", "a bare no; you misunderstood me"),
        "ask_menu": words.pgettext("desk", "help, what can you do, start"),
        "restart": words.pgettext("desk", "start over, my answers were wrong"),
        "change_language": words.pgettext("desk", "asks for another language"),
        "request_human": words.pgettext("desk", "wants a person, a lawyer, a call back"),
        "report_danger": words.pgettext("desk", "danger: a threat, violence, captivity, suicide"),
        "delete_my_data": words.pgettext("desk", "asks to delete messages or data"),
        "bot_challenge": words.pgettext("desk", "are you a robot?"),
        "inform": words.pgettext("desk", "a fact that answers a question (my wife; she is 15)"),
        "out_of_scope": words.pgettext(
            "desk", "something else altogether: weather, jokes, adverts, nonsense"
        ),
    }


def _listed(domain: Path) -> Iterator[str]:
    """Read no further than to the end of the list: the whole domain takes a second."""
    inside = False
    with domain.open(encoding="utf-8") as file:
        for event in YAML(typ="safe", pure=True).parse(file):
            if inside and isinstance(event, SequenceEndEvent):
                return
            if inside and isinstance(event, ScalarEvent):
                yield str(event.value)
            elif isinstance(event, ScalarEvent):
                inside = event.value == "intents"
