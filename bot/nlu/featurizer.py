"""The featurizer: one sparse row a message, over all the views of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.nlu.component import Trained
from bot.nlu.keys import is_payload
from bot.nlu.ngrams import Kind, NgramUnion
from bot.nlu.views import views

# Which view of a message by which n-grams. Chosen by cross-validation on the training examples; see
# docs/understanding.md.
KINDS = (
    ("words", Kind("word", 1, 2, rarest=2)),
    ("letters", Kind("char_wb", 1, 5, rarest=2)),
    ("signs", Kind("word", 1, 3, rarest=2, weight=0.5)),
    ("sounds", Kind("char_wb", 2, 5, rarest=2, weight=0.7)),
    ("gist", Kind("word", 1, 2, rarest=2)),
    ("gist", Kind("pair", rarest=2, weight=1.3)),
)


def rows_of(messages: list[Message]) -> csr_matrix:
    """The rows that the featurizer left on messages, one below the other."""
    rows = [message.get_sparse_features(TEXT)[1].features for message in messages]
    return vstack(rows, format="csr")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(Trained[NgramUnion], SparseFeaturizer):  # type: ignore[misc]
    """Vectors that keep combining marks; sentence features only, none for single words."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What has to stand before it in the pipeline."""
        return [Tokenizer]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be set, so nothing can be wrong."""

    def learn(self, training_data: TrainingData, folder: Path) -> NgramUnion:
        """Learn which n-grams there are."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        ngrams = NgramUnion.learn(_columns(examples), [kind for _, kind in KINDS])
        ngrams.save(folder)
        return ngrams

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> NgramUnion:
        """Load the learnt n-grams."""
        return NgramUnion.load(folder)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize every training example."""
        self.process([e for e in training_data.training_examples if e.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize the messages; payloads need no features."""
        readable = [m for m in messages if m.get(TEXT) and not is_payload(m.get(TEXT))]
        if readable and self.learnt:
            rows = self.learnt.transform(_columns(readable))
            for index, message in enumerate(readable):
                row = Features(rows[index], FEATURE_TYPE_SENTENCE, TEXT, self._name)
                message.add_features(row)
        return messages


def _columns(messages: list[Message]) -> list[list[str]]:
    """For each kind of n-grams the texts it looks at."""
    seen = list(map(views, messages))
    return [[getattr(view, name) for view in seen] for name, _ in KINDS]
