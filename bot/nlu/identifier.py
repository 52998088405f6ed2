"""The language identifier: notes on each message which language it is in and what to answer in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Trained
from bot.nlu.decision import decide
from bot.nlu.keys import LANGUAGE, is_payload
from bot.nlu.tongue import NO_LANGUAGE, TongueModel
from bot.nlu.unreadable import is_unreadable


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageIdentifier(Trained[TongueModel]):
    """Trained on the examples' folders; uses the conversation's language from the metadata."""

    def learn(self, training_data: TrainingData, folder: Path) -> TongueModel | None:
        """Learn from every example whose folder names its language."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(LANGUAGE)]
        if not examples:
            return None
        texts = [example.get(TEXT) for example in examples]
        model = TongueModel.train(texts, [example.get(LANGUAGE)["code"] for example in examples])
        model.save(folder)
        return model

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> TongueModel | None:
        """Load the model; without a language in the data there is none."""
        return TongueModel.load(folder) if (folder / "linear.npz").is_file() else None

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
        metadata = message.get(METADATA) or {}
        text, current = message.get(TEXT), metadata.get("language")
        identified = NO_LANGUAGE
        if self.learnt and not is_payload(text) and not is_unreadable(text):
            identified = self.learnt.identify(text, current)
        decision = decide(identified, current, text, metadata.get("languages"))
        return {
            "code": identified.code or current,
            "confidence": identified.confidence,
            "candidates": list(identified.candidates),
            "sure": identified.sure,
            "decided": decision.code,
            "ask": list(decision.ask) if decision.ask else None,
        }
