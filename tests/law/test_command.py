"""`python -m actions.law`: JSON in, JSON out, one clear line when the facts are wrong."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.law import FactsError, precheck
from actions.law.table import law_table
from tests.law.reference import RANK

ROOT = Path(__file__).parents[2]
BROTHER = {
    "today": "2026-11-21",
    "application": "none",
    "sponsor": {"status": "refugee", "age": 34},
    "person": {"relation": "sibling", "place": "third_country"},
}


def run(text: str, file: str = "-") -> subprocess.CompletedProcess[str]:
    """Run the command on standard input, or on a file."""
    return subprocess.run(
        [sys.executable, "-m", "actions.law", file],
        input=text,
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )


def test_one_object_in_gives_one_finding_out() -> None:
    done = run(json.dumps(BROTHER))
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "row": "B21",
        "outcome": "NOT_NAMED",
        "flags": ["HANDOFF"],
        "facts": ["F2.8"],
        "missing": [],
        "guidance": [],
    }


def test_a_list_in_gives_a_list_out_in_the_same_order(tmp_path: Path) -> None:
    mother = BROTHER | {"person": {"relation": "parent", "place": "third_country"}}
    file = tmp_path / "family.json"
    file.write_text(json.dumps([BROTHER, mother, {"today": "2026-11-21"}]), encoding="utf-8")
    done = run("", str(file))
    assert [finding["row"] for finding in json.loads(done.stdout)] == ["B21", "B20", None]


def test_an_empty_list_gives_an_empty_list() -> None:
    assert json.loads(run("[]").stdout) == []


def test_what_is_missing_is_listed_and_row_and_outcome_are_null() -> None:
    finding = json.loads(run(json.dumps({"today": "2026-11-21", "application": "none"})).stdout)
    assert finding["row"] is None
    assert finding["outcome"] is None
    assert finding["missing"][0] == "sponsor.status"
    assert "reason" not in finding


WRONG: dict[str, Any] = {
    "an unknown key": ({"colour": "red"}, "colour"),
    "an unknown key of the sponsor": ({"sponsor": {"income": 900}}, "sponsor.income"),
    "an unknown value": ({"application": "lost"}, "application"),
    "a number for a word": ({"sponsor": {"status": 3}}, "sponsor.status"),
    "a word for a number": ({"sponsor": {"age": "old"}}, "sponsor.age"),
    "truth for a number": ({"sponsor": {"age": True}}, "sponsor.age"),
    "a number for truth": ({"person": {"married": 1}}, "person.married"),
    "an age below nothing": ({"person": {"age": -1}}, "person.age"),
    "half a year of age": ({"person": {"age": 2.5}}, "person.age"),
    "an unknown paper": ({"documents": ["diary"]}, "documents"),
    "a word for papers": ({"documents": "with_me"}, "documents"),
    "a month that is none": ({"sponsor": {"asylum_application": "2023-13"}}, "asylum_application"),
    "a day that is none": ({"today": "2026-02-30"}, "today"),
    "a value where an object belongs": ({"person": "spouse"}, "person"),
    "an unknown path told": ({"told_on": {"sponsor.shoe": "2026-01-01"}}, "sponsor.shoe"),
    "a told day that is none": ({"told_on": {"sponsor.age": "soon"}}, "sponsor.age"),
    "no value at all": ({"sponsor": {"age": None}}, "sponsor.age"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_facts_raise_one_line_that_names_the_place(name: str) -> None:
    facts, place = WRONG[name]
    with pytest.raises(FactsError, match=place) as raised:
        precheck(facts)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"colour": "red"}',
        '[{"today": "2026-11-21"}, {"application": "lost"}]',
        '{"sponsor": {"age": "thirty\\nfour"}}',
        "no json",
        "3",
        "",
    ],
)
def test_wrong_input_is_one_line_on_standard_error_and_exit_2(text: str) -> None:
    done = run(text)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = run("", str(tmp_path / "nothing.json"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_today_the_day_of_the_machine_counts() -> None:
    # A word of last year, when the age may have passed 17 since, is asked again.
    told = date.today().replace(day=1, year=date.today().year - 1).isoformat()
    facts = {"sponsor": {"age": 16}, "told_on": {"sponsor.age": told}}
    assert "sponsor.age" in precheck(facts).missing


def test_a_date_may_be_a_month_or_a_day() -> None:
    for day in ("2023-05", "2023-05-17"):
        precheck({"today": "2026-11-21", "sponsor": {"asylum_application": day}})


def test_the_law_package_runs_without_rasa_or_the_rest_of_ours() -> None:
    code = (
        "import sys, actions.law.__main__, actions.law.table; "
        "print([m for m in sys.modules if m.split('.')[0] in ('rasa', 'rasa_sdk', 'bot')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("style", ["markdown", "html"])
def test_the_table_for_lawyers_names_every_row_once_in_the_order_of_rank(style: str) -> None:
    table = law_table(style)
    cell = "| {} |" if style == "markdown" else "<td>{}</td>"
    places = [table.find(cell.format(row)) for row in RANK]
    assert -1 not in places
    assert places == sorted(places)
    assert all(table.count(cell.format(row)) == 1 for row in RANK)


@pytest.mark.parametrize("style", ["markdown", "html"])
def test_the_table_gives_each_row_its_outcome_sources_and_day(style: str) -> None:
    table = law_table(style)
    assert all(word in table for word in ("ELIG_CHECK", "F2.4", "13.14", "2026-11-21"))


def test_the_table_knows_no_other_style() -> None:
    with pytest.raises(ValueError, match="markdown"):
        law_table("crayon")
