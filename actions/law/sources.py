"""The facts that rows and answers rest on, with their citations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("sources.yml")


@dataclass(frozen=True)
class Source:
    """One fact.

    Attributes:
        statement: The fact in one sentence.
        label: `SEED`, `CONFIRMED`, `CONFIRMED-2`, or `OPEN` for a question not settled.
        cite: How a person cites it.
        checked_on: ISO day of the last check.
        url: Where it can be read, if anywhere.
    """

    statement: str
    label: str
    cite: str
    checked_on: str
    url: str | None = None


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """All facts by id (`F2.4`, `K3`, `13.1`)."""
    read: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        str(name): Source(**{key: str(value) for key, value in entry.items()})
        for name, entry in read.items()
    }
