"""The watchwords: the safety words of all languages overrule what the model thinks.

Only where guard and reader are sure that there is no danger, a longer message with its words is
left to the model: "no, nobody there threatens them". The gateway has no model: there they always
count.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Trained
from bot.nlu.keys import HARMLESS, LANGUAGE, SAFETY, is_payload
from bot.nlu.lexicon import read_tables
from bot.nlu.ranking import INTENT_OF_KIND, put_first
from bot.nlu.reader import reader
from bot.nlu.unreadable import is_unreadable
from bot.safety import Lookup, Safety, words

WORDS_FILE = "words.json"
NOT_UNDERSTOOD = "nlu_fallback"
# In words.
SHOUT = 4


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Watchwords(Trained[Safety], IntentClassifier):  # type: ignore[misc]
    """Sets the intent of a spotted word with certainty; "help" leaves the model its danger."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings; `read`: whether the reader is asked where the guard denies danger."""
        return {"read": False}

    def learn(self, training_data: TrainingData, folder: Path) -> Safety:
        """Take the words out of the training data's lookups into the model."""
        lookups = read_tables(training_data.lookup_tables)
        watched = [item for item in lookups if item.kind in ("safety", "language")]
        content = json.dumps([list(item) for item in watched], ensure_ascii=False)
        (folder / WORDS_FILE).write_text(content, "utf-8")
        return Safety(watched)

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> Safety:
        """Load the words."""
        watched = json.loads((folder / WORDS_FILE).read_text("utf-8"))
        return Safety(Lookup(*item) for item in watched)

    def warm(self) -> None:
        """Collect the names of languages, so that nobody's first message waits for them."""
        if self.learnt:
            self.learnt.warm()

    def process(self, messages: list[Message]) -> list[Message]:
        """Overrule the intent of every message in which a word is spotted."""
        for message in messages:
            text = message.get(TEXT)
            if text and not is_payload(text) and self.learnt:
                if is_unreadable(text):
                    put_first(message, NOT_UNDERSTOOD)
                    message.set(SAFETY, None)
                self._overrule(message, self.learnt)
                self._name_language(message, self.learnt)
        return messages

    def _overrule(self, message: Message, safety: Safety) -> None:
        signal = safety.spot(message.get(TEXT))
        if signal is None or signal.kind not in INTENT_OF_KIND:
            return
        if signal.kind == "danger" and self._is_harmless(message):
            return
        # "Help" is also what somebody in danger writes; the other words say all there is to say.
        if signal.kind != "menu" or message.get(SAFETY) != "danger":
            put_first(message, INTENT_OF_KIND[signal.kind])
            message.set(SAFETY, signal.kind, add_to_output=True)

    def _is_harmless(self, message: Message) -> bool:
        text = message.get(TEXT)
        if not message.get(HARMLESS) or is_shout(text):
            return False
        return not (self._config["read"] and reader().finds(INTENT_OF_KIND["danger"], text))

    def _name_language(self, message: Message, safety: Safety) -> None:
        """Where another language is wanted, leave the one wanted as the first `language`.

        A flag or "so_SO" is no word of a lexicon; of "I speak no English, Arabic please" the
        language wanted is the one that the conversation is not in.
        """
        if (message.get(INTENT) or {}).get("name") != INTENT_OF_KIND["language"]:
            return
        text, entities = message.get(TEXT), message.get(ENTITIES) or []
        named = [entity for entity in entities if entity["entity"] == LANGUAGE]
        current = (message.get(METADATA) or {}).get("language")
        others = [entity["value"] for entity in named if entity["value"] != current]
        wanted = safety.wants_language(text) or next(iter(others), None)
        if wanted is None or (named and named[0]["value"] == wanted):
            return
        rest = [entity for entity in entities if entity not in named]
        place = next((e for e in named if e["value"] == wanted), whole_text(wanted, text))
        message.set(ENTITIES, [place, *rest], add_to_output=True)


def is_shout(text: str) -> bool:
    """Whether a message has so few words that nothing around a word of danger can deny it."""
    return len(words(text)) <= SHOUT


def whole_text(code: str, text: str) -> dict[str, Any]:
    """An entity for a language that the whole text asks for."""
    return {"entity": LANGUAGE, "value": code, "start": 0, "end": len(text), "text": text}
