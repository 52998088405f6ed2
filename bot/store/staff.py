"""The accounts of staff: made by an invitation, and never deleted: the audit log names them.

Roles are plain words here; what each may do stands in `bot/desk/roles.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.store.database import Connection, fetch_all, fetch_one

_LOCK = 0x57AFF
_SELECT = (
    "SELECT id, email, name, first_name, role, language, seen_at, disabled_at, invite_until,"
    " password_hash IS NOT NULL AS set_up FROM staff"
)


@dataclass(frozen=True)
class Account:
    """One account; `set_up` is true once its owner has chosen a password."""

    id: UUID
    email: str
    name: str
    first_name: str
    role: str
    language: str
    seen_at: datetime | None
    disabled_at: datetime | None
    invite_until: datetime | None
    set_up: bool

    @property
    def active(self) -> bool:
        """Whether the account can log in."""
        return self.set_up and self.disabled_at is None

    def __repr__(self) -> str:
        return f"Account({self.id}, {self.role})"


@dataclass(frozen=True, repr=False)
class Credentials:
    """What a login is checked against; `totp_secret` is sealed."""

    account: Account
    password_hash: str | None
    totp_secret: bytes | None


async def add(
    connection: Connection,
    email: str,
    name: str,
    first_name: str,
    role: str,
    language: str,
) -> Account | None:
    """Make an account that nobody can use yet; None if the address has one."""
    row = await fetch_one(
        connection,
        "INSERT INTO staff (email, name, first_name, role, language) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (email) DO NOTHING RETURNING id",
        (email, name, first_name, role, language),
    )
    return await by_id(connection, row["id"]) if row else None


async def invite(connection: Connection, staff: UUID, invite_hash: bytes, hours: int) -> datetime:
    """Let an account be set up anew, by one link: its password and its second factor end here.

    Returns:
        Until when the link is valid.
    """
    row = await fetch_one(
        connection,
        "UPDATE staff SET invite_hash = %s, invite_until = now() + make_interval(hours => %s),"
        " password_hash = NULL, totp_secret = NULL, disabled_at = NULL"
        " WHERE id = %s RETURNING invite_until",
        (invite_hash, hours, staff),
    )
    if row is None:
        raise LookupError("there is no such account")
    until: datetime = row["invite_until"]
    return until


async def by_invitation(connection: Connection, invite_hash: bytes) -> Account | None:
    """Find the account that an invitation opens, while it is valid."""
    row = await fetch_one(
        connection,
        f"{_SELECT} WHERE invite_hash = %s AND invite_until > now() AND disabled_at IS NULL",
        (invite_hash,),
    )
    return Account(**row) if row else None


async def set_up(
    connection: Connection,
    invite_hash: bytes,
    password_hash: str,
    totp_secret: bytes,
    totp_step: int,
) -> Account | None:
    """Use an invitation up; None if it was used or ran out meanwhile."""
    row = await fetch_one(
        connection,
        "UPDATE staff SET password_hash = %s, totp_secret = %s, totp_step = %s,"
        " invite_hash = NULL, invite_until = NULL"
        " WHERE invite_hash = %s AND invite_until > now() AND disabled_at IS NULL"
        " RETURNING id",
        (password_hash, totp_secret, totp_step, invite_hash),
    )
    return await by_id(connection, row["id"]) if row else None


async def by_id(connection: Connection, staff: UUID) -> Account | None:
    """Find an account."""
    row = await fetch_one(connection, f"{_SELECT} WHERE id = %s", (staff,))
    return Account(**row) if row else None


async def by_email(connection: Connection, email: str) -> Account | None:
    """Find an account by its address."""
    row = await fetch_one(connection, f"{_SELECT} WHERE email = %s", (email,))
    return Account(**row) if row else None


async def everybody(connection: Connection) -> list[Account]:
    """List all accounts, those that are disabled last."""
    rows = await fetch_all(connection, f"{_SELECT} ORDER BY disabled_at IS NOT NULL, name, id")
    return [Account(**row) for row in rows]


async def count(connection: Connection) -> int:
    """Tell how many accounts there are."""
    row = await fetch_one(connection, "SELECT count(*) AS n FROM staff")
    return int(row["n"]) if row else 0


async def credentials(connection: Connection, email: str) -> Credentials | None:
    """Give what a login with this address is checked against; None if it has no account."""
    account = await by_email(connection, email)
    # Asked in any case: whether there is an account must not show in the time that it takes.
    row = await fetch_one(
        connection, "SELECT password_hash, totp_secret FROM staff WHERE email = %s", (email,)
    )
    return Credentials(account, **row) if account and row else None


async def take_step(connection: Connection, staff: UUID, step: int) -> bool:
    """Use up a code; False if it, or a later one, was used before."""
    cursor = await connection.execute(
        "UPDATE staff SET totp_step = %s WHERE id = %s AND (totp_step IS NULL OR totp_step < %s)",
        (step, staff, step),
    )
    return cursor.rowcount == 1


async def set_password(connection: Connection, staff: UUID, password_hash: str) -> None:
    """Store another password's hash."""
    await connection.execute(
        "UPDATE staff SET password_hash = %s WHERE id = %s", (password_hash, staff)
    )


async def set_language(connection: Connection, staff: UUID, language: str) -> None:
    """Store the language that an account reads."""
    await connection.execute("UPDATE staff SET language = %s WHERE id = %s", (language, staff))


async def change(
    connection: Connection, staff: UUID, name: str, first_name: str, role: str
) -> None:
    """Store an account's name, the name that people see, and its role."""
    await connection.execute(
        "UPDATE staff SET name = %s, first_name = %s, role = %s WHERE id = %s",
        (name, first_name, role, staff),
    )


async def disable(connection: Connection, staff: UUID) -> bool:
    """End an account, and an invitation that it has; False if it was disabled already."""
    cursor = await connection.execute(
        "UPDATE staff SET disabled_at = now(), invite_hash = NULL, invite_until = NULL"
        " WHERE id = %s AND disabled_at IS NULL",
        (staff,),
    )
    return cursor.rowcount == 1


async def lock(connection: Connection) -> None:
    """Let nobody else change accounts until the end of the transaction."""
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
