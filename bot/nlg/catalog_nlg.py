"""The NLG: a response's name, the values and the language make a message.

English comes from the model's domain, translations from the catalogs on disk, so a translation can
change without a new model or a restart. An action renders before its own events are applied;
that is why it may name the language it has just chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.i18n import Catalogs, Rendered, Responses

LANGUAGE_SLOT = "language"


class CatalogNlg(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Renders responses from the catalogs; `endpoints.yml` names it under `nlg: type`."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        self._catalogs = Catalogs()
        super().__init__(domain.responses)

    @property
    def responses(self) -> Mapping[str, Any]:
        """The domain's responses; Rasa sets them when it has loaded a model."""
        return self._domain_responses

    @responses.setter
    def responses(self, responses: Mapping[str, Any]) -> None:
        self._domain_responses = responses
        self._renderer = Responses({"responses": responses}, self._catalogs)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Render a response; None if the domain has none of that name.

        Keyword arguments are what an action gave: the values of its sentence, `language` if it has
        just been changed, and `choices` that the domain cannot know.

        Raises:
            MissingValue: If the sentence names a value that neither the action nor a slot gives.
        """
        if utter_action not in self._renderer:
            return None
        values = {**tracker.current_slot_values(), **_given(kwargs)}
        language = kwargs.get("language") or language_of_turn(tracker)
        choices = kwargs.get("choices") or ()
        rendered = self._renderer.render(utter_action, language, values, choices)
        return _as_draft(rendered, self._domain_responses[utter_action][0])


def language_of_turn(tracker: DialogueStateTracker) -> str | None:
    """The language to answer in: changed in this turn, else the channel's, else the slot's."""
    changed = None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, SlotSet) and event.key == LANGUAGE_SLOT and event.value:
            changed = event.value
            break
    metadata = (tracker.latest_message.metadata if tracker.latest_message else None) or {}
    slots = tracker.current_slot_values()
    language: str | None = changed or metadata.get("language") or slots.get(LANGUAGE_SLOT)
    return language


def _given(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in kwargs.items() if value is not None}


def _as_draft(rendered: Rendered, source: Mapping[str, Any]) -> dict[str, Any]:
    draft: dict[str, Any] = {
        "text": rendered.text or None,
        "metadata": {
            **rendered.metadata,
            "links": [{"title": link.title, "url": link.url} for link in rendered.links],
            "numbered": rendered.numbered,
        },
    }
    if rendered.choices:
        draft["buttons"] = [
            {"title": c.title, "payload": c.payload, "description": c.description}
            for c in rendered.choices
        ]
    if "custom" in source:
        draft["custom"] = dict(source["custom"])
    return draft
