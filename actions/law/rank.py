"""The order of rank: the first row that holds, in exactly this order, wins (section D)."""

from __future__ import annotations

from actions.law.row import Row
from actions.law.rows_a import TABLE_A
from actions.law.rows_b import TABLE_B
from actions.law.rows_c import TABLE_C

ORDER = """
    A1 A2 A2b C13 B6 B15 C5 C8 C9 C10 B17 A3 A4 A5 A7a A7 A8 A9 A10 A11 A12 A13 A14 A15 C11 C6
    C2 C3 C4 B3 B5 B4 B8 B2 B7 B12a B13 B11 B14 B19 B18 B20 B21 B22 C7 C1 B16 B1 B9 B10 B12
    B24 C14
"""
RANK = tuple(ORDER.split())
# These hold only when no other row holds, so they never add a flag to another row.
LAST = ("B24", "C14")

ROWS: dict[str, Row] = {row.id: row for row in (*TABLE_A, *TABLE_B, *TABLE_C)}
RANKED: tuple[Row, ...] = tuple(ROWS[name] for name in RANK)
