"""The first component: folds the text, and remembers where each letter came from."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.importer import Examples
from bot.nlu.keys import FOLDED, FOLDED_ENDS, FOLDED_STARTS
from bot.nlu.sources import FromSources
from bot.safety import Folded, fold


def folded(message: Message) -> Folded:
    """The folded text that the normaliser left on a message (folded now if it did not)."""
    if message.get(FOLDED) is None:
        return fold(message.get(TEXT) or "")
    return Folded(message.get(FOLDED), message.get(FOLDED_STARTS), message.get(FOLDED_ENDS))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(FromSources, GraphComponent):  # type: ignore[misc]
    """Sets the folded text beside the original, which stays as the person wrote it."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        """Create the component; it has no settings."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Fold every training example."""
        self.process(training_data.training_examples)
        return Examples.of(training_data)

    def process(self, messages: list[Message]) -> list[Message]:
        """Fold every message that has a text."""
        for message in messages:
            if message.get(TEXT):
                result = fold(message.get(TEXT))
                message.set(FOLDED, result.text)
                message.set(FOLDED_STARTS, result.starts)
                message.set(FOLDED_ENDS, result.ends)
        return messages
