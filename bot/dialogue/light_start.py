"""A light start: most of Rasa's memory and of its start is for what this server never does.

Its serving code imports two modules that need TensorFlow (progress bars and batches of training),
all of its channels, the evaluation with its plots, and the clients of other databases. Empty
stand-ins take their place; those of TensorFlow only where the model has no neural component.
Using one of them by mistake fails at once, with its name.
"""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

TRAINING_ONLY = ("rasa.utils.tensorflow.callback", "rasa.utils.tensorflow.data_generator")
OTHER_CHANNELS = tuple(
    f"rasa.core.channels.{name}"
    for name in (
        "socketio",
        "botframework",
        "callback",
        "console",
        "facebook",
        "mattermost",
        "rasa_chat",
        "rest",
        "rocketchat",
        "slack",
        "telegram",
        "twilio",
        "twilio_voice",
        "webexteams",
        "hangouts",
    )
)
NEVER_USED = (
    "rasa.core.test",
    "rasa.nlu.test",
    "boto3.dynamodb.conditions",
    "pymongo.collection",
)
NEURAL = (b"DIETClassifier", b"TEDPolicy", b"UnexpecTEDIntentPolicy", b"ResponseSelector")


class StandIn(ModuleType):
    """A module that is never used, only imported from."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (_NotLoaded,), {"__module__": self.__name__})


class _NotLoaded:
    def __init__(self, *_: Any, **__: Any) -> None:
        raise ImportError(f"{type(self).__module__} is not loaded in this server")

    @classmethod
    def name(cls) -> str:
        """What Rasa lists a channel by."""
        return cls.__name__


def prepare(model: Path) -> None:
    """Put the stand-ins in place that this model allows; before anything imports Rasa."""
    stand_ins = OTHER_CHANNELS + NEVER_USED
    for name in stand_ins if is_neural(model) else stand_ins + TRAINING_ONLY:
        sys.modules.setdefault(name, StandIn(name))


def is_neural(model: Path) -> bool:
    """Whether a component of the model needs TensorFlow."""
    with tarfile.open(model) as archive:
        for member in archive:
            if member.name.endswith("metadata.json"):
                content = archive.extractfile(member)
                text = content.read() if content else b""
                return any(name in text for name in NEURAL)
    return True
