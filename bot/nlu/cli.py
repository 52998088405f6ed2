"""`impreuna parse TEXT` and `impreuna parse --jsonl FILE`: understanding only, no server."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from bot.nlu.understanding import Understanding, newest_model


class InputError(ValueError):
    """The input cannot be read; the message says which line and why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Parse a text, or each line of a file, and print JSON in the same order.

    Returns:
        0 when all went well, 2 for an input that cannot be read or a missing model.
    """
    options = _parser().parse_args(argv)
    try:
        rows = [{"text": options.text}] if options.jsonl is None else _rows(options.jsonl)
        model = Understanding.load(options.model or newest_model())
    except (InputError, OSError) as err:
        print(f"impreuna parse: {err}", file=sys.stderr)
        return 2
    indent = 2 if options.jsonl is None else None
    for row, parsed in zip(rows, model.parse([row["text"] for row in rows]), strict=True):
        print(json.dumps({**row, **parsed}, ensure_ascii=False, indent=indent))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="impreuna parse", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("text", nargs="?", metavar="TEXT", help="one message")
    what.add_argument("--jsonl", metavar="FILE", help='lines of {"text": ...}; - reads the input')
    parser.add_argument("--model", type=Path, help="a model's archive (default: the newest)")
    return parser


def _rows(source: str) -> list[dict[str, Any]]:
    if source == "-":
        return _read(sys.stdin)
    with Path(source).open(encoding="utf-8") as file:
        return _read(file)


def _read(file: TextIO) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as err:
            raise InputError(f"line {number}: not JSON ({err.msg})") from err
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f'line {number}: an object with a "text" is wanted')
        rows.append(row)
    return rows
