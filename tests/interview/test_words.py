"""Every sentence that the dialogue can come to say exists, and every choice means something."""

from __future__ import annotations

import json
import re

import pytest

from actions.explain import why
from actions.findings import FLAGS_TOLD
from actions.form import ANSWERS, NOTED
from actions.interview.questions import FOR_ALL, TOGETHER, Question
from actions.interview.reading import Reading
from actions.interview.situation import RELATIONS, Situation
from actions.interview.words import SEVERAL
from actions.law import ASKING_ORDER, ROWS, SCHEMA, sources
from bot.nlu.lexicon import FACTS
from bot.safety import read_lookups
from tests.interview.words import ROOT, all_buttons, domain, named_in_code, responses

SLOTS = [path.replace(".", "_") for path in ASKING_ORDER]
ASKED_OF_ALL = [path.replace("person.", "family_") for path in sorted(FOR_ALL)]
QUESTIONS = ["asker", "documents", "member_relation", *SLOTS, *ASKED_OF_ALL]
DOCUMENTS = SCHEMA["documents"].values
PAYLOAD = re.compile(r"/([a-z_]+)(\{.*\})?")


def test_the_questions_are_all_there_is_to_ask() -> None:
    assert len(QUESTIONS) > len(ASKING_ORDER)
    assert set(TOGETHER) <= set(ASKING_ORDER)


@pytest.mark.parametrize("slot", QUESTIONS)
def test_every_question_has_its_sentence_its_reason_its_slot_and_its_entity(slot: str) -> None:
    assert f"utter_ask_{slot}" in responses()
    assert f"utter_why_{why(Question(slot, ()))}" in responses()
    assert slot in domain()["slots"] or slot == "asker"
    assert slot in domain()["entities"]


@pytest.mark.parametrize("row", [row for row in ROWS if row != "A1"])
def test_every_row_has_its_reason_and_every_outcome_its_sentence(row: str) -> None:
    assert f"utter_reason_{row}" in responses()
    assert f"utter_finding_{ROWS[row].outcome.lower()}" in responses()


def test_every_part_of_a_name_that_the_code_puts_together_exists() -> None:
    wanted = {
        *(f"utter_guidance_{state}" for state in DOCUMENTS),
        *(f"utter_flag_{flag.lower()}" for flag in FLAGS_TOLD),
        *(f"utter_note_{asker}" for asker in NOTED),
        *(f"utter_word_{kind}" for kind in (*RELATIONS, "self", "someone")),
        *(f"utter_word_{kind}_many" for kind in SEVERAL),
        *(f"utter_word_place_{place}" for place in SCHEMA["person.place"].values),
        *(f"utter_safety{where}" for where in ("", "_romania", "_abroad")),
        *(f"utter_handoff_opened{urgent}" for urgent in ("", "_urgent")),
        *(f"utter_answer_rejection_{file}" for file in ("own", "family", "visa")),
        *(f"utter_answer_application_delay_{file}" for file in ("own", "family")),
    }
    assert wanted - set(responses()) == set()


def test_every_response_that_the_code_names_exists() -> None:
    names, beginnings = named_in_code()
    assert len(names) > 20
    assert names - set(responses()) - {"utter_action"} == set()
    for beginning in beginnings - {"utter_"}:
        assert any(name.startswith(beginning) for name in responses()), beginning


def test_every_question_of_a_person_has_an_answer() -> None:
    asked = [intent for intent in domain()["intents"] if intent.startswith("ask_")]
    elsewhere = {"ask_menu", "ask_explain"}
    missing = {f"utter_answer_{intent.removeprefix('ask_')}" for intent in asked
               if intent not in elsewhere} - set(responses())  # fmt: skip
    assert missing == set()


@pytest.mark.parametrize("file", sorted((ROOT / "data" / "nlu").glob("*/*.yml")), ids=str)
def test_every_topic_that_a_language_knows_has_an_answer(file: object) -> None:
    topics = {item.value for item in read_lookups(file, "xx") if item.kind == "topic"}
    assert {f"utter_answer_other_topic_{topic}" for topic in topics} - set(responses()) == set()


