"""What our trained components share: how they are made, trained, stored and loaded.

Rasa makes a component with `create` before training and with `load` out of a model. A component
of ours says only what it learns (`learn`) and how that is read back (`recall`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Generic, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.training_data import TrainingData
from typing_extensions import Self

from bot.nlu.sources import FromSources

Learnt = TypeVar("Learnt")


class Trained(FromSources, Generic[Learnt], GraphComponent):  # type: ignore[misc]
    """A component that learns something and keeps it in the model.

    Attributes:
        learnt: What it learnt; None before training, or when there was nothing to learn.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        name: str,
        learnt: Learnt | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._name = name
        self.learnt = learnt

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Create the component untrained."""
        return cls(config, model_storage, resource, execution_context.node_name)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Create the component with what it learnt in training."""
        with model_storage.read_from(resource) as folder:
            learnt = cls.recall(folder, config)
        component = cls(config, model_storage, resource, execution_context.node_name, learnt)
        if not _in_training(execution_context):
            component.warm()
        return component

    def warm(self) -> None:
        """Get ready to serve: what the first message would wait for."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, and store what was learnt in the model."""
        with self._storage.write_to(self._resource) as folder:
            self.learnt = self.learn(training_data, folder)
        return self._resource

    def learn(self, training_data: TrainingData, folder: Path) -> Learnt | None:
        """Learn from the training data and store it below the folder."""
        raise NotImplementedError

    @classmethod
    def recall(cls, folder: Path, config: dict[str, Any]) -> Learnt | None:
        """Read back what `learn` stored."""
        raise NotImplementedError


def _in_training(context: ExecutionContext) -> bool:
    return any(node.fn == "train" for node in context.graph_schema.nodes.values())
