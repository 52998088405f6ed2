"""Sessions of staff, and attempts to log in that are counted to slow down who guesses.

A session's key is never stored, only its hash; who tries is stored as a keyed hash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bot.store import staff
from bot.store.database import Connection, fetch_all, fetch_one
from bot.store.staff import Account

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
_TOUCH_SECONDS = 60
_DAY_SECONDS = 24 * 3600

_SELECT = (
    "SELECT hash, csrf, created_at, seen_at, staff_id FROM staff_session"
    " WHERE created_at > now() - make_interval(secs => %(longest)s)"
    " AND seen_at > now() - make_interval(secs => %(idle)s)"
)
_TIMES = {"longest": LONGEST_SECONDS, "idle": IDLE_SECONDS}


@dataclass(frozen=True)
class Session:
    """One browser that is logged in."""

    hash: bytes
    csrf: str
    created_at: datetime
    seen_at: datetime
    account: Account

    def __repr__(self) -> str:
        return f"Session({self.account!r})"


class Limit(NamedTuple):
    """At most so many failures in so many seconds."""

    most: int
    seconds: int


async def begin(connection: Connection, key_hash: bytes, account: UUID, csrf: str) -> None:
    """Store a new session."""
    await connection.execute(
        "INSERT INTO staff_session (hash, staff_id, csrf) VALUES (%s, %s, %s)",
        (key_hash, account, csrf),
    )
    await connection.execute("UPDATE staff SET seen_at = now() WHERE id = %s", (account,))


async def find(connection: Connection, key_hash: bytes) -> Session | None:
    """Find a session that has not ended, of an account that can log in."""
    row = await fetch_one(
        connection,
        f"{_SELECT} AND hash = %(hash)s",
        {"hash": key_hash, **_TIMES},
    )
    account = await staff.by_id(connection, row.pop("staff_id")) if row else None
    return Session(account=account, **row) if row and account and account.active else None


async def touch(connection: Connection, session: Session) -> None:
    """Note that somebody is there; at most once a minute, for every click asks."""
    cursor = await connection.execute(
        "UPDATE staff_session SET seen_at = now()"
        " WHERE hash = %s AND seen_at < now() - make_interval(secs => %s)",
        (session.hash, _TOUCH_SECONDS),
    )
    if cursor.rowcount:
        await connection.execute(
            "UPDATE staff SET seen_at = now() WHERE id = %s", (session.account.id,)
        )


async def of_account(connection: Connection, account: UUID) -> list[dict[str, Any]]:
    """List an account's sessions (`hash`, `created_at`, `seen_at`), the newest first."""
    return await fetch_all(
        connection,
        f"{_SELECT} AND staff_id = %(account)s ORDER BY seen_at DESC",
        {"account": account, **_TIMES},
    )


async def end(connection: Connection, account: UUID, key_hash: bytes) -> bool:
    """End one session of an account; False if it had none by this hash."""
    cursor = await connection.execute(
        "DELETE FROM staff_session WHERE staff_id = %s AND hash = %s", (account, key_hash)
    )
    return cursor.rowcount == 1


async def end_all(connection: Connection, account: UUID, but: bytes | None = None) -> int:
    """End every session of an account, except one if it is named; give how many."""
    cursor = await connection.execute(
        "DELETE FROM staff_session WHERE staff_id = %s AND hash IS DISTINCT FROM %s",
        (account, but),
    )
    return cursor.rowcount


async def sweep(connection: Connection) -> None:
    """Delete sessions that have ended, and failures that no limit counts any more."""
    await connection.execute(
        "DELETE FROM staff_session WHERE created_at < now() - make_interval(secs => %(longest)s)"
        " OR seen_at < now() - make_interval(secs => %(idle)s)",
        _TIMES,
    )
    await connection.execute(
        "DELETE FROM login_failure WHERE at < now() - make_interval(secs => %s)", (_DAY_SECONDS,)
    )


async def count_attempt(connection: Connection, limits: Mapping[bytes, Sequence[Limit]]) -> int:
    """Count one attempt as failed until it is known to have succeeded (`forgive`).

    So attempts that are made at the same time count as well. One that is refused here is
    not counted: whoever waits gets in.

    Args:
        connection: An open transaction; commit it before the password is looked at.
        limits: By the hash of who tries; the attempt counts for each of them.

    Returns:
        0 if it may go on, else the seconds to wait.
    """
    for who in sorted(limits):  # in one order, so that two attempts never wait for each other
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(encode(%s, 'hex'), 0))", (who,)
        )
    waits = [await _wait(connection, who, limit) for who, each in limits.items() for limit in each]
    if any(waits):
        return max(waits)
    for who in limits:
        await connection.execute("INSERT INTO login_failure (who) VALUES (%s)", (who,))
    return 0


async def forgive(connection: Connection, who: bytes) -> None:
    """Take back an attempt that succeeded, the newest one."""
    await connection.execute(
        "DELETE FROM login_failure WHERE id = (SELECT max(id) FROM login_failure WHERE who = %s)",
        (who,),
    )


async def forgive_all(connection: Connection, who: bytes) -> None:
    """Forget every attempt of somebody who succeeded."""
    await connection.execute("DELETE FROM login_failure WHERE who = %s", (who,))


async def _wait(connection: Connection, who: bytes, limit: Limit) -> int:
    row = await fetch_one(
        connection,
        "SELECT ceil(%(seconds)s - extract(epoch FROM now() - at))::int AS wait FROM login_failure"
        " WHERE who = %(who)s AND at > now() - make_interval(secs => %(seconds)s)"
        " ORDER BY at DESC OFFSET %(most)s LIMIT 1",
        {"who": who, "seconds": limit.seconds, "most": limit.most - 1},
    )
    return max(1, int(row["wait"])) if row else 0
