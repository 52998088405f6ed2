"""Every row cites what the table cites, and nothing that nobody has checked."""

import re

import pytest

from actions.law import ROWS, sources
from tests.law.reference import RANK

LABELS = {"SEED", "CONFIRMED", "CONFIRMED-2", "OPEN"}
# Facts labelled UNVERIFIED, or with a part that is.
NOT_CHECKED = {
    "F2.13", "F2.15", "F2.16", "F4.6", "F5.3", "F5.4", "F6.11", "F6.12", "F7.14", "F8.2",
}  # fmt: skip
# The column "source" of the decision table.
CITED = {
    "A1": "F12.1-F12.6",
    "A2": "F8.1-F8.6 K7",
    "A2b": "13.20",
    "A3": "F6.4",
    "A4": "F6.4-F6.6 F6.11",
    "A5": "F6.7-F6.10",
    "A7": "F1.1-F1.3",
    "A7a": "F7.12",
    "A8": "F1.3 F2.13",
    "A9": "F1.3",
    "A10": "F1.3 F8.3",
    "A11": "F2.12",
    "A12": "13.14",
    "A13": "F1.2 F2.6",
    "A14": "F1.2",
    "A15": "F7.17-F7.18",
    "B1": "F2.1 F2.3 F2.4",
    "B2": "F2.3 F2.4 K3",
    "B3": "F2.4 F2.9",
    "B4": "13.5",
    "B5": "13.6",
    "B6": "13.5",
    "B7": "F2.8",
    "B8": "F2.8",
    "B9": "F2.2",
    "B10": "F2.2",
    "B11": "F2.2 F2.4",
    "B12": "F2.2",
    "B12a": "13.8",
    "B13": "F2.2",
    "B14": "F2.3",
    "B15": "F2.2",
    "B16": "F2.2 13.1",
    "B17": "13.1",
    "B18": "F2.2 F2.8",
    "B19": "F2.9",
    "B20": "F2.8 F2.9",
    "B21": "F2.8",
    "B22": "F2.8",
    "B24": "13",
    "C1": "F1.4 F2.5 F7.1-F7.10",
    "C2": "F2.5 F2.10",
    "C3": "F7.11 F7.13",
    "C4": "F2.10",
    "C5": "F2.5 13.11",
    "C6": "F7.6-F7.7 F7.17",
    "C7": "F7.12",
    "C8": "F7.12 K9",
    "C9": "F7.12",
    "C10": "F7.12",
    "C11": "F2.1-F2.2",
    "C13": "F7.1 F7.3",
    "C14": "13",
}


def cited(row_id: str) -> set[str]:
    """Spell out the ranges and leave out what nobody has checked."""
    ids: set[str] = set()
    for part in CITED[row_id].split():
        span = re.fullmatch(r"(F\d+)\.(\d+)-\1\.(\d+)", part)
        if span:
            first, last = int(span[2]), int(span[3])
            ids |= {f"{span[1]}.{number}" for number in range(first, last + 1)}
        else:
            ids.add(part)
    return ids - NOT_CHECKED


@pytest.mark.parametrize("row_id", RANK)
def test_a_row_cites_what_the_table_cites(row_id: str) -> None:
    # A part of a fact that was checked may have an id of its own: F2.13a.
    base = {re.sub(r"(?<=\d)[a-z]$", "", fact) for fact in ROWS[row_id].facts}
    assert base - NOT_CHECKED == cited(row_id)


@pytest.mark.parametrize("row_id", RANK)
def test_everything_a_row_cites_is_a_checked_source(row_id: str) -> None:
    assert not set(ROWS[row_id].facts) & NOT_CHECKED
    assert set(ROWS[row_id].facts) <= set(sources())


def test_every_source_has_a_statement_a_label_and_a_day() -> None:
    for name, source in sources().items():
        assert source.statement.strip(), name
        assert source.label in LABELS, name
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(source.checked_on)), name


def test_open_questions_and_only_they_are_told_as_not_settled() -> None:
    questions = {name for name in sources() if name == "13" or name.startswith("13.")}
    assert {sources()[name].label for name in questions} == {"OPEN"}


def test_nothing_says_unverified() -> None:
    assert "UNVERIFIED" not in " ".join(repr(source) for source in sources().values())
