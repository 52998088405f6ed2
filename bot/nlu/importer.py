"""The importer: an example's language is the folder in which it stands.

`data/nlu/<lang>/*.yml` are Rasa's own format; a volunteer writes nothing about languages.
Lookups of several languages share names, so theirs get the language in front: `ar/person=wife`.

Rasa's own reader and its importers copy, hash and validate every phrase several times, which
took minutes with many languages. Here a file is read once, and examples and phrases know how
to be copied, hashed and told apart cheaply.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data import entities_parser
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import ConfigError
from bot.nlu.keys import LANGUAGE, LANGUAGE_SEPARATOR, is_payload, stamped

ROOT = "nlu"


class Phrases(tuple):  # type: ignore[type-arg]
    """The phrases of a lookup: never changed, so a copy is the same object."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Phrases:
        """Give the phrases themselves."""
        return self

    def fingerprint(self) -> str:
        """Give a digest of all of them, in their order."""
        return hashlib.sha256("\n".join(self).encode()).hexdigest()


class Example(Message):  # type: ignore[misc]
    """An example of an intent."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        """Copy what a component may set; what stands in there is replaced, never changed."""
        copy = Example.__new__(Example)
        copy.__dict__ = self.__dict__ | {
            "data": dict(self.data),
            "output_properties": set(self.output_properties),
            "features": list(self.features),
        }
        return copy

    def __hash__(self) -> int:
        """Hash the text; equality still compares everything."""
        return hash(self.data.get(TEXT))

    def fingerprint(self) -> str:
        """Give a digest of what was written, and of which components have read it.

        What they noted follows from that, their settings and their sources, and Rasa asks each
        component for these two itself (`bot/nlu/sources.py`). Rasa's own digest of every vector
        of every example took longer than the learning.
        """
        written = [self.data.get(key) for key in (TEXT, INTENT, ENTITIES, LANGUAGE)]
        read = [sorted(self.data), [features.origin for features in self.features]]
        return hashlib.sha256(repr((written, read)).encode()).hexdigest()


class Examples(TrainingData):  # type: ignore[misc]
    """All examples, on their way through the components that note something on each.

    Rasa asks for their digest some twenty times in a training.
    """

    _written: str | None = None

    @classmethod
    def of(cls, data: TrainingData) -> Examples:
        """Take over what the data holds; nothing is copied."""
        examples = cls()
        examples.__dict__.update(data.__dict__)
        return examples

    def fingerprint(self) -> str:
        """Give a digest of the examples, taken once, and of which components have read them."""
        self._written = self._written or str(super().fingerprint())
        read = Counter(
            (tuple(sorted(example.data)), tuple(str(each.origin) for each in example.features))
            for example in self.training_examples
        )
        return hashlib.sha256(repr((self._written, sorted(read.items()))).encode()).hexdigest()


def folder_language(path: str | Path) -> str | None:
    """The language of a training file: the folder below the last `nlu`, else None."""
    parents = Path(path).parts[:-1]
    if ROOT not in parents:
        return None
    below = parents[len(parents) - parents[::-1].index(ROOT) :]
    return below[0] if below else None


def read_stamped(path: str) -> TrainingData:
    """One training file with its folder's language stamped on examples and lookups.

    Raises:
        ConfigError: If the file is no YAML, or holds something else than examples and lookups.
    """
    code = folder_language(path)
    examples: list[Example] = []
    lookups: list[dict[str, Any]] = []
    for item in _items(path):
        lines = list(_lines(item, path))
        if INTENT in item:
            examples += [_example(line, item[INTENT], code) for line in lines]
        elif "lookup" in item:
            name = item["lookup"] if code is None else f"{code}{LANGUAGE_SEPARATOR}{item['lookup']}"
            # Rasa stumbles over a list without an element: one that is not filled in yet.
            lookups += [{"name": name, "elements": Phrases(lines)}] if lines else []
        else:
            raise ConfigError(f"{path}: neither `intent` nor `lookup`: {', '.join(item)}")
    return TrainingData(examples, lookup_tables=lookups)


class LanguageFolders(RasaFileImporter):  # type: ignore[misc]
    """Rasa's own file importer, with a reader that notes each example's language."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All training data, in the order of the files' names, so that training repeats itself."""
        parts = [read_stamped(path) for path in sorted(self._nlu_files)]
        examples = [example for part in parts for example in part.training_examples]
        lookups = [lookup for part in parts for lookup in part.lookup_tables]
        return TrainingData(examples, lookup_tables=lookups)


def _items(path: str) -> list[Mapping[str, Any]]:
    try:
        content = YAML(typ="safe").load(Path(path).read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    items = content.get(ROOT) or [] if isinstance(content, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ConfigError(f"{path} has no list below `nlu:`")
    return items


def _lines(item: Mapping[str, Any], path: str) -> Iterator[str]:
    """Give the lines of `examples: |`, each without the dash in front."""
    for line in str(item.get("examples") or "").splitlines():
        text = line.strip()
        if text and not text.startswith("- ") and text != "-":
            raise ConfigError(f"{path}: a line must begin with “- ”: {text}")
        if is_payload(text[2:]):
            raise ConfigError(f"{path}: what begins with a slash is no message: {text}")
        if text[2:].strip():
            yield text[2:].strip()


def _example(line: str, intent: str, code: str | None) -> Example:
    data: dict[str, Any] = {TEXT: line, INTENT: intent}
    entities = entities_parser.find_entities_in_training_example(line) if "[" in line else []
    if entities:
        data = {**data, TEXT: entities_parser.replace_entities(line), ENTITIES: entities}
    if code is not None:
        data[LANGUAGE] = stamped(code)
    return Example(data)
