"""Words after which people write their name, of all languages: one file a language."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).with_name("introductions")


def introductions() -> list[str]:
    """Read the words of all languages; people mix them, so nobody asks which."""
    lines = [
        line.strip()
        for file in sorted(_FOLDER.glob("*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [line for line in lines if line and not line.startswith("#")]
