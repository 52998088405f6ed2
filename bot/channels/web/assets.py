"""The page's files: read once, named by the hash of their content, compressed beforehand."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("static")
_HASH_LENGTH = 12
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain",
    ".html": "text/html",
}


@dataclass(frozen=True)
class Asset:
    """One file, ready to be sent; `compressed` is None where gzip gains nothing."""

    content_type: str
    digest: str
    plain: bytes
    compressed: bytes | None


class Assets:
    """All files of a folder by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._assets = {
            file.name: _read(file)
            for file in sorted(folder.iterdir())
            if file.is_file() and file.suffix in _TYPES
        }

    def find(self, name: str) -> Asset | None:
        """Give a file by its name."""
        return self._assets.get(name)

    def url(self, name: str) -> str:
        """Give a file's address, which changes with its content.

        Raises:
            KeyError: If there is no such file.
        """
        return f"/static/{self._assets[name].digest}/{name}"


def _read(file: Path) -> Asset:
    plain = file.read_bytes()
    compressed = gzip.compress(plain, 9, mtime=0)
    return Asset(
        content_type=_TYPES[file.suffix],
        digest=hashlib.sha256(plain).hexdigest()[:_HASH_LENGTH],
        plain=plain,
        compressed=compressed if len(compressed) < len(plain) else None,
    )
