"""What each of WhatsApp's error codes leads to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from bot import errors
from bot.channels.whatsapp.policy import CLASSES, class_of, pause_seconds, refusal, seconds_to_wait
from bot.errors import (
    BotError,
    ChannelBlocked,
    ChannelDistrusted,
    ChannelThrottled,
    ChatThrottled,
    RecipientUnreachable,
    SendFailed,
    SendRefused,
    SendTransient,
    UploadFailed,
    WindowClosed,
)


def test_no_code_belongs_to_two_classes() -> None:
    codes = Counter(code for of_one in CLASSES.values() for code in of_one)
    assert [code for code, times in codes.items() if times > 1] == []


def test_every_error_has_a_code_of_its_own() -> None:
    kinds = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, BotError)]
    assert len({kind.code for kind in kinds}) == len(kinds)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (131056, ChatThrottled),
        (130429, ChannelThrottled),
        (80007, ChannelThrottled),
        (4, ChannelThrottled),
        (131000, SendTransient),
        (135000, SendTransient),
        (131053, UploadFailed),
        (131047, WindowClosed),
        (131026, RecipientUnreachable),
        (131049, RecipientUnreachable),
        (131009, SendRefused),
        (132001, SendRefused),
        (190, ChannelBlocked),
        (0, ChannelBlocked),
        (200, ChannelBlocked),
        (299, ChannelBlocked),
        (131042, ChannelBlocked),
        (131048, ChannelDistrusted),
        (987654, SendRefused),
        (None, SendRefused),
    ],
)
def test_a_code_has_its_class(code: int | None, kind: type[SendFailed]) -> None:
    assert class_of(code) is kind


def error(code: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": "m"}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, error(131056), ChatThrottled, 131056),
        (400, error(130429), ChannelThrottled, 130429),
        (500, error(131009), SendRefused, 131009),
        (401, None, ChannelBlocked, 401),
        (429, None, ChannelThrottled, 429),
        (429, error(77), ChannelThrottled, 429),
        (502, None, SendTransient, 502),
        (503, error("x"), SendTransient, 503),
        (503, error(77), SendTransient, 503),
        (400, error(77), SendRefused, 77),
        (404, [], SendRefused, 404),
        (302, None, SendRefused, 302),
    ],
)
def test_the_code_decides_and_the_status_only_where_there_is_none(
    status: int, body: Any, kind: type[SendFailed], code: int
) -> None:
    failure = refusal(status, body, {})
    assert type(failure) is kind
    assert failure.provider_code == code
    # What is stored is the code alone: the class can be found again.
    assert class_of(failure.provider_code) is kind


def test_a_wait_that_is_asked_for_is_read_in_its_unit() -> None:
    usage = '{"1": [{"estimated_time_to_regain_access": 7}], "2": [{"x": 1}]}'
    assert seconds_to_wait({"Retry-After": "30"}) == 30.0
    assert seconds_to_wait({"Retry-After": "soon"}) is None
    assert (
        seconds_to_wait({"X-Business-Use-Case-Usage": usage.replace(', "2": [{"x": 1}]', "")})
        == 420
    )
    for broken in ("", "[", "[]", "{}", '{"1": 3}', usage):
        assert seconds_to_wait({"X-Business-Use-Case-Usage": broken}) is None


def test_the_number_keeps_silent_as_long_as_the_error_deserves() -> None:
    assert pause_seconds(ChannelThrottled(provider_code=130429)) == 10
    assert pause_seconds(ChannelThrottled(provider_code=80007)) == 300
    assert pause_seconds(ChannelThrottled(provider_code=80007, retry_after=420)) == 420
    assert pause_seconds(ChannelBlocked(provider_code=190)) == 300
    assert pause_seconds(ChannelDistrusted(provider_code=131048)) == 3600


def test_an_account_in_trouble_raises_an_alarm_and_a_busy_one_does_not() -> None:
    assert ChannelBlocked.alarm
    assert ChannelDistrusted.alarm
    assert SendRefused.alarm
    assert not ChannelThrottled.alarm
    assert not RecipientUnreachable.alarm
