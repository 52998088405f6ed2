"""What this server never uses is not loaded."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot.dialogue.light_start import StandIn, is_neural


def archive(folder: Path, name: str, content: bytes) -> Path:
    file = folder / "model.tar.gz"
    with tarfile.open(file, "w:gz") as model:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        model.addfile(member, io.BytesIO(content))
    return file


def test_a_model_with_a_neural_component_keeps_tensorflow(tmp_path: Path) -> None:
    assert is_neural(archive(tmp_path, "metadata.json", b'{"uses": "x.DIETClassifier"}'))


def test_a_model_without_one_needs_none(tmp_path: Path) -> None:
    assert not is_neural(archive(tmp_path, "metadata.json", b'{"uses": "x.RulePolicy"}'))


def test_a_model_that_cannot_be_read_is_taken_for_neural(tmp_path: Path) -> None:
    assert is_neural(archive(tmp_path, "other.json", b"{}"))


def test_a_stand_in_can_be_imported_from_but_not_used() -> None:
    module = StandIn("rasa.core.channels.slack")
    assert module.SlackInput.name() == "SlackInput"
    with pytest.raises(ImportError, match=r"rasa\.core\.channels\.slack"):
        module.SlackInput("token")
