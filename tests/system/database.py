"""What the tests read in the product's database: handoffs, and what is left of a person."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
from psycopg.rows import dict_row

HANDOFFS = """
SELECT reference, reason, priority, handoff.language, facts
FROM handoff JOIN conversation ON conversation.id = conversation_id
WHERE token_hash = %s ORDER BY handoff.id
"""
TABLES = ("inbound", "outbound", "handoff")


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def handoffs_of(url: str, token: str) -> list[dict[str, Any]]:
    """The handoffs of the conversation that a key opens, in order."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return list(connection.execute(HANDOFFS, (token_hash(token),)).fetchall())


def conversation_of(url: str, token: str) -> str | None:
    """The id of the conversation that a key opens."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT id::text FROM conversation WHERE token_hash = %s", (token_hash(token),)
        ).fetchone()
    return row[0] if row else None


def rows_left(url: str, conversation: str) -> dict[str, int]:
    """How many rows each table holds of a conversation; tables that hold none are left out."""
    counts = {}
    with psycopg.connect(url) as connection:
        for table, column in [
            *((table, "conversation_id::text") for table in TABLES),
            ("conversation", "id::text"),
            ("events", "sender_id"),
        ]:
            query = f"SELECT count(*) FROM {table} WHERE {column} = %s"
            row = connection.execute(query, (conversation,)).fetchone()
            counts[table] = row[0] if row else 0
    return {table: count for table, count in counts.items() if count}
