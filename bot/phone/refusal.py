"""How Meta says no: one shape for an answer over HTTP and for a failed message's status.

Codes, HTTP statuses and titles: developers.facebook.com, WhatsApp Cloud API, "Error codes".
"""

from __future__ import annotations

import secrets
from typing import Any

_TITLES = {
    0: "AuthException",
    1: "API Unknown",
    2: "API Service",
    4: "API Too Many Calls",
    10: "Permission Denied",
    33: "Parameter value is not valid",
    100: "Invalid parameter",
    190: "Error validating access token",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130429: "Rate limit hit",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131026: "Message undeliverable",
    131031: "Business Account locked",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132012: "Parameter format does not match format in the created template",
    132018: "The template's parameters have an issue",
    133010: "Phone number not registered",
}
_STATUSES = {
    **dict.fromkeys((1, 2, 131016), 503),
    **dict.fromkeys((0, 190), 401),
    **dict.fromkeys((10, 131005), 403),
    131000: 500,
}


class Refusal(Exception):
    """The stand-in does not do what was asked.

    Args:
        code: Meta's error code.
        details: One sentence for the developer.
        status: Another HTTP status than the code's usual one.
    """

    def __init__(
        self, code: int, details: str, *, status: int | None = None, subcode: int | None = None
    ) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.title = _TITLES.get(code, "Error")
        self.http_status = status or _STATUSES.get(code, 400)
        self.subcode = subcode

    def body(self) -> dict[str, Any]:
        """Give the answer's body over HTTP."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": f"A{secrets.token_urlsafe(16)}",
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error}

    def in_status(self) -> dict[str, Any]:
        """Give the entry of a failed message's status."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }
