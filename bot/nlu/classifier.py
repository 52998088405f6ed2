"""The intent classifier: linear, calibrated, trained in seconds, with guards for some intents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Trained
from bot.nlu.featurizer import rows_of
from bot.nlu.guard import Guard, denies, margin, may_overrule
from bot.nlu.keys import CLASSIFIED, HARMLESS, SAFETY, is_payload
from bot.nlu.linear import WORTH_PROCESSES, Floats, Linear, a_part, train_linear, unseen_scores
from bot.nlu.parallel import in_parallel
from bot.nlu.ranking import INTENT_OF_KIND, KIND_OF_INTENT, put_first, set_no_intent, set_ranking
from bot.nlu.reader import in_doubt, reader, weigh

WEIGHTS_FILE = "intents.npz"


@dataclass(frozen=True)
class Judges:
    """What judges a message: all intents against one another, the guards, perhaps the reader."""

    linear: Linear
    guards: tuple[Guard, ...]
    read: bool


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(Trained[Judges], IntentClassifier):  # type: ignore[misc]
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
        where two fire, the first one counts.
        `read`: whether the reader is asked where a guard is in doubt; about intents of which it
        learnt nothing it is not.
        """
        return {"strength": 0.5, "guards": {}, "read": False}

    def learn(self, training_data: TrainingData, folder: Path) -> Judges:
        """Learn from every example with an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        rows, strength = rows_of(examples), self._config["strength"]
        part = a_part(intents)
        unseen = unseen_scores(rows, intents, strength, part)
        linear = train_linear(rows, intents, strength, unseen)
        linear.save(folder / WEIGHTS_FILE)
        guarded = [
            (intent, rows, intents, part, margin(unseen.scores, column), allowed)
            for intent, allowed in self._config["guards"].items()
            for column in _columns(linear, intent)
        ]
        guards = tuple(in_parallel(Guard.train, guarded, worth=rows.nnz >= WORTH_PROCESSES))
        for guard in guards:
            guard.save(folder)
        return Judges(linear, guards, self._config["read"])

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> Judges:
        """Load the trained weights."""
        linear = Linear.load(folder / WEIGHTS_FILE)
        intents = [intent for intent in config["guards"] if _columns(linear, intent)]
        guards = tuple(Guard.load(folder, intent) for intent in intents)
        return Judges(linear, guards, config["read"])

    def warm(self) -> None:
        """Load the reader, so that nobody's message waits for it."""
        if self.learnt and self.learnt.read:
            reader()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking`; payloads are left to Rasa's own reader."""
        readable = [m for m in messages if m.get(TEXT) and not is_payload(m.get(TEXT))]
        for message in messages:
            set_no_intent(message)
        if readable and self.learnt:
            _rank(readable, self.learnt)
        return messages


def _rank(messages: list[Message], judges: Judges) -> None:
    rows, linear = rows_of(messages), judges.linear
    for message, row in zip(messages, linear.confidences(rows), strict=True):
        set_ranking(message, zip(linear.classes, map(float, row), strict=True))
        message.set(CLASSIFIED, message.get(INTENT)["name"])
    scores = linear.scores(rows)
    likeliest = [linear.classes[column] for column in scores.argmax(axis=1)]
    joined = [
        guard.join(rows, margin(scores, linear.classes.index(guard.intent)))
        for guard in judges.guards
    ]
    above = [one - guard.threshold for guard, one in zip(judges.guards, joined, strict=True)]
    if judges.read and judges.guards:
        above = _heard(messages, judges.guards, above)
    # The last one set wins, so the first in the settings comes last here.
    for guard, far, score in reversed(list(zip(judges.guards, above, joined, strict=True))):
        for message, intent, fires in zip(messages, likeliest, far >= 0, strict=True):
            if fires and may_overrule(guard.intent, intent):
                put_first(message, guard.intent)
                message.set(SAFETY, KIND_OF_INTENT.get(guard.intent), add_to_output=True)
        if guard.intent == INTENT_OF_KIND["danger"]:
            for message, denied in zip(messages, denies(score), strict=True):
                message.set(HARMLESS, bool(denied))


def _heard(
    messages: Sequence[Message], guards: Sequence[Guard], above: Sequence[Floats]
) -> list[Floats]:
    """How far messages are above the guards' thresholds once the reader has been heard."""
    needs = reader().needs
    known = [guard.intent in needs for guard in guards]
    doubtful = [in_doubt(far) & one for far, one in zip(above, known, strict=True)]
    texts = [message.get(TEXT) for message in messages]
    odds = reader().read(texts, np.any(doubtful, axis=0))
    return [
        weigh(far, odds[guard.intent], needs[guard.intent]) if one else far
        for guard, far, one in zip(guards, above, known, strict=True)
    ]


def _columns(linear: Linear, intent: str) -> list[int]:
    """The score's column of an intent; none if no example has it, or nothing else is known."""
    known = intent in linear.classes and len(linear.classes) > 1
    return [linear.classes.index(intent)] if known else []
