"""Pictures, voice notes and files: wanted, then kept sealed for a counsellor, or lost."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from bot.store import jobs
from bot.store.database import Connection, fetch_one
from bot.store.vault import Vault


@dataclass(frozen=True)
class Wanted:
    """Something that is still at the provider's.

    Attributes:
        sha256: What its content's hash must be, if the provider said.
    """

    id: int
    conversation: UUID
    kind: str
    provider_id: str
    sha256: bytes | None


@dataclass(frozen=True)
class Kept:
    """Something that is here, opened."""

    kind: str
    mime_type: str
    filename: str | None
    content: bytes


async def want(
    connection: Connection,
    vault: Vault,
    conversation: UUID,
    inbound: int,
    *,
    kind: str,
    provider_id: str,
    mime_type: str,
    filename: str | None,
    sha256: bytes | None,
) -> int:
    """Store that a message has something to be fetched, with the job; give the row's id."""
    row = await fetch_one(
        connection,
        "INSERT INTO media"
        " (conversation_id, inbound_id, kind, provider_id, mime_type, filename, sha256)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            conversation,
            inbound,
            kind,
            provider_id,
            mime_type,
            vault.seal(filename.encode()) if filename else None,
            sha256,
        ),
    )
    media = int(row["id"]) if row else 0
    await jobs.defer_job(
        connection,
        jobs.FETCH_MEDIA,
        jobs.MEDIA_QUEUE,
        conversation=str(conversation),
        media=media,
    )
    return media


async def wanted(connection: Connection, media: int) -> Wanted | None:
    """Read what is to be fetched; None if it was, or if its person erased it."""
    row = await fetch_one(
        connection,
        "SELECT id, conversation_id, kind, provider_id, sha256 FROM media"
        " WHERE id = %s AND state = 'wanted'",
        (media,),
    )
    if row is None:
        return None
    digest = bytes(row["sha256"]) if row["sha256"] is not None else None
    return Wanted(row["id"], row["conversation_id"], row["kind"], row["provider_id"], digest)


async def keep(
    connection: Connection, vault: Vault, media: int, content: bytes, sha256: bytes
) -> bool:
    """Store fetched content, sealed; False if it was stored or erased meanwhile."""
    cursor = await connection.execute(
        "UPDATE media SET content = %s, bytes = %s, sha256 = %s, state = 'kept', kept_at = now()"
        " WHERE id = %s AND state = 'wanted'",
        (vault.seal(content), len(content), sha256, media),
    )
    return cursor.rowcount == 1


async def lose(connection: Connection, media: int) -> bool:
    """Store that something cannot be fetched any more."""
    cursor = await connection.execute(
        "UPDATE media SET state = 'lost' WHERE id = %s AND state = 'wanted'", (media,)
    )
    return cursor.rowcount == 1


async def read(connection: Connection, vault: Vault, media: int) -> Kept | None:
    """Open what is kept; None if it is not here.

    Raises:
        StoreError: If it was sealed with another key.
    """
    row = await fetch_one(
        connection,
        "SELECT kind, mime_type, filename, content FROM media WHERE id = %s AND state = 'kept'",
        (media,),
    )
    if row is None:
        return None
    name = row["filename"]
    return Kept(
        kind=row["kind"],
        mime_type=row["mime_type"],
        filename=vault.open(bytes(name)).decode() if name is not None else None,
        content=vault.open(bytes(row["content"])),
    )
