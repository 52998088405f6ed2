"""The decision table for lawyers, generated from the rows."""

from __future__ import annotations

from html import escape

from actions.law.conditions import Condition
from actions.law.rank import RANKED
from actions.law.row import Row
from actions.law.rows_c import ANYWHERE

HEAD = ("rank", "row", "the norm", "reads", "outcome", "flags", "sources", "checked on")


def law_table(style: str = "markdown") -> str:
    """The table as `markdown` or `html`; raises ValueError for another style."""
    if style == "markdown":
        return _markdown()
    if style == "html":
        return _html()
    raise ValueError(f"no style {style}: markdown or html")


def _cells(rank: int, row: Row) -> tuple[str, ...]:
    return (
        str(rank),
        row.id,
        row.norm,
        _reads(row.when),
        row.outcome,
        _flags(row),
        ", ".join(row.facts),
        row.checked_on,
    )


def _reads(condition: Condition) -> str:
    return ", ".join(sorted(condition.paths))


def _flags(row: Row) -> str:
    always = list(row.flags)
    return ", ".join(always + [f"{flag} if {_reads(when)}" for flag, when in row.sometimes])


def _markdown() -> str:
    lines = ["# The decision table, in the order of rank", "", _line(HEAD), _line(["---"] * 8)]
    lines += [_line(_cells(rank, row)) for rank, row in enumerate(RANKED, 1)]
    lines += ["", "## Flags that hold whatever status, place and earlier application", ""]
    lines += [f"- {rule.norm} {', '.join(rule.flags)}" for rule in ANYWHERE]
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _html() -> str:
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(rank, row)) + "</tr>\n"
        for rank, row in enumerate(RANKED, 1)
    )
    rules = "".join(f"<li>{escape(rule.norm)} {', '.join(rule.flags)}</li>\n" for rule in ANYWHERE)
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Decision table</title>\n'
        f"<h1>The decision table, in the order of rank</h1>\n<table><tr>{head}</tr>\n{rows}"
        f"</table>\n<h2>Flags that hold everywhere</h2>\n<ul>{rules}</ul>\n</html>\n"
    )
