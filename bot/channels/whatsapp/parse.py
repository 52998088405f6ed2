"""A webhook's body, read: pure, and never raising, whatever a body holds.

One body may hold a thousand events of many people. What is none for us is counted, what
cannot be read is named by a code; nothing of it is ever repeated in either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.whatsapp.content import content_of
from bot.channels.whatsapp.events import Batch, NumberChange, Received, Sender, Status
from bot.channels.whatsapp.node import items, mapping, moment, text, token, whole
from bot.channels.whatsapp.people import recipient_of, renamed, sender_of

_STATES = frozenset({"sent", "delivered", "read", "failed"})
# Nothing to answer: reactions, and what only numbers shared with the phone app tell.
_SILENT = frozenset({"reaction", "edit", "revoke"})

Node = Mapping[str, Any]


@dataclass
class _Reading:
    """What was found so far."""

    now: datetime
    messages: list[Received] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    changes: list[NumberChange] = field(default_factory=list)
    ignored: int = 0
    problems: list[str] = field(default_factory=list)

    def batch(self) -> Batch:
        """Give everything, each kind sorted by time; the sort keeps the order of places."""
        return Batch(
            tuple(sorted(self.messages, key=lambda one: one.at)),
            tuple(sorted(self.statuses, key=lambda one: one.at)),
            tuple(sorted(self.changes, key=lambda one: one.at)),
            self.ignored,
            tuple(self.problems),
        )


def parse(body: bytes, now: datetime, phone_number_id: str | None = None) -> Batch:
    """Read a webhook's body.

    Args:
        body: As it came; its signature was checked.
        now: The time, with its zone; an event to come counts as now.
        phone_number_id: Our number's id; events of other numbers are not ours to answer.
    """
    try:
        root = json.loads(body)
    except (ValueError, RecursionError):
        return Batch(problems=("not_json",))
    if not isinstance(root, dict):
        return Batch(problems=("not_an_object",))
    reading = _Reading(now)
    for entry in items(root, "entry"):
        for change in items(entry, "changes"):
            _read_change(change, phone_number_id, reading)
    return reading.batch()


def _read_change(change: Node, phone_number_id: str | None, reading: _Reading) -> None:
    if change.get("field") != "messages":
        reading.ignored += 1
        return
    value = mapping(change, "value")
    number = token(mapping(value, "metadata"), "phone_number_id")
    if phone_number_id and number and number != phone_number_id:
        reading.problems.append("other_number")
        return
    contacts = items(value, "contacts")
    for message in items(value, "messages"):
        _read_message(message, contacts, reading)
    for status in items(value, "statuses"):
        _read_status(status, reading)
    reading.problems += [f"error_{whole(error, 'code')}" for error in items(value, "errors")]


def _read_message(message: Node, contacts: Sequence[Node], reading: _Reading) -> None:
    kind, identifier = text(message, "type"), token(message, "id")
    if kind in _SILENT or message.get("group_id"):
        reading.ignored += 1
        return
    sender = sender_of(message, contacts)
    if identifier is None or not sender.names():
        reading.problems.append("message_without_id" if sender.names() else "no_sender")
    elif kind == "system":
        _read_system(message, identifier, sender, reading)
    else:
        reading.messages.append(_received(message, identifier, sender, reading.now))


def _received(message: Node, identifier: str, sender: Sender, now: datetime) -> Received:
    content = content_of(message)
    return Received(
        id=identifier,
        sender=sender,
        at=moment(message, now),
        kind=content.kind,
        text=content.text,
        choice=content.choice,
        media=content.media,
        context_id=token(mapping(message, "context"), "id"),
    )


def _read_system(message: Node, identifier: str, sender: Sender, reading: _Reading) -> None:
    system = mapping(message, "system")
    new = renamed(system)
    if text(system, "type") == "customer_identity_changed" or not new.names():
        reading.ignored += 1
        return
    at = moment(message, reading.now)
    reading.changes.append(NumberChange(identifier, at, old=sender, new=new))


def _read_status(status: Node, reading: _Reading) -> None:
    state = text(status, "status")
    identifier, key = token(status, "id"), token(status, "biz_opaque_callback_data")
    if state not in _STATES:
        reading.ignored += 1
        return
    if identifier is None and key is None:
        reading.problems.append("status_without_id")
        return
    errors = items(status, "errors")
    reading.statuses.append(
        Status(
            id=identifier or "",
            key=key,
            state=state,
            at=moment(status, reading.now),
            error_code=whole(errors[0], "code") if errors else None,
            recipient=recipient_of(status),
        )
    )
