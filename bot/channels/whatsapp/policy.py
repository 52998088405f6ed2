"""What each of WhatsApp's error codes means for us.

Source: developers.facebook.com, WhatsApp Cloud API, "Error codes" (2026-05-15). The code
decides, not the HTTP status and not the title: rate limits are documented as 400, seen as 429.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import (
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

TEMPLATE_MISSING = 132001
"""The template does not exist in that language, or is not approved."""

CLASSES: Mapping[type[SendFailed], tuple[int, ...]] = {
    ChatThrottled: (131056,),
    ChannelThrottled: (4, 429, 80007, 130429),
    SendTransient: (1, 2, 131000, 131016, 131057, 135000),
    UploadFailed: (131052, 131053),
    WindowClosed: (131047,),
    RecipientUnreachable: (130472, 130497, 131021, 131026, 131030, 131049, 131050, 131062),
    SendRefused: (
        *(33, 100, 131008, 131009, 131051, 132000, TEMPLATE_MISSING, 132005, 132007),
        *(132008, 132012, 132015, 132016, 132018, 132068),
    ),
    ChannelBlocked: (
        *(0, 3, 10, 190, *range(200, 300), 368, 131005, 131031, 131037, 131042, 131044),
        *(131045, 131064, 133010),
    ),
    ChannelDistrusted: (131048, 132069, 133016),
}
"""Each class with its codes; what stands nowhere is our mistake until somebody has looked."""

_SHORT, _LONG, _VERY_LONG = 10.0, 300.0, 3600.0
_MOST = 24 * 3600.0
# Counted by the hour, not by the second.
_BY_THE_HOUR = (4, 80007)

_BY_CODE = {code: kind for kind, codes in CLASSES.items() for code in codes}
_UNAUTHORISED, _SERVER_ERROR = (401, 403), range(500, 600)
_REGAIN = "estimated_time_to_regain_access"


def class_of(code: int | None) -> type[SendFailed]:
    """Give the class of a code: WhatsApp's, or the HTTP status where there was none."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code in _UNAUTHORISED:
        return ChannelBlocked
    return SendTransient if code in _SERVER_ERROR else SendRefused


def pause_seconds(failure: SendFailed) -> float:
    """Give how long the whole number keeps silent after an error that holds the channel."""
    if failure.retry_after is not None:
        return min(max(failure.retry_after, 1.0), _MOST)
    if isinstance(failure, ChannelDistrusted):
        return _VERY_LONG
    if isinstance(failure, ChannelBlocked) or failure.provider_code in _BY_THE_HOUR:
        return _LONG
    return _SHORT


def refusal(status: int, body: Any, headers: Mapping[str, str]) -> SendFailed:
    """Read an answer that says no.

    Args:
        status: The HTTP status.
        body: The parsed JSON, or None if it was none.
        headers: Of the answer.
    """
    error = body.get("error") if isinstance(body, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    deciding = _deciding(status, code if isinstance(code, int) else None)
    return class_of(deciding)(provider_code=deciding, retry_after=seconds_to_wait(headers))


def _deciding(status: int, code: int | None) -> int:
    """Choose the code; only an unknown one gives way to a status that says more."""
    says_more = status == 429 or status in _SERVER_ERROR
    if code is None or (code not in _BY_CODE and says_more):
        return status
    return code


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Read how long the answer asks us to wait; the business header counts in minutes."""
    plain = headers.get("Retry-After", "")
    if plain.isascii() and plain.isdigit():
        return float(plain)
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage", "null"))
        minutes = [entry[_REGAIN] for entries in usage.values() for entry in entries]
        return max(map(float, minutes)) * 60 or None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
