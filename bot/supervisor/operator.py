"""What the operator does to one conversation by hand."""

from __future__ import annotations

from uuid import UUID

from bot.settings import Settings
from bot.store import erasure, handoffs
from bot.store.database import Connection, Database
from bot.store.migrations import migrate
from bot.supervisor.embedded import reach_database


async def erase(settings: Settings, name: str) -> dict[str, int] | None:
    """Delete everything of a conversation, given its id or a handoff's reference.

    Returns:
        How many rows were deleted in each table; None if there is no such conversation.
    """
    async with reach_database(settings) as url:
        await migrate(url)
        database = Database(url, max_size=1)
        await database.open()
        try:
            async with database.transaction() as connection:
                conversation = await _find(connection, name.strip())
                if conversation is None:
                    return None
                return await erasure.erase(connection, conversation, erasure.new_reference("E"))
        finally:
            await database.close()


async def _find(connection: Connection, name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return await handoffs.conversation_of(connection, name)
