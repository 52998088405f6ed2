"""The ids of messages that came: claimed once, remembered longer than any provider repeats.

A provider's id of a message may have the person's number in it (WhatsApp's has), so it is
stored as a keyed hash here and sealed beside the message.
"""

from __future__ import annotations

import base64

from bot.store.database import Connection
from bot.store.vault import Vault

DAYS_KEPT = 10
"""Meta repeats a webhook for up to 7 days."""


async def claim(connection: Connection, vault: Vault, channel: str, external_id: str) -> bool:
    """Claim a message in the transaction that takes it in; False if it came before."""
    cursor = await connection.execute(
        "INSERT INTO received (channel, id_hash) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (channel, vault.hash(external_id)),
    )
    return cursor.rowcount == 1


async def purge(connection: Connection) -> int:
    """Forget ids that no provider repeats any more.

    Returns:
        How many.
    """
    cursor = await connection.execute(
        "DELETE FROM received WHERE received_at < now() - make_interval(days => %s)", (DAYS_KEPT,)
    )
    return cursor.rowcount


def seal_id(vault: Vault, external_id: str) -> str:
    """Give an id as it stands beside its message."""
    return base64.urlsafe_b64encode(vault.seal(external_id.encode())).decode()


def open_id(vault: Vault, sealed: str) -> str:
    """Give the provider's own id back.

    Raises:
        StoreError: If it was sealed with another key.
    """
    return vault.open(base64.urlsafe_b64decode(sealed)).decode()
