"""The trained model for the conversation tests; nothing is loaded before a test asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.model import model_path

if TYPE_CHECKING:
    from tests.interview.assistant import Assistant
    from tests.interview.person import Person

ROOT = Path(__file__).resolve().parents[2]
TRAINING_SECONDS = 900


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The product's turns on the model that is set, or on that of the sources as they are."""
    from tests.interview.assistant import Assistant

    chosen = os.environ.get("IMPREUNA_MODEL")
    model = Path(chosen) if chosen else model_path(ROOT)
    if not model.exists():
        train = [sys.executable, "scripts/train.py"]
        subprocess.run(train, cwd=ROOT, check=True, timeout=TRAINING_SECONDS)
    return Assistant(model)


@pytest.fixture
def somebody(assistant: Assistant) -> Callable[..., Person]:
    """Makes a person with a conversation of their own."""
    from tests.interview.person import Person

    def new(language: str = "en") -> Person:
        return Person(assistant, language)

    return new


@pytest.fixture
def person(somebody: Callable[..., Person]) -> Person:
    return somebody()
