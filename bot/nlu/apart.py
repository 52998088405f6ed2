"""What models say of training examples that they did not see: cross-validation, as in use.

The guards' settings are chosen by it (`bot.nlu.shares`, `bot.nlu.tune`). The held-out messages have
no part in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML
from typing_extensions import Self

from bot.nlu.evaluate import EXAMPLES
from bot.nlu.guard import (
    GUARDED,
    OTHER,
    STRENGTH,
    choose_threshold,
    denies,
    margin,
    may_overrule,
)
from bot.nlu.linear import PARTS, SEED, Floats, a_part, unseen_scores
from bot.nlu.ranking import INTENT_OF_KIND, KIND_OF_INTENT

CONFIG = Path("config.yml")
NEAR_MISSES = "near_misses"
NEIGHBOURS = 8
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """The training examples, a place each in every list.

    Attributes:
        texts: As the pipeline reads them.
        rows: What the featurizer makes of them.
        intents: Their intents.
        languages: Their languages.
        near: Whether each was written as a near miss.
        parts: The part of the cross-validation in which each stands, neighbours together.
        spotted: What the safety words find in them.
        shouts: Whether each has so few words that a word of danger always counts.
    """

    texts: Sequence[str]
    rows: Any
    intents: NDArray[Any]
    languages: NDArray[Any]
    near: Flags
    parts: NDArray[np.intp]
    spotted: NDArray[Any]
    shouts: Flags


@dataclass(frozen=True)
class Known:
    """What the intent classifier says of examples that it did not see.

    Attributes:
        part: The examples on which training chooses thresholds, as places.
        part_scores: Scores for those, as training takes them.
        scores: Scores for all examples, by models that saw no neighbour either.
    """

    part: NDArray[np.intp]
    part_scores: Floats
    scores: Floats

    @classmethod
    def of(cls, examples: Examples, strength: float) -> Self:
        """Learn and score the examples; it takes minutes."""
        intents = list(map(str, examples.intents))
        part = a_part(intents)
        return cls(
            part=part,
            part_scores=unseen_scores(examples.rows, intents, strength, part).scores,
            scores=scores_apart(examples, intents, strength),
        )


@dataclass(frozen=True)
class Judgement:
    """What is said of each example about one guarded intent.

    Attributes:
        intent: The guarded intent.
        guarded: Which examples are of it.
        scores: The guard's joined scores, by models that saw no neighbour of the example.
        part_scores: Those of the examples on which training chooses the threshold.
        part_guarded: Which of those are of the intent.
        free: Which examples the guard may overrule the classifier on.
        spotted: Which examples the safety words take for it.
    """

    intent: str
    guarded: Flags
    scores: Floats
    part_scores: Floats
    part_guarded: Flags
    free: Flags
    spotted: Flags

    def above(self, share: float) -> Floats:
        """How far the examples' scores are above the threshold that training takes for a share."""
        threshold = choose_threshold(self.part_scores, self.part_guarded, share)
        above: Floats = self.scores - threshold
        return above

    def fires(self, above: Floats, gone: Flags) -> Flags:
        """Which examples are taken for the intent, as in use.

        Args:
            above: How far they are above the guard's threshold.
            gone: Which examples an earlier guard takes: the first one wins over the next.
        """
        fires: Flags = (above >= 0) & self.free & ~gone | self.spotted
        return fires


def classifier_settings() -> Mapping[str, Any]:
    """The settings of the intent classifier in `config.yml`."""
    parts = YAML(typ="safe").load(CONFIG.read_text("utf-8"))["pipeline"]
    settings: Mapping[str, Any] = next(part for part in parts if "guards" in part)
    return settings


