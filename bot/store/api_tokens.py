"""Keys of other systems: only their hashes are kept, and a revoked one opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bot.store.conversations import hash_token
from bot.store.database import Connection, fetch_all, fetch_one

READ, READ_RESOLVE = "read", "read_resolve"
SCOPES = (READ, READ_RESOLVE)
_COLUMNS = (
    "api_token.id, api_token.name, scope, made_by, made_at, used_at, revoked_at,"
    " staff.name AS maker"
)
_FROM = "FROM api_token JOIN staff ON staff.id = made_by"
_NOTED_SECONDS = 60


@dataclass(frozen=True)
class ApiToken:
    """A key as it is kept; `maker` names the account that made it."""

    id: UUID
    name: str
    scope: str
    made_by: UUID
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    maker: str


async def add(connection: Connection, name: str, key: str, scope: str, by: UUID) -> UUID:
    """Keep a new key's hash.

    Returns:
        The token's id.
    """
    row = await fetch_one(
        connection,
        "INSERT INTO api_token (name, hash, scope, made_by) VALUES (%s, %s, %s, %s) RETURNING id",
        (name, hash_token(key), scope, by),
    )
    if row is None:
        raise LookupError("a row that was inserted did not come back")
    made: UUID = row["id"]
    return made


async def find(connection: Connection, key: str) -> ApiToken | None:
    """Find the token of a key and note that it is used; None if it opens nothing (any more).

    A token dies with its maker's account: nobody would answer for it.
    """
    row = await fetch_one(
        connection,
        f"SELECT {_COLUMNS} {_FROM} WHERE hash = %s AND revoked_at IS NULL"  # noqa: S608
        " AND staff.disabled_at IS NULL",
        (hash_token(key),),
    )
    if row is None:
        return None
    await connection.execute(
        "UPDATE api_token SET used_at = now() WHERE id = %s"
        " AND coalesce(used_at < now() - make_interval(secs => %s), true)",
        (row["id"], _NOTED_SECONDS),
    )
    return ApiToken(**row)


async def everything(connection: Connection) -> list[ApiToken]:
    """List all tokens, the newest first."""
    rows = await fetch_all(
        connection,
        f"SELECT {_COLUMNS} {_FROM} ORDER BY made_at DESC",  # noqa: S608
    )
    return [ApiToken(**row) for row in rows]


async def revoke(connection: Connection, token: UUID) -> bool:
    """End a token; False if there is none, or it was ended already."""
    cursor = await connection.execute(
        "UPDATE api_token SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL", (token,)
    )
    return cursor.rowcount == 1
