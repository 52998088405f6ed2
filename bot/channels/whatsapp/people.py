"""Who a webhook speaks of: phone numbers, user ids and where each of them stands.

Since 2026 `from` and `wa_id` may be missing or empty: then the user id is all there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.whatsapp.events import Sender
from bot.channels.whatsapp.node import token

_PHONE = re.compile(r"\+?(\d{4,20})")

Node = Mapping[str, Any]


def sender_of(message: Node, contacts: Sequence[Node]) -> Sender:
    """Read who sent a message; what the message leaves out may stand in its contact."""
    stated = _sender(message, phone="from", user_id="from_user_id", parent_id="from_parent_user_id")
    contact = _contact_of(stated, contacts)
    known = _sender(contact, phone="wa_id", user_id="user_id", parent_id="parent_user_id")
    return Sender(
        phone=stated.phone or known.phone,
        user_id=stated.user_id or known.user_id,
        parent_id=stated.parent_id or known.parent_id,
    )


def recipient_of(status: Node) -> Sender:
    """Read whom a message of ours went to."""
    return _sender(
        status,
        phone="recipient_id",
        user_id="recipient_user_id",
        parent_id="recipient_parent_user_id",
    )


def renamed(system: Node) -> Sender:
    """Read a person's new names out of a system message."""
    key = "wa_id" if system.get("wa_id") else "new_wa_id"
    return _sender(system, phone=key, user_id="user_id", parent_id="parent_user_id")


def _sender(node: Node, phone: str, user_id: str, parent_id: str) -> Sender:
    name = token(node, phone)
    number = _PHONE.fullmatch(name) if name else None
    stated = token(node, user_id)
    # What stands in the number's place and is no number is a user id: never strip it to digits.
    return Sender(
        phone=number[1] if number else None,
        user_id=stated or (name if name and not number else None),
        parent_id=token(node, parent_id),
    )


def _contact_of(sender: Sender, contacts: Sequence[Node]) -> Node:
    """Find a sender's contact; a contact that names somebody else is never taken."""
    for contact in contacts:
        known = _sender(contact, phone="wa_id", user_id="user_id", parent_id="parent_user_id")
        if _agree(sender.user_id, known.user_id) or _agree(sender.phone, known.phone):
            return contact
    alone = len(contacts) == 1 and not sender.names()
    return contacts[0] if alone else {}


def _agree(one: str | None, other: str | None) -> bool:
    return one is not None and one == other
