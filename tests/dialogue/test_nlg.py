"""The NLG chooses the language and the values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.i18n import Catalogs, MissingValue
from bot.nlg.catalog_nlg import CatalogNlg

DOMAIN = """
version: "3.1"
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  name: {type: text, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_greet: [{text: "Hello {name}"}]
  utter_stop: [{text: "Stop", custom: {no_reply: true}, metadata: {sources: [F1.1]}}]
"""


@pytest.fixture
def nlg(tmp_path: Path) -> CatalogNlg:
    for language, text in (("ro", "Bună {name}"), ("ar", "مرحبا {name}")):
        file = tmp_path / language / "LC_MESSAGES" / "impreuna.po"
        file.parent.mkdir(parents=True)
        file.write_text(f'msgctxt "utter_greet"\nmsgid "Hello {{name}}"\nmsgstr "{text}"\n')
    made = CatalogNlg(EndpointConfig(), Domain.from_yaml(DOMAIN))
    made._catalogs = Catalogs(tmp_path)
    made.responses = made.responses
    return made


def tracker(metadata: dict[str, Any], *after: SlotSet, before: str | None = None) -> Any:
    events = [SlotSet("name", "Ana"), SlotSet("language", before)]
    user = UserUttered("x", {"name": "greet"}, metadata=metadata)
    slots = Domain.from_yaml(DOMAIN).slots
    return DialogueStateTracker.from_events("c", [*events, user, *after], slots)


async def say(nlg: CatalogNlg, told: Any, **values: Any) -> str:
    draft = await nlg.generate("utter_greet", told, "impreuna", **values)
    assert draft is not None
    return str(draft["text"])


async def test_the_slot_decides_if_nothing_else_does(nlg: CatalogNlg) -> None:
    assert await say(nlg, tracker({}, before="ro")) == "Bună Ana"


async def test_the_conversation_s_language_beats_the_slot(nlg: CatalogNlg) -> None:
    assert await say(nlg, tracker({"language": "ro"}, before="ar")) == "Bună Ana"


async def test_a_change_in_this_turn_beats_both(nlg: CatalogNlg) -> None:
    told = tracker({"language": "ar"}, SlotSet("language", "ro"), before="ar")
    assert await say(nlg, told) == "Bună Ana"


async def test_what_the_action_says_beats_everything(nlg: CatalogNlg) -> None:
    told = tracker({"language": "ro"}, SlotSet("language", "ro"))
    assert await say(nlg, told, language="ar") == "مرحبا \u2068Ana\u2069"


async def test_without_any_language_or_with_an_unknown_one_it_is_english(nlg: CatalogNlg) -> None:
    assert await say(nlg, tracker({})) == "Hello Ana"
    assert await say(nlg, tracker({"language": "xx"})) == "Hello Ana"


async def test_an_action_s_value_beats_the_slot_and_none_is_no_value(nlg: CatalogNlg) -> None:
    assert await say(nlg, tracker({}), name="Mihai") == "Hello Mihai"
    assert await say(nlg, tracker({}), name=None) == "Hello Ana"


async def test_a_sentence_is_never_said_with_a_hole(nlg: CatalogNlg) -> None:
    told = tracker({}, SlotSet("name", None))
    with pytest.raises(MissingValue):
        await say(nlg, told)


async def test_a_payload_of_the_domain_is_kept_and_unknown_names_give_nothing(
    nlg: CatalogNlg,
) -> None:
    draft = await nlg.generate("utter_stop", tracker({}), "impreuna")
    assert draft is not None
    assert draft["custom"] == {"no_reply": True}
    assert draft["metadata"] == {"sources": ["F1.1"], "links": [], "numbered": True}
    assert await nlg.generate("utter_nothing", tracker({}), "impreuna") is None
