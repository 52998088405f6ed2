"""The featurizer: one sparse row a message, over words, letters and the facts found."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.nlu.keys import is_payload
from bot.nlu.ngrams import Kind, NgramUnion
from bot.nlu.sources import FromSources
from bot.nlu.views import views

# Chosen by cross-validation on the training examples; see docs/understanding.md.
KINDS = (Kind("word", 1, 2), Kind("char_wb", 1, 5, rarest=2), Kind("word", 1, 1, weight=0.5))


def rows_of(messages: list[Message]) -> csr_matrix:
    """The rows that the featurizer left on messages, one below the other."""
    rows = [message.get_sparse_features(TEXT)[1].features for message in messages]
    return vstack(rows, format="csr")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(FromSources, SparseFeaturizer, GraphComponent):  # type: ignore[misc]
    """Vectors that keep combining marks; sentence features only, none for single words."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What has to stand before it in the pipeline."""
        return [Tokenizer]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be set, so nothing can be wrong."""

    def __init__(
        self,
        name: str,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        ngrams: NgramUnion | None = None,
    ) -> None:
        super().__init__(name, config)
        self._name = name
        self._storage = storage
        self._resource = resource
        self._ngrams = ngrams

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """Create an untrained featurizer."""
        return cls(execution_context.node_name, config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """Load the learnt n-grams."""
        with model_storage.read_from(resource) as folder:
            ngrams = NgramUnion.load(folder)
        return cls(execution_context.node_name, config, model_storage, resource, ngrams)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which n-grams there are."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        columns = list(zip(*(views(example) for example in examples), strict=True))
        self._ngrams = NgramUnion.fit(columns, KINDS)
        with self._storage.write_to(self._resource) as folder:
            self._ngrams.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize every training example."""
        self.process([e for e in training_data.training_examples if e.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize the messages; payloads need no features."""
        readable = [m for m in messages if m.get(TEXT) and not is_payload(m.get(TEXT))]
        if readable and self._ngrams:
            columns = list(zip(*(views(message) for message in readable), strict=True))
            rows = self._ngrams.transform(columns)
            for index, message in enumerate(readable):
                row = Features(rows[index], FEATURE_TYPE_SENTENCE, TEXT, self._name)
                message.add_features(row)
        return messages
