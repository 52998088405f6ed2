"""Handing a conversation to a person: what is asked for, and how two requests become one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

PRIORITIES = ("danger", "deadline", "child", "window", "normal")
"""From the most urgent to the least."""
OUTCOMES = ("helped", "referred", "unreachable", "not_for_us", "other")
"""How a counsellor may close a handoff."""
RETURNED = "returned"
"""The outcome where the counsellor gave the conversation back to the bot."""
ERASED = "erased"
"""The outcome, in the counts, where the person's data was deleted before the end."""
# Without signs that are mistaken for each other when read out.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class HandoffRequest:
    """Why a person is needed; `facts` are those of the interview so far (personal)."""

    reference: str
    reason: str
    priority: str = "normal"
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> HandoffRequest:
        """Read what an action asked for.

        Raises:
            ValueError: If there is no reference or no reason.
        """
        reference, reason = payload.get("reference"), payload.get("reason")
        if not reference or not reason:
            raise ValueError("a handoff needs a reference and a reason")
        priority = payload.get("priority")
        return cls(
            reference=str(reference),
            reason=str(reason),
            priority=priority if priority in PRIORITIES else "normal",
            facts=dict(payload.get("facts") or {}),
        )


def reference_of(conversation: UUID) -> str:
    """Name a conversation's handoff to a person on the phone: always the same eight signs.

    The action server makes it in the same way (`actions.handover.reference`), so whoever
    asks twice, or is answered by the gateway, is told one number.
    """
    number = int.from_bytes(hashlib.sha256(str(conversation).encode()).digest(), "big")
    signs = ""
    for _ in range(8):
        number, rest = divmod(number, len(_ALPHABET))
        signs += _ALPHABET[rest]
    return f"{signs[:4]}-{signs[4:]}"


def more_urgent(one: str, other: str) -> str:
    """Give the more urgent of two priorities."""
    return min(one, other, key=PRIORITIES.index)
