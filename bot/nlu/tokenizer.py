"""The tokenizer and entity extractor: words by language, facts by lexicon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.blanks import ANY_LANGUAGE
from bot.nlu.component import Trained
from bot.nlu.entities import EntityReader, as_entities
from bot.nlu.keys import LANGUAGE, is_payload
from bot.nlu.lexicon import check, read_tables
from bot.nlu.normaliser import folded

LEXICON_FILE = "lexicon.json"
NO_LEXICON = EntityReader([], [])


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class LexiconTokenizer(Trained[EntityReader], Tokenizer, EntityExtractorMixin):  # type: ignore[misc]
    """Splits messages by spaCy's rules for their language and finds the lexicon's facts."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own settings of tokenizers; none is used."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        learnt: EntityReader | None = None,
    ) -> None:
        Tokenizer.__init__(self, config)
        Trained.__init__(self, config, storage, resource, name, learnt)

    def learn(self, training_data: TrainingData, folder: Path) -> EntityReader:
        """Take the lexicons out of the training data's lookups.

        Raises:
            LexiconError: A lookup's name is unknown, most likely misspelt.
        """
        lookups = read_tables(training_data.lookup_tables)
        check(lookups)
        facts = [item for item in lookups if item.kind != "safety"]
        noted = (example.get(LANGUAGE) for example in training_data.intent_examples)
        reader = EntityReader(facts, {note["code"] for note in noted if note})
        reader.save(folder / LEXICON_FILE)
        return reader

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> EntityReader:
        """Load the lexicons and make every language ready."""
        reader = EntityReader.load(folder / LEXICON_FILE)
        reader.warm()
        return reader

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokenize the training examples and find their facts: the classifier learns from both."""
        super().process_training_data(training_data)
        for example in training_data.training_examples:
            self._read(example)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Tokenize the messages and find their facts."""
        for message in messages:
            self._read(message)
        return messages

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of other attributes than the text, at spaces; the text's come with `_read`."""
        text = message.get(attribute)
        tokens: list[Token] = self._convert_words_to_tokens(text.split(), text)
        return tokens

    def _read(self, message: Message) -> None:
        text = message.get(TEXT)
        if not text:
            return
        source = folded(message)
        if is_payload(text) or not source.text:
            message.set(TEXT_TOKENS, [Token(text, 0)])
            return
        reading = (self.learnt or NO_LEXICON).read(source.text, languages_of(message))
        tokens = [
            Token(token.text, *source.original(token.idx, token.idx + len(token.text)))
            for token in reading.doc
            if not token.is_space
        ]
        message.set(TEXT_TOKENS, tokens or [Token(text, 0)])
        entities = self.add_extractor_name(as_entities(reading.marks, source, text))
        message.set(ENTITIES, entities, add_to_output=True)


def languages_of(message: Message) -> list[str]:
    """The languages a message may be in: the decided one, the identified one, the doubtful ones."""
    note = message.get(LANGUAGE) or {}
    doubtful = [] if note.get("sure") else note.get("candidates", [])
    codes = [note.get("decided"), note.get("code"), *doubtful]
    return list(dict.fromkeys(code for code in codes if code)) or [ANY_LANGUAGE]
