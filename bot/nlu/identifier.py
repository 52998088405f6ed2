"""The language identifier: notes on each message which language it is in and what to answer in."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.decision import decide
from bot.nlu.keys import LANGUAGE, is_payload
from bot.nlu.sources import FromSources
from bot.nlu.tongue import NO_LANGUAGE, TongueModel


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(FromSources, GraphComponent):  # type: ignore[misc]
    """Trained on the examples' folders; uses the conversation's language from the metadata."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, model: TongueModel | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        """Create an untrained identifier."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        """Load the trained identifier; without a language in the data there is no model."""
        with model_storage.read_from(resource) as folder:
            trained = (folder / "linear.npz").is_file()
            return cls(model_storage, resource, TongueModel.load(folder) if trained else None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example whose folder names its language."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(LANGUAGE)]
        texts = [example.get(TEXT) for example in examples]
        codes = [example.get(LANGUAGE)["code"] for example in examples]
        with self._storage.write_to(self._resource) as folder:
            if examples:
                self._model = TongueModel.train(texts, codes)
                self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples keep the language of their folder; others are identified."""
        self.process([e for e in training_data.training_examples if not e.get(LANGUAGE)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `language` on every message with a text."""
        for message in messages:
            if message.get(TEXT):
                message.set(LANGUAGE, self._note(message), add_to_output=True)
        return messages

    def _note(self, message: Message) -> dict[str, Any]:
        text, current = message.get(TEXT), (message.get(METADATA) or {}).get("language")
        identified = NO_LANGUAGE
        if self._model and not is_payload(text):
            identified = self._model.identify(text, current)
        decision = decide(identified, current, text)
        return {
            "code": identified.code or current,
            "confidence": identified.confidence,
            "candidates": list(identified.candidates),
            "sure": identified.sure,
            "decided": decision.code,
            "ask": list(decision.ask) if decision.ask else None,
        }