def judge(intent: str, examples: Examples, known: Known) -> Judgement:
    """Learn and score one guard; it takes minutes."""
    guarded: Flags = examples.intents == intent
    sides = [GUARDED if one else OTHER for one in guarded]
    classes = sorted(set(examples.intents))
    column = classes.index(intent)
    part = unseen_scores(examples.rows, sides, STRENGTH, known.part).scores[:, 1]
    scores = scores_apart(examples, sides, STRENGTH)[:, 1] + margin(known.scores, column)
    spotted = examples.spotted == KIND_OF_INTENT.get(intent)
    if intent == INTENT_OF_KIND["danger"]:
        spotted &= ~denies(scores) | examples.shouts
    likeliest = known.scores.argmax(axis=1)
    return Judgement(
        intent=intent,
        guarded=guarded,
        scores=scores,
        part_scores=part + margin(known.part_scores, column),
        part_guarded=guarded[known.part],
        free=np.array([may_overrule(intent, classes[place]) for place in likeliest]),
        spotted=spotted,
    )


def judgements(settings: Mapping[str, Any], examples: Examples) -> Iterator[Judgement]:
    """What is said of the examples about each guarded intent, in the guards' order."""
    known = Known.of(examples, settings["strength"])
    for intent in settings["guards"]:
        yield judge(intent, examples, known)


def scores_apart(examples: Examples, labels: Sequence[str], strength: float) -> Floats:
    """Scores for every example, by models that saw neither it nor its neighbours."""
    scores = np.zeros((len(labels), len(set(labels))), dtype=np.float32)
    for number in np.unique(examples.parts):
        part = np.flatnonzero(examples.parts == number)
        scores[part] = unseen_scores(examples.rows, labels, strength, part).scores
    return scores


def parts_of(runs: Sequence[Any]) -> NDArray[np.intp]:
    """A part of the cross-validation for each example; neighbours of one run stay together.

    Neighbours were written in one go and resemble one another: a model that saw one of them
    would be flattered by the other.

    Args:
        runs: For each example what it shares with its neighbours, such as file and intent.
    """
    blocks: list[int] = []
    for _, run in groupby(runs):
        first = blocks[-1] + 1 if blocks else 0
        blocks += [first + place // NEIGHBOURS for place, _ in enumerate(run)]
    shuffled = np.random.default_rng(SEED).permutation(max(blocks, default=0) + 1)
    return np.asarray(shuffled[blocks] % PARTS, dtype=np.intp)


def read_examples() -> Examples:
    """Read the training files and featurize their examples as training does."""
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.featurizer import rows_of
    from bot.nlu.importer import folder_language, read_stamped
    from bot.nlu.lexicon import read_tables
    from bot.nlu.watchword import is_shout
    from bot.safety import Safety

    data = TrainingData()
    origins: list[tuple[str, str]] = []
    for file in sorted(EXAMPLES.glob("*/*.yml")):
        part = read_stamped(str(file))
        origins += [(folder_language(file) or "", file.stem)] * len(part.training_examples)
        data.training_examples += part.training_examples
        data.lookup_tables += part.lookup_tables
    safety = Safety(read_tables(data.lookup_tables))
    _featurize(data)
    intents = [example.get(INTENT) for example in data.training_examples]
    texts = [example.get(TEXT) for example in data.training_examples]
    signals = [safety.spot(text) for text in texts]
    return Examples(
        texts=texts,
        rows=rows_of(data.training_examples),
        intents=np.array(intents),
        languages=np.array([language for language, _ in origins]),
        near=np.array([name.startswith(NEAR_MISSES) for _, name in origins]),
        parts=parts_of(list(zip(origins, intents, strict=True))),
        spotted=np.array([signal.kind if signal else "" for signal in signals]),
        shouts=np.array([is_shout(text) for text in texts]),
    )


def _featurize(data: Any) -> None:
    """Run the pipeline's own components up to the featurizer over the training data."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    from bot.nlu.featurizer import NgramFeaturizer
    from bot.nlu.normaliser import Normaliser
    from bot.nlu.tokenizer import LexiconTokenizer

    Normaliser().process_training_data(data)
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        for kind in (LexiconTokenizer, NgramFeaturizer):
            name = kind.__name__
            context = ExecutionContext(GraphSchema({}), node_name=name)
            config = kind.get_default_config()
            component = kind.create(config, storage, Resource(name), context)
            component.train(data)
            component.process_training_data(data)
