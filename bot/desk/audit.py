"""What the desk writes into the audit log: who did it, to what; codes and ids only.

`record` belongs into the transaction of the change that it tells. `viewed` tells that
somebody looked at a conversation.
"""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from bot.desk.keys import SESSION
from bot.gateway.keys import DATABASE
from bot.store import audit
from bot.store.database import Connection
from bot.store.staff import Account

VIEWED = "conversation.viewed"
_VIEW_MINUTES = 10
"""Looking again within this time is the same look: every reply loads its page anew."""


async def record(
    connection: Connection,
    action: str,
    by: Account | None,
    conversation: UUID | None = None,
    **detail: str | int | bool | UUID | None,
) -> None:
    """Add an entry to the log.

    Args:
        connection: The open transaction of what is told.
        action: `<thing>.<what became of it>`; its text stands in `bot/desk/audit_page.py`.
        by: Who did it; None for a command, or for somebody who is not logged in.
        conversation: Which conversation, if any.
        detail: Ids, codes and counts; `staff` is the account that it was done to.

    Raises:
        ValueError: If a detail could be a text, a name or a number that somebody is called by.
    """
    await audit.write(connection, action, by.id if by else None, conversation, detail)


async def viewed(request: web.Request, conversation: UUID, action: str = VIEWED) -> None:
    """Note that whoever is logged in looks at a conversation; call it before showing anything."""
    account = request[SESSION].account
    async with request.app[DATABASE].transaction() as connection:
        if not await audit.seen_lately(connection, action, account.id, conversation, _VIEW_MINUTES):
            await record(connection, action, account, conversation)
