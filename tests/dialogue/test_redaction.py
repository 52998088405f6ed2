"""Log lines cannot tell what a person wrote."""

from __future__ import annotations

import logging
import sys

from bot.dialogue.redaction import RedactingFormatter


def record(name: str, message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "file.py", 12, message, arguments, None)


def test_our_own_lines_are_let_through() -> None:
    line = RedactingFormatter().format(record("bot.dialogue.channel", "turn %s", 3))
    assert line.endswith("bot.dialogue.channel: turn 3")


def test_a_library_s_line_keeps_only_its_place() -> None:
    line = RedactingFormatter().format(record("rasa.core.channels", "timed out for '%s'", "SECRET"))
    assert "SECRET" not in line
    assert "timed out" not in line
    assert line.endswith("WARNING rasa.core.channels: line 12")


def test_an_error_is_named_but_not_quoted() -> None:
    try:
        try:
            raise KeyError("SECRET")
        except KeyError as error:
            raise ValueError("SECRET too") from error
    except ValueError:
        raised = record("bot.x", "failed")
        raised.exc_info = sys.exc_info()
    line = RedactingFormatter().format(raised)
    assert "SECRET" not in line
    assert "ValueError < KeyError at test_redaction.py" in line
