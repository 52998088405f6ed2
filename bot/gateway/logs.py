"""Logs: ids, codes, counts, durations; never a text, a name, a number or a fact.

Foreign loggers are printed without their arguments, and exceptions without their message:
PostgreSQL quotes rows in its errors, aiohttp logs addresses.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

from bot.errors import BotError

_OURS = ("bot", "actions")
_FRAMES = 4


class SafeFormatter(logging.Formatter):
    """One line a record: time, level, logger, message, and where an error came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record without what foreign code put into it."""
        ours = record.name.split(".")[0] in _OURS
        message = record.getMessage() if ours else str(record.msg)
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {message}"
        error = record.exc_info[1] if record.exc_info else None
        return f"{line} | {describe(error)}" if error else line


def describe(error: BaseException) -> str:
    """Tell an error's kind and place; its message only if it is one of ours."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    message = f" ({error})" if isinstance(error, BotError) else ""
    return f"{type(error).__name__}{message} at {places or 'unknown place'}"


def configure(level: str) -> None:
    """Send all logs to standard error in the safe form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    quiet(level)


def quiet(level: str) -> None:
    """Silence the loggers that write addresses, or a line for every small step."""
    for noisy in ("procrastinate", "aiohttp.access", "sanic", "rasa_sdk", "asyncio", "psycopg"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
