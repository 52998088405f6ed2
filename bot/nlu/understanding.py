"""Understanding without a server: the newest model's pipeline, loaded by itself.

Used by `impreuna parse` and the evaluation. The dialogue's policies are not loaded.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypedDict

from bot.nlu.keys import CLASSIFIED

MODELS = Path("models")
PATTERN = "impreuna-*.tar.gz"
BATCH = 256


class Parsed(TypedDict):
    """What one message says: the fields that `impreuna parse` prints.

    `classified` is what the classifier alone took it for, before guards, safety words and doubt.
    """

    intent: str
    confidence: float
    language: str | None
    language_confidence: float
    safety: str | None
    entities: list[dict[str, Any]]
    classified: str | None


def newest_model(folder: Path = MODELS) -> Path:
    """The newest model's archive.

    Raises:
        FileNotFoundError: There is none; says how to make one.
    """
    archives = sorted(folder.glob(PATTERN), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise FileNotFoundError(f"no model {folder / PATTERN}: run `make train` first")
    return archives[-1]


class Understanding:
    """A loaded pipeline."""

    def __init__(self, runner: Any, target: str) -> None:
        self._runner = runner
        self._target = target

    @classmethod
    def load(cls, archive: Path) -> Understanding:
        """Load the part of a model that understands messages."""
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with warnings.catch_warnings():
            # Rasa's old dependencies warn of one another at import; nobody here can act on it.
            warnings.simplefilter("ignore")
            return cls(*_nlu_runner(archive))

    def parse(self, texts: Sequence[str], languages: Sequence[str | None] = ()) -> Iterator[Parsed]:
        """Parse messages, in order.

        Args:
            texts: The messages.
            languages: For each message the language of its conversation, if there is one.
        """
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE

        known = list(languages) or [None] * len(texts)
        messages = [
            UserMessage(text, metadata={"language": code})
            for text, code in zip(texts, known, strict=True)
        ]
        for start in range(0, len(messages), BATCH):
            inputs = {PLACEHOLDER_MESSAGE: messages[start : start + BATCH]}
            for result in self._runner.run(inputs=inputs, targets=[self._target])[self._target]:
                yield _parsed(result)


def _nlu_runner(archive: Path) -> tuple[Any, str]:
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    with tempfile.TemporaryDirectory() as folder:
        storage, metadata = LocalModelStorage.from_model_archive(Path(folder), archive)
        schema = metadata.predict_schema.minimal_graph_schema([metadata.nlu_target])
        context = ExecutionContext(graph_schema=schema, model_id=metadata.model_id)
        return DaskGraphRunner.create(schema, storage, context), metadata.nlu_target


def _parsed(message: Any) -> Parsed:
    result = message.as_dict(only_output_properties=True)
    intent = result.get("intent") or {}
    language = result.get("language") or {}
    return {
        "intent": intent.get("name") or "",
        "confidence": round(intent.get("confidence") or 0.0, 4),
        "language": language.get("code"),
        "language_confidence": language.get("confidence") or 0.0,
        "safety": result.get("safety"),
        "entities": [_entity(entity) for entity in result.get("entities") or []],
        "classified": message.get(CLASSIFIED),
    }


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    return {key: entity.get(key) for key in ("entity", "value", "start", "end", "text")}
