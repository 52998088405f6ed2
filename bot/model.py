"""The trained model's file, named by what it is made from.

An edited sentence in `domain.yml` or a new example gives another name: a model that does not fit
its sources is noticed at start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

SOURCES = ("bot/vocabulary.py", "config.yml", "domain.yml", "requirements.lock")
FOLDERS = ("data", "bot/nlu", "bot/safety")
ENDINGS = {".yml", ".py"}


def model_path(root: Path) -> Path:
    """Where the model of the sources in this folder is, whether it exists or not."""
    digest = hashlib.sha256()
    for file in sorted(_sources(root)):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    return root / "models" / f"impreuna-{digest.hexdigest()[:12]}.tar.gz"


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in SOURCES if (root / name).exists())
    for folder in FOLDERS:
        for file in (root / folder).rglob("*"):
            if file.suffix in ENDINGS:
                yield file
