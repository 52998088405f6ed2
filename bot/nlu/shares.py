"""`python -m bot.nlu.shares`: how easily each guard may fire, by cross-validation on the examples.

A guard's share in `config.yml` is the share of other examples that may reach its threshold in
training. The rule: the largest share at which, over all languages, no more of the near misses are
taken for the guarded intent than the goal allows. What is counted comes from models that saw
neither the example nor its neighbours, with the safety words on top, as in use. Exit 1 if
`config.yml` says otherwise. The held-out messages have no part in it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from bot.nlu.evaluate import EXAMPLES, FALSE_ALARM_GOAL
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
STEP, LARGEST = 0.0025, 0.05
NEIGHBOURS = 8
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Examples:
    """The training examples, a place each in every list.

    Attributes:
        rows: What the featurizer makes of them.
        intents: Their intents.
        languages: Their languages.
        near: Whether each was written as a near miss.
        parts: The part of the cross-validation in which each stands, neighbours together.
        spotted: What the safety words find in them.
        shouts: Whether each has so few words that a word of danger always counts.
    """

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


@dataclass(frozen=True)
class Outcome:
    """What one share leads to.

    Attributes:
        share: The share.
        all_alarms: How many others are taken for the guarded intent, over all languages.
        near_alarms: How many near misses are, over all languages.
        found: How many of the guarded intent are found, by language.
        alarms: How many others are taken for it, by language.
        near: How many near misses are, by language.
        fires: Which of the examples are taken for it.
    """

    share: float
    all_alarms: float
    near_alarms: float
    found: Mapping[str, float]
    alarms: Mapping[str, float]
    near: Mapping[str, float]
    fires: Flags

    def __str__(self) -> str:
        alarms = f"false alarms {self.all_alarms:.2%}, on near misses {self.near_alarms:.2%}"
        cells = [f"share {self.share:.4f}  {alarms}"]
        for name, values in (
            ("found", self.found),
            ("false alarms by language", self.alarms),
            ("near misses", self.near),
        ):
            told = " ".join(f"{code} {value:.2%}" for code, value in values.items())
            cells.append(f"{name} {told}")
        return "  ".join(cells)


def main() -> int:
    """Print what each share leads to and which one the rule takes.

    Returns:
        0 when `config.yml` has the shares that the rule takes, else 1.
    """
    classifier = next(
        part for part in YAML(typ="safe").load(CONFIG.read_text("utf-8"))["pipeline"]
        if "guards" in part
    )  # fmt: skip
    examples = read_examples(sorted(EXAMPLES.glob("*/*.yml")))
    strength, wrong = classifier["strength"], 0
    intents = list(map(str, examples.intents))
    part = a_part(intents)
    known = Known(
        part=part,
        part_scores=unseen_scores(examples.rows, intents, strength, part).scores,
        scores=scores_apart(examples, intents, strength),
    )
    gone: Flags = np.zeros(len(intents), dtype=np.bool_)
    for intent, current in classifier["guards"].items():
        outcomes = list(weigh(intent, examples, known, gone))
        taken = take(outcomes)
        gone = gone | taken.fires
        wrong += abs(taken.share - current) > STEP / 2
        print(intent, *outcomes, sep="\n")
        print(f"the rule takes {taken.share:.4f}, {CONFIG} has {current:.4f}")
    return 1 if wrong else 0


def take(outcomes: Iterable[Outcome], goal: float = FALSE_ALARM_GOAL) -> Outcome:
    """The largest share with which the false alarms meet the goal; the smallest if none does.

    They are counted on near misses, as the goal says, and over all languages: one language's harder
    ones must not let danger be overlooked in all the others.
    """
    outcomes = sorted(outcomes, key=lambda outcome: outcome.share)
    good = [one for one in outcomes if one.near_alarms <= goal]
    return good[-1] if good else outcomes[0]


def weigh(intent: str, examples: Examples, known: Known, gone: Flags) -> Iterable[Outcome]:
    """What each share leads to for one guard.

    Args:
        intent: The guarded intent.
        examples: The training examples.
        known: What the intent classifier says of them.
        gone: Which examples an earlier guard takes: the first one wins over the next.
    """
    guarded: Flags = examples.intents == intent
    sides = [GUARDED if one else OTHER for one in guarded]
    classes = sorted(set(examples.intents))
    column = classes.index(intent)
    joined = unseen_scores(examples.rows, sides, STRENGTH, known.part).scores[:, 1]
    joined = joined + margin(known.part_scores, column)
    strict = scores_apart(examples, sides, STRENGTH)[:, 1] + margin(known.scores, column)
    spotted = examples.spotted == KIND_OF_INTENT.get(intent)
    if intent == INTENT_OF_KIND["danger"]:
        spotted &= ~denies(strict) | examples.shouts
    likeliest = known.scores.argmax(axis=1)
    free = ~gone & [may_overrule(intent, classes[place]) for place in likeliest]
    for share in np.arange(STEP, LARGEST + STEP / 2, STEP):
        fires = strict >= choose_threshold(joined, guarded[known.part], float(share))
        yield _outcome(float(share), fires & free | spotted, guarded, examples)


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


def read_examples(files: Sequence[Path]) -> Examples:
    """Read training files and featurize their examples as training does."""
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.featurizer import rows_of
    from bot.nlu.importer import folder_language, read_stamped
    from bot.nlu.lexicon import read_tables
    from bot.nlu.watchword import is_shout
    from bot.safety import Safety

    data = TrainingData()
    origins: list[tuple[str, str]] = []
    for file in files:
        part = read_stamped(str(file))
        origins += [(folder_language(file) or "", file.stem)] * len(part.training_examples)
        data.training_examples += part.training_examples
        data.lookup_tables += part.lookup_tables
    safety = Safety(read_tables(data.lookup_tables))
    _featurize(data)
    intents = [example.get(INTENT) for example in data.training_examples]
    signals = [safety.spot(example.get(TEXT)) for example in data.training_examples]
    return Examples(
        rows=rows_of(data.training_examples),
        intents=np.array(intents),
        languages=np.array([language for language, _ in origins]),
        near=np.array([name.startswith(NEAR_MISSES) for _, name in origins]),
        parts=parts_of(list(zip(origins, intents, strict=True))),
        spotted=np.array([signal.kind if signal else "" for signal in signals]),
        shouts=np.array([is_shout(example.get(TEXT)) for example in data.training_examples]),
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


def _outcome(share: float, fires: Flags, guarded: Flags, examples: Examples) -> Outcome:
    def shares(among: Flags) -> dict[str, float]:
        return {
            str(code): float(fires[among & (examples.languages == code)].mean())
            for code in np.unique(examples.languages[among])
        }

    others = ~guarded
    near = others & examples.near
    return Outcome(
        share=share,
        all_alarms=float(fires[others].mean()),
        near_alarms=float(fires[near].mean()) if near.any() else 0.0,
        found=shares(guarded),
        alarms=shares(others),
        near=shares(near),
        fires=fires,
    )


if __name__ == "__main__":
    sys.exit(main())
