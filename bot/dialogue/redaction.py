"""Logging that cannot tell what a person wrote.

Rasa, Sanic and other libraries put messages, slots and whole events into log lines. Of their
records only the place, the level and the class of an error are kept; our own modules log ids,
codes and counts, and are let through.
"""

from __future__ import annotations

import logging
import sys
import traceback
import warnings
from types import TracebackType

OURS = "bot."


class RedactingFormatter(logging.Formatter):
    """Formats a record without the texts of other people's code, and no error's message."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: time, level, logger, then our message or the place in the library."""
        time = self.formatTime(record)
        said = record.getMessage() if record.name.startswith(OURS) else f"line {record.lineno}"
        line = f"{time} {record.levelname} {record.name}: {said}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({_outline(record.exc_info[1], record.exc_info[2])})"
        return line


def configure(level: str = "INFO") -> None:
    """Send all logging to standard error in redacted form, and silence warnings.

    Warnings are printed with values in them, and past the handlers.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    # Filters do not last: libraries set their own.
    warnings.showwarning = lambda *_, **__: None
    adopt_loggers()
    _silence_structlog()


def adopt_loggers() -> None:
    """Take away the handlers that libraries gave their own loggers."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _silence_structlog() -> None:
    # Rasa's structured lines are debugging aids that carry texts and slots.
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _outline(error: BaseException, trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-3:]
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    causes, cause = [type(error).__name__], error.__cause__ or error.__context__
    while cause is not None and len(causes) < 4:
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return " < ".join(causes) + " at " + " > ".join(places)
