"""Opening hours: read, open, closed, the next opening, holidays; what the person hears of them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.hours import ZONE, Hours
from bot.conversations.turn import Said
from bot.errors import ConfigError
from bot.gateway.expectation import Expectation
from bot.settings import Operator, Settings
from tests.desk.scene import VOICE

OFFICE = "Mo-Fr 09:00-12:30,13:00-17:00; Sa 10:00-12:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T09:00", True),  # a Monday
        ("2026-11-23T08:59", False),
        ("2026-11-23T12:30", False),
        ("2026-11-23T16:59", True),
        ("2026-11-23T17:00", False),
        ("2026-11-28T11:00", True),  # a Saturday
        ("2026-11-22T11:00", False),  # a Sunday
        ("2026-12-01T11:00", False),  # Romania's National Day, a Tuesday
        ("2026-04-10T11:00", False),  # Orthodox Good Friday
        ("2026-04-03T11:00", True),  # the other churches' Good Friday
    ],
)
def test_it_is_open_by_weekday_hour_and_holiday(moment: str, is_open: bool) -> None:
    assert Hours.parse(OFFICE).is_open(at(moment)) is is_open


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    hours = Hours.parse("Mo-Fr 09:00-17:00")
    assert hours.is_open(datetime(2026, 7, 1, 6, 0, tzinfo=timezone.utc))  # 9:00 in summer
    assert not hours.is_open(datetime(2026, 12, 2, 6, 0, tzinfo=timezone.utc))  # 8:00 in winter


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T07:00", "2026-11-23T09:00"),
        ("2026-11-23T12:45", "2026-11-23T13:00"),
        ("2026-11-27T18:00", "2026-11-28T10:00"),
        # Saturday noon: Monday is St Andrew's, Tuesday the National Day.
        ("2026-11-28T12:00", "2026-12-02T09:00"),
        ("2026-12-24T17:00", "2026-12-28T09:00"),
    ],
)
def test_the_next_opening_skips_holidays(moment: str, opening: str) -> None:
    assert Hours.parse(OFFICE).next_opening(at(moment)) == at(opening)


def test_a_rule_for_holidays_and_a_later_rule_count() -> None:
    hours = Hours.parse("Mo-Su 09:00-17:00; We off; PH 10:00-11:00")
    assert not hours.is_open(at("2026-11-25T10:00"))
    assert hours.is_open(at("2026-12-01T10:30"))
    assert not hours.is_open(at("2026-12-01T12:00"))
    assert Hours.parse("24/7").is_open(at("2026-12-25T03:00"))
    assert Hours.parse("Fr-Mo 09:00-10:00").is_open(at("2026-11-22T09:30"))


def test_hours_until_midnight_close_at_midnight() -> None:
    closing = Hours.parse("Mo-Su 18:00-24:00").closing(at("2026-11-23T23:59"))
    assert closing == at("2026-11-24T00:00")


@pytest.mark.parametrize(
    "text",
    [
        "Monday to Friday, 9:00 to 17:00",
        "Mo-Fr",
        "Mo-Fr 9:00-17:00",
        "Mo-Fr 17:00-09:00",
        "Mo-Fr 22:00-02:00",
        "Mo-Fr 09:60-17:00",
        "Mo-Fr 09:00-25:00",
        "Mo-Fr 09:00-13:00,12:00-17:00",
        "Xx 09:00-17:00",
        "Mo- 09:00-17:00",
        "PH off",
        ";",
    ],
)
def test_what_is_no_opening_hours_is_refused_at_start(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        Hours.parse(text)
    with pytest.raises(ConfigError, match="IMPREUNA_OPENING_HOURS"):
        Settings.from_env({"IMPREUNA_OPENING_HOURS": text})


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)))
def test_the_next_opening_is_open_and_nothing_opens_before_it(moment: datetime) -> None:
    hours, start = Hours.parse(OFFICE), moment.replace(tzinfo=timezone.utc)
    opening = hours.next_opening(start)
    assert opening is not None
    assert opening > start
    assert hours.is_open(opening)
    assert not hours.is_open(opening - timedelta(minutes=1))
    if not hours.is_open(start):
        # Looked at every 10 minutes: whoever is told "then" is not told too late.
        steps = int((opening - start).total_seconds() // 600)
        assert not any(hours.is_open(start + timedelta(minutes=10 * n)) for n in range(steps))


def expected(operator: Operator, moment: str, *said: Said) -> list[str | None]:
    told = Expectation(VOICE, operator).add(said, "en", at(moment))
    return [one.name for one in told]


def test_nothing_is_promised_where_nothing_is_decided() -> None:
    said = [Said("Noted.", "utter_handoff_opened")]
    assert Expectation(VOICE, Operator()).add(said, "en") == said
    assert Expectation(VOICE, Operator()).is_open(at("2026-11-22T03:00"))


def test_the_person_hears_when_somebody_works_right_behind_that_it_was_noted() -> None:
    operator = Operator(opening_hours=OFFICE, on_call_number="+40 21 000 00 00")
    noted, question = Said("Noted.", "utter_handoff_opened"), Said("Which?", "utter_ask_x")
    assert expected(operator, "2026-11-23T10:00", noted, question) == [
        "utter_handoff_opened",
        "utter_handoff_hours_open",
        "utter_handoff_on_call",
        "utter_ask_x",
    ]
    told = Expectation(VOICE, operator).add([noted], "en", at("2026-11-28T12:00"))
    assert told[1].text == "Open again on December 2, 2026 at 09:00."
    assert "+40 21 000 00 00" in told[2].text
    open_now = Expectation(VOICE, operator).add([noted], "en", at("2026-11-23T10:00"))
    assert open_now[1].text == "Open until 12:30."


def test_an_urgent_request_hears_it_too_and_other_words_at_the_end() -> None:
    operator = Operator(on_call_number="112")
    urgent = Said("Noted.", "utter_handoff_opened_urgent")
    assert expected(operator, "2026-11-23T10:00", urgent) == [
        "utter_handoff_opened_urgent",
        "utter_handoff_on_call",
    ]
    down = Said("Sorry.", "utter_sorry_down")
    assert expected(operator, "2026-11-23T10:00", down)[-1] == "utter_handoff_on_call"
