"""Pictures, voice notes and papers: uploaded by the business or sent by a person."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.phone.clock import Clock
from bot.phone.refusal import Refusal

URL_SECONDS = 300.0
"""So long an address leads to its file."""
SAMPLES = Path(__file__).with_name("samples")
VOICE, PICTURE, PAPER = "voice.ogg", "picture.jpg", "paper.pdf"
_MEGABYTE = 1024 * 1024
# Kind of message to its types and the most bytes (Meta: "Supported media types").
_TYPES = {
    "audio": ({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, 16 * _MEGABYTE),
    "image": ({"image/jpeg", "image/png"}, 5 * _MEGABYTE),
    "sticker": ({"image/webp"}, _MEGABYTE // 2),
    "video": ({"video/3gpp", "video/mp4"}, 16 * _MEGABYTE),
    "document": (
        {
            "application/msword",
            "application/pdf",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/plain",
        },
        100 * _MEGABYTE,
    ),
}
MOST_BYTES = 100 * _MEGABYTE


@dataclass(frozen=True)
class File:
    """One file with its type."""

    content: bytes
    mime_type: str
    filename: str | None = None
    id: str = field(default_factory=lambda: str(secrets.randbelow(9 * 10**15) + 10**15))

    @property
    def base_type(self) -> str:
        """The type without its parameters."""
        return self.mime_type.split(";")[0].strip().lower()

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).digest()

    def kinds(self) -> set[str]:
        """Give the kinds of message that this type serves for."""
        return {kind for kind, (types, _) in _TYPES.items() if self.base_type in types}


class Files:
    """All files by their id, and the addresses that lead to them for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}
        self._addresses: dict[str, tuple[str, float]] = {}

    def add(self, file: File) -> File:
        """Keep a file."""
        self._files[file.id] = file
        return file

    def upload(self, file: File) -> File:
        """Keep a file of the business.

        Raises:
            Refusal: If its type or its size is not taken.
        """
        kinds = file.kinds()
        if not kinds:
            raise Refusal(100, f"Param file must be a file with a supported type: {file.mime_type}")
        if len(file.content) > max(_TYPES[kind][1] for kind in kinds):
            raise Refusal(131053, "The file is too large for its type")
        return self.add(file)

    def sample(self, name: str) -> File:
        """Keep a new copy of one of the files that people send here."""
        types = {VOICE: "audio/ogg; codecs=opus", PICTURE: "image/jpeg", PAPER: "application/pdf"}
        return self.add(File((SAMPLES / name).read_bytes(), types[name], name))

    def get(self, identity: str) -> File:
        """Give a file.

        Raises:
            Refusal: If there is none: with HTTP 400 and subcode 33, as Meta says it.
        """
        if identity not in self._files:
            raise unknown_object(identity)
        return self._files[identity]

    def delete(self, identity: str) -> None:
        """Forget a file.

        Raises:
            Refusal: If there is none.
        """
        del self._files[self.get(identity).id]

    def address(self, file: File, base: str) -> str:
        """Make a new address of a file, which lives five minutes."""
        key = secrets.token_urlsafe(16)
        expires = self._clock.now() + URL_SECONDS
        self._addresses[key] = (file.id, expires)
        return f"{base}/attachments/?mid={file.id}&ext={int(expires)}&hash={key}"

    def behind(self, key: str) -> File | None:
        """Give the file that an address leads to; None if it is over."""
        identity, expires = self._addresses.get(key, ("", 0.0))
        return self._files.get(identity) if self._clock.now() < expires else None

    def describe(self, file: File, base: str) -> dict[str, Any]:
        """Give what the API tells of a file; the hash is hexadecimal here, base64 in webhooks."""
        return {
            "messaging_product": "whatsapp",
            "url": self.address(file, base),
            "mime_type": file.mime_type,
            "sha256": file.digest.hex(),
            "file_size": len(file.content),
            "id": file.id,
        }

    def in_webhook(self, file: File, base: str) -> dict[str, Any]:
        """Give what a webhook tells of a file that a person sent."""
        return {
            "mime_type": file.mime_type,
            "sha256": base64.b64encode(file.digest).decode(),
            "id": file.id,
            "url": self.address(file, base),
        }


def unknown_object(identity: str) -> Refusal:
    """Make the refusal for an id that leads nowhere."""
    return Refusal(
        100,
        f"Unsupported request. Object with ID '{identity}' does not exist",
        subcode=33,
    )
