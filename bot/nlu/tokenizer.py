"""The tokenizer and entity extractor: words by language, facts by lexicon."""

from __future__ import annotations

from collections import defaultdict
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
from bot.nlu.entities import EntityReader, Reading, as_entities
from bot.nlu.keys import LANGUAGE, is_payload
from bot.nlu.lexicon import check, read_tables
from bot.nlu.normaliser import folded
from bot.nlu.parallel import MANY_TEXTS, in_parallel

PHRASEBOOKS = "phrasebooks.json"
NO_PHRASES = EntityReader([])


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
        """Make phrasebooks of the training data's lookups.

        Raises:
            LexiconError: A lookup's name is unknown, most likely misspelt.
        """
        lookups = read_tables(training_data.lookup_tables)
        check(lookups)
        facts = [item for item in lookups if item.kind != "safety"]
        noted = (example.get(LANGUAGE) for example in training_data.intent_examples)
        reader = EntityReader.of(facts, {note["code"] for note in noted if note})
        reader.save(folder / PHRASEBOOKS)
        return reader

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> EntityReader:
        """Load the phrasebooks."""
        return EntityReader.load(folder / PHRASEBOOKS)

    def warm(self) -> None:
        """Make every language ready, so that nobody's first message waits."""
        if self.learnt:
            self.learnt.warm()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokenize the training examples and find their facts: the classifier learns from both."""
        super().process_training_data(training_data)
        examples = [one for one in training_data.training_examples if _readable(one)]
        grouped: dict[tuple[str, ...], list[Message]] = defaultdict(list)
        for example in examples:
            grouped[tuple(languages_of(example))].append(example)
        parts = [
            ((self.learnt or NO_PHRASES).knowing(codes), [folded(one).text for one in some], codes)
            for codes, some in grouped.items()
        ]
        worth = len(examples) >= MANY_TEXTS
        for some, readings in zip(
            grouped.values(), in_parallel(EntityReader.read_all, parts, worth=worth), strict=True
        ):
            for example, reading in zip(some, readings, strict=True):
                self._note(example, reading)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Tokenize the messages and find their facts."""
        for message in messages:
            if _readable(message):
                reader = self.learnt or NO_PHRASES
                self._note(message, reader.read(folded(message).text, languages_of(message)))
            elif message.get(TEXT):
                message.set(TEXT_TOKENS, [Token(message.get(TEXT), 0)])
        return messages

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The words of other attributes than the text, at spaces; the text's come with `_read`."""
        text = message.get(attribute)
        tokens: list[Token] = self._convert_words_to_tokens(text.split(), text)
        return tokens

    def _note(self, message: Message, reading: Reading) -> None:
        text, source = message.get(TEXT), folded(message)
        tokens = [
            Token(word, *source.original(start, start + len(word))) for word, start in reading.words
        ]
        message.set(TEXT_TOKENS, tokens or [Token(text, 0)])
        entities = self.add_extractor_name(as_entities(reading.marks, source, text))
        message.set(ENTITIES, entities, add_to_output=True)


def _readable(message: Message) -> bool:
    text = message.get(TEXT)
    return bool(text) and not is_payload(text) and bool(folded(message).text)


def languages_of(message: Message) -> list[str]:
    """The languages a message may be in: the decided one, the identified one, the doubtful ones."""
    note = message.get(LANGUAGE) or {}
    doubtful = [] if note.get("sure") else note.get("candidates", [])
    codes = [note.get("decided"), note.get("code"), *doubtful]
    return list(dict.fromkeys(code for code in codes if code)) or [ANY_LANGUAGE]
