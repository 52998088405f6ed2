"""Who is who on a channel: every name of a person leads to one conversation.

A channel knows a person by several names (phone number, user id, the id above several
businesses), in some messages by one, in others by another. The surest name decides. A phone
number is given to another person one day: it never opens the conversation of somebody whose
user id is another one, and a person has one number, the newest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.errors import StoreError
from bot.store import conversations
from bot.store.database import Connection, fetch_all, fetch_one
from bot.store.vault import Vault

IDENTITY = "user_id"
"""The kind of name that is one account's and never another's."""
PHONE = "phone"
KINDS = (IDENTITY, PHONE, "parent_id")
"""From the surest to the least."""
_TRIES = 3

Names = Mapping[str, str]


@dataclass(frozen=True)
class _Found:
    """A name that is known."""

    hash: bytes
    conversation: UUID
    seen_at: datetime


class Directory:
    """The names of one channel, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault, channel: str) -> None:
        self._connection = connection
        self._vault = vault
        self._channel = channel

    async def find(self, names: Names) -> UUID | None:
        """Find the conversation of whoever bears these names."""
        return await self._home(names, await self._known(names))

    async def find_or_make(self, names: Names, at: datetime) -> UUID:
        """Find the conversation of a sender, or make one; it knows all the names afterwards.

        Its row is locked: whoever erases it comes before or after the whole transaction.

        Args:
            names: By kind, one of `KINDS`; at least one.
            at: When the person bore them; an older message never replaces a newer number.

        Raises:
            StoreError: If the conversation is erased again and again meanwhile.
        """
        await self._alone()
        for _ in range(_TRIES):
            known = await self._known(names)
            home = await self._home(names, known)
            if home is None:
                home = (await conversations.create(self._connection, self._channel, None)).id
            elif await conversations.lock(self._connection, home) is None:
                continue  # erased at this moment: its heir has the names now, or nobody
            for kind, name in names.items():
                await self._give(home, kind, name, known.get(kind), at)
            return home
        raise StoreError("the sender's conversation is being erased")

    async def change(self, old: Names, new: Names, at: datetime) -> bool:
        """Let a person be found by new names from now on, and by the replaced ones no more.

        Returns:
            False if nobody bears the old names.
        """
        await self._alone()
        home = await self.find(old)
        if home is None or await conversations.lock(self._connection, home) is None:
            return False
        known = await self._known(new)
        elsewhere = [found for found in known.values() if found.conversation != home]
        if elsewhere:
            # The person wrote under the new name before we were told of it.
            await self._drop(home)
            await self._continue(home, elsewhere[0].conversation)
            return True
        for kind, name in new.items():
            await self._give(home, kind, name, known.get(kind), at)
        return True

    async def _alone(self) -> None:
        # Two messages of a new person at once must not make two conversations.
        await self._connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"alias:{self._channel}",)
        )

    async def _known(self, names: Names) -> dict[str, _Found]:
        hashes = {self._hash(kind, name): kind for kind, name in names.items()}
        rows = await fetch_all(
            self._connection,
            "SELECT hash, conversation_id, seen_at FROM alias"
            " WHERE channel = %s AND hash = ANY(%s)",
            (self._channel, list(hashes)),
        )
        found = (_Found(bytes(row["hash"]), row["conversation_id"], row["seen_at"]) for row in rows)
        return {hashes[one.hash]: one for one in found}

    async def _home(self, names: Names, known: Mapping[str, _Found]) -> UUID | None:
        for kind in KINDS:
            found = known.get(kind)
            if found is None:
                continue
            # A number may be somebody else's by now; the other names are one account's.
            if kind != PHONE or not await self._is_another(found.conversation, names):
                return found.conversation
        return None

    async def _is_another(self, conversation: UUID, names: Names) -> bool:
        """Tell whether a conversation belongs to another account than the names'."""
        if IDENTITY not in names:
            return False
        row = await fetch_one(
            self._connection,
            "SELECT count(*) FILTER (WHERE hash = %s) AS same, count(*) AS all_of_them"
            " FROM alias WHERE conversation_id = %s AND kind = %s",
            (self._hash(IDENTITY, names[IDENTITY]), conversation, IDENTITY),
        )
        return bool(row and row["all_of_them"] and not row["same"])

    async def _give(
        self, home: UUID, kind: str, name: str, known: _Found | None, at: datetime
    ) -> None:
        if known and known.conversation == home:
            await self._seen(known, at)
            return
        if await self._has_newer(home, kind, at):
            return
        await self._connection.execute(
            "DELETE FROM alias WHERE conversation_id = %s AND kind = %s", (home, kind)
        )
        await self._connection.execute(
            "INSERT INTO alias (channel, hash, kind, sealed, conversation_id, seen_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (channel, hash) DO UPDATE"
            " SET conversation_id = excluded.conversation_id, seen_at = excluded.seen_at",
            (
                self._channel,
                self._hash(kind, name),
                kind,
                self._vault.seal(name.encode()),
                home,
                at,
            ),
        )
        if known and not await self._has_names(known.conversation):
            await self._continue(known.conversation, home)

    async def _seen(self, known: _Found, at: datetime) -> None:
        if at > known.seen_at:
            await self._connection.execute(
                "UPDATE alias SET seen_at = %s WHERE channel = %s AND hash = %s",
                (at, self._channel, known.hash),
            )

    async def _has_newer(self, home: UUID, kind: str, at: datetime) -> bool:
        row = await fetch_one(
            self._connection,
            "SELECT 1 AS newer FROM alias"
            " WHERE conversation_id = %s AND kind = %s AND seen_at > %s",
            (home, kind, at),
        )
        return row is not None

    async def _has_names(self, conversation: UUID) -> bool:
        row = await fetch_one(
            self._connection,
            "SELECT 1 AS known FROM alias WHERE conversation_id = %s LIMIT 1",
            (conversation,),
        )
        return row is not None

    async def _continue(self, earlier: UUID, later: UUID) -> None:
        """Say that two conversations are one person's: sent to and erased as one."""
        await self._connection.execute(
            "UPDATE conversation SET continued_by = %(later)s"
            " WHERE id = %(earlier)s OR continued_by = %(earlier)s",
            {"earlier": earlier, "later": later},
        )

    async def _drop(self, conversation: UUID) -> None:
        await self._connection.execute(
            "DELETE FROM alias WHERE conversation_id = %s", (conversation,)
        )

    def _hash(self, kind: str, name: str) -> bytes:
        return self._vault.hash(f"{kind}:{name}")


async def address_of(connection: Connection, vault: Vault, conversation: UUID) -> dict[str, str]:
    """Give the names under which a conversation's person can be written to, by kind.

    Raises:
        StoreError: If they were sealed with another key.
    """
    rows = await fetch_all(
        connection,
        "SELECT kind, sealed FROM alias WHERE conversation_id IN"
        " (SELECT coalesce(continued_by, id) FROM conversation WHERE id = %s) ORDER BY seen_at",
        (conversation,),
    )
    return {row["kind"]: vault.open(bytes(row["sealed"])).decode() for row in rows}