def test_every_sentence_is_said_somewhere() -> None:
    names, beginnings = named_in_code()
    files = [ROOT / "data" / "stories" / "rules.yml", *ROOT.glob("bot/channels/*/templates/*.yml")]
    rules = "".join(file.read_text(encoding="utf-8") for file in files)
    said = tuple(beginnings | {"utter_ask_", "utter_safety"})
    silent = [
        name
        for name in responses()
        if name not in names and name not in rules and not name.startswith(said)
    ]
    assert silent == []


# A template's button comes back to the channel, never to the dialogue.
OFFERED = [item for item in all_buttons() if not item[0].startswith("utter_template_")]


@pytest.mark.parametrize(("name", "button"), OFFERED, ids=lambda value: str(value)[:60])
def test_every_choice_names_a_known_intent_entity_and_value(
    name: str, button: dict[str, str]
) -> None:
    match = PAYLOAD.fullmatch(button["payload"])
    assert match is not None
    assert match[1] in domain()["intents"]
    for entity, value in json.loads(match[2] or "{}").items():
        assert entity in domain()["entities"]
        assert is_known(entity, value), (entity, value)


@pytest.mark.parametrize("slot", QUESTIONS)
def test_every_choice_of_a_question_answers_it(slot: str) -> None:
    family = {"family": ("p1", "p2"), "person": ("p1",), "member": ("p1",)}
    members = family.get(slot.partition("_")[0], ()) if slot != "person_relation" else ()
    path = next((p for p in SCHEMA if p.replace(".", "_") == slot), None)
    path = path or re.sub("^(family|member)_", "person.", slot)
    for _, button in filter(lambda item: item[0] == f"utter_ask_{slot}", all_buttons()):
        situation = Situation(shared={"asker": "helper"} if slot != "asker" else {})
        for kind in ("son", "daughter")[: len(members)]:
            situation.add(kind)
        given = json.loads(button["payload"].removeprefix("/inform"))
        entities = [{"entity": name, "value": value} for name, value in given.items()]
        reading = Reading(situation, Question(slot, (path,), members), entities, "inform")
        understood = reading.answered or reading.unknown or reading.situation.members
        assert understood, button["payload"]
        for member in situation.members or [None]:  # type: ignore[list-item]
            situation.finding(member)  # what was stored is what the law takes


def is_known(entity: str, value: str) -> bool:
    """Whether something reads this value of this entity."""
    path = next((p for p in SCHEMA if p.replace(".", "_") == entity), None)
    path = path or re.sub("^(family|member)_", "person.", entity)
    if path in SCHEMA:
        values = set(SCHEMA[path].values)
        own = {"yes", "no"} if SCHEMA[path].kind == "bool" else values
        extra = {"some"} if entity.startswith("family_") else set()
        return value in own | extra | ({"other"} if entity == "documents" else set())
    if entity == "person":
        return value.rstrip("+") in RELATIONS
    if entity == "correction":
        return value in {"yes", "add"}
    if entity == "file":
        return value in {"own", "family", "visa"}
    allowed = FACTS.get(entity)
    return isinstance(allowed, frozenset) and value in allowed


def test_every_question_with_a_fact_offers_i_do_not_know() -> None:
    # Who writes and who is meant is known; a place not known and other papers have choices.
    free = {"asker", "documents", "person_relation", "person_place", "family_place"}
    for name, _ in all_buttons():
        slot = name.removeprefix("utter_ask_").removesuffix("_other")
        if name.startswith("utter_ask_") and slot in QUESTIONS and slot not in free:
            offered = [button["payload"] for of, button in all_buttons() if of == name]
            assert '/inform{"answer": "dont_know"}' in offered, name


def test_a_typed_number_is_an_answer_where_a_number_is_asked() -> None:
    for path, fact in SCHEMA.items():
        name = f"utter_ask_{path.replace('.', '_')}"
        if fact.kind in ("int", "date") and path in ASKING_ORDER:
            for variant in (name, f"{name}_other"):
                if variant in responses():
                    metadata = responses()[variant][0]["metadata"]
                    assert metadata["numbered"] is False, variant


def test_intents_that_answer_or_interrupt_are_the_domains() -> None:
    assert ANSWERS - {"", "nlu_fallback"} <= set(domain()["intents"])


def test_every_source_that_is_named_is_known() -> None:
    cited = {
        str(source)
        for name in responses()
        for source in (responses()[name][0].get("metadata") or {}).get("sources") or []
    }
    assert cited - set(sources()) == set()
    assert {fact for row in ROWS.values() for fact in row.facts} - set(sources()) == set()
