"""Listening: one connection hears what other connections notify at commit.

A notification that is lost while the connection is away costs nothing where whoever listens
looks again after each reconnect.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

import psycopg
from psycopg import sql

log = logging.getLogger(__name__)

_FIRST_PAUSE, _MAX_PAUSE = 0.2, 5.0


async def listen(
    url: str,
    channels: Sequence[str],
    ready: Callable[[], None],
    hear: Callable[[str, str], None],
) -> None:
    """Listen until cancelled, reconnecting as often as needed.

    Args:
        url: The database's address.
        channels: The names of the LISTEN channels.
        ready: Called after each (re)connection: whatever came before may have been missed.
        hear: Called with the channel and the payload of each notification.
    """
    pause = _FIRST_PAUSE
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                for channel in channels:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                ready()
                pause = _FIRST_PAUSE
                async for heard in connection.notifies():
                    hear(heard.channel, heard.payload)
        except psycopg.Error as error:
            log.warning("listening broke (%s)", type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _MAX_PAUSE)
