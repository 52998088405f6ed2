"""Runs the cases that lawyers read and write: `cases/*.yml`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.law import ROWS, Finding, precheck
from tests.law.reference import OUTCOME, RANK

CASES = Path(__file__).parent / "cases"
EXPECTABLE = "row outcome flags missing guidance reason next missing_has missing_lacks".split()


def load() -> list[dict[str, Any]]:
    """Read every case of every file."""
    return [case for file in sorted(CASES.glob("*.yml")) for case in yaml.safe_load(file.open())]


def holds_dont_know(value: Any) -> bool:
    """Look for an answer that was asked twice and is not known."""
    if isinstance(value, dict):
        return any(holds_dont_know(part) for part in value.values())
    return value == "dont_know"


def observed(finding: Finding, key: str, expected: Any) -> Any:
    """Fetch from a finding what a case compares under this key."""
    missing = list(finding.missing)
    if key == "next":
        return missing[0] if missing else None
    if key == "missing_has":
        return [path for path in expected if path in missing]
    if key == "missing_lacks":
        return [path for path in expected if path not in missing]
    if key == "guidance":
        return [topic for topic in expected if topic in finding.guidance]
    value = getattr(finding, key)
    return list(value) if isinstance(value, tuple) else value


ALL = load()


@pytest.mark.timeout(10)
@pytest.mark.parametrize("case", ALL, ids=[case["name"] for case in ALL])
def test_the_finding_is_what_the_case_says(case: dict[str, Any]) -> None:
    expected = case["finding"]
    assert set(expected) <= set(EXPECTABLE), "a case may compare only these keys"
    assert case["facts"]["today"], "a case names its day"
    finding = precheck(case["facts"])
    assert {key: observed(finding, key, value) for key, value in expected.items()} == expected


def test_no_two_cases_have_the_same_name() -> None:
    names = [case["name"] for case in ALL]
    assert sorted(set(names)) == sorted(names)


def test_every_row_is_reached_by_a_fully_known_case() -> None:
    known = [case for case in ALL if not holds_dont_know(case["facts"])]
    assert {case["finding"]["row"] for case in known} - {None} == set(RANK)


def test_the_engine_has_the_rows_of_the_table_and_no_other() -> None:
    assert set(ROWS) == set(RANK)
    assert {row_id: row.outcome for row_id, row in ROWS.items()} == OUTCOME


def test_every_flag_is_given_by_some_case() -> None:
    given = {flag for case in ALL for flag in case["finding"].get("flags", ())}
    assert given == {"HANDOFF", "URGENT", "SAFETY_SCREEN", "ALT_194", "TRACE"}


@pytest.mark.parametrize("row_id", RANK)
def test_a_row_says_its_norm_its_sources_and_when_they_were_checked(row_id: str) -> None:
    row = ROWS[row_id]
    assert row.id == row_id
    assert row.norm.strip()
    assert row.facts
    assert str(row.checked_on) >= "2026-11"
