"""The vault: what leads to a person is sealed before it is stored.

AES-256-GCM (NIST SP 800-38D) with a key of the operator's, or one that is made once and kept
in a file beside the embedded database. A database or a backup alone opens nothing.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigError, StoreError
from bot.settings import KEY_BYTES, Settings, read_key

_NONCE_BYTES = 12
_FILE = "encryption.key"


class Vault:
    """Seals, opens and hashes with one key.

    Args:
        key: 32 random bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ConfigError(f"the encryption key must have {KEY_BYTES} bytes")
        self._cipher = AESGCM(_derive(key, b"seal"))
        self._hash_key = _derive(key, b"hash")

    def seal(self, content: bytes) -> bytes:
        """Encrypt; the same content never looks the same twice."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt.

        Raises:
            StoreError: If it was sealed with another key, or changed.
        """
        nonce, content = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
        try:
            return self._cipher.decrypt(nonce, content, None)
        except (InvalidTag, ValueError) as error:
            raise StoreError("sealed data cannot be opened with this key") from error

    def hash(self, value: str) -> bytes:
        """Hash a value for look-up; without the key nobody can try values out."""
        return hmac.new(self._hash_key, value.encode(), hashlib.sha256).digest()


def open_vault(settings: Settings) -> Vault:
    """Make the vault of an installation.

    Raises:
        ConfigError: If the kept key's file holds something else.
    """
    if settings.encryption_key is not None:
        return Vault(read_key(settings.encryption_key.reveal()))
    return Vault(kept_key(settings.state_dir))


def kept_key(folder: Path) -> bytes:
    """Give the key that is kept in a folder; it is made the first time.

    Raises:
        ConfigError: If the file holds something else.
    """
    file = folder / _FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        _make_file(file)
    return _read_file(file)


def _make_file(file: Path) -> None:
    """Write a new key whole before it gets its name: processes start at the same time."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f"{_FILE}.")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)))
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(name, file)
    finally:
        Path(name).unlink()


def _read_file(file: Path) -> bytes:
    try:
        return read_key(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file.name} in the state folder holds no key") from error


def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, purpose, hashlib.sha256).digest()
