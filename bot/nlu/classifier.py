"""The intent classifier: linear, calibrated, trained in seconds, with guards for some intents."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.featurizer import rows_of
from bot.nlu.guard import Guard, margin
from bot.nlu.keys import SAFETY, is_payload
from bot.nlu.linear import Linear, train_linear, unseen_scores
from bot.nlu.ranking import KIND_OF_INTENT, put_first, set_no_intent, set_ranking
from bot.nlu.sources import FromSources

WEIGHTS_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(FromSources, GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Ranks the intents of a message by calibrated confidences; guarded ones overrule."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What has to stand before it in the pipeline."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `strength`: how closely the examples are followed (scikit-learn's C).
        `guards`: intents to the largest share of other messages that may be taken for them;
        the first one wins over the next.
        """
        return {"strength": 0.5, "guards": {}}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        linear: Linear | None = None,
        guards: tuple[Guard, ...] = (),
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._linear = linear
        self._guards = guards

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Create an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load the trained weights."""
        with model_storage.read_from(resource) as folder:
            linear = Linear.load(folder / WEIGHTS_FILE)
            intents = [name for name in config["guards"] if name in linear.classes]
            guards = tuple(Guard.load(folder, intent) for intent in intents)
            return cls(config, model_storage, resource, linear, guards)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example with an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        rows, strength = rows_of(examples), self._config["strength"]
        unseen = unseen_scores(rows, intents, strength)
        self._linear = train_linear(rows, intents, strength, unseen)
        self._guards = tuple(
            Guard.train(intent, rows, intents, margin(unseen[0], column), allowed)
            for intent, allowed in self._config["guards"].items()
            for column in self._columns(intent)
        )
        with self._storage.write_to(self._resource) as folder:
            self._linear.save(folder / WEIGHTS_FILE)
            for guard in self._guards:
                guard.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking`; payloads are left to Rasa's own reader."""
        readable = [m for m in messages if m.get(TEXT) and not is_payload(m.get(TEXT))]
        for message in messages:
            set_no_intent(message)
        if readable and self._linear:
            self._rank(readable, self._linear)
        return messages

    def _rank(self, messages: list[Message], linear: Linear) -> None:
        rows = rows_of(messages)
        for message, row in zip(messages, linear.confidences(rows), strict=True):
            set_ranking(message, zip(linear.classes, map(float, row), strict=True))
        scores = linear.scores(rows)
        # The last one set wins, so the first in the settings comes last here.
        for guard in reversed(self._guards):
            fires = guard.fires(rows, margin(scores, linear.classes.index(guard.intent)))
            for message in (m for m, fire in zip(messages, fires, strict=True) if fire):
                put_first(message, guard.intent)
                message.set(SAFETY, KIND_OF_INTENT.get(guard.intent), add_to_output=True)

    def _columns(self, intent: str) -> list[int]:
        """The score's column of an intent; none if no example has it."""
        classes = self._linear.classes if self._linear else ()
        return [classes.index(intent)] if intent in classes and len(classes) > 1 else []
