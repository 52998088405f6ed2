"""What Meta posts to a webhook: envelopes with a message, a status or a system note."""

from __future__ import annotations

import json
from typing import Any

from bot.phone.account import Account
from bot.phone.people import Bubble, Person

Value = dict[str, Any]


def message_value(account: Account, person: Person, message: Value, at: float) -> Value:
    """Make the value for a person's message; `message` holds its id, type and content."""
    sender = {
        "from": person.shown_phone,
        "from_user_id": person.user_id,
        "timestamp": str(int(at)),
    }
    return {
        **_head(account),
        "contacts": [_contact(person, profile=True)],
        "messages": [_given({**sender, **message})],
    }


def status_value(account: Account, person: Person, bubble: Bubble, status: str, at: float) -> Value:
    """Make the value for what became of a message of ours."""
    entry = {
        "id": bubble.id,
        "status": status,
        "timestamp": str(int(at)),
        "recipient_id": person.shown_phone,
        "recipient_user_id": person.user_id,
        "biz_opaque_callback_data": bubble.data,
        "errors": [bubble.error] if status == "failed" and bubble.error else None,
    }
    # No profile here: seen so in real ones.
    return {**_head(account), "contacts": [_contact(person)], "statuses": [_given(entry)]}


def number_change_value(account: Account, person: Person, old: str, at: float) -> Value:
    """Make the value that says that a person has another number now; it has no contacts."""
    message = {
        "from": old,
        "id": f"wamid.system.{int(at * 1000)}",
        "timestamp": str(int(at)),
        "type": "system",
        "system": _given(
            {
                "body": f"{person.name} changed from {old} to {person.phone}",
                "wa_id": person.phone,
                "user_id": person.user_id,
                "type": "user_changed_number",
            }
        ),
    }
    return {**_head(account), "messages": [message]}


def envelope(account: Account, values: list[Value], at: float) -> Value:
    """Put values into one body, each as a change of its own."""
    changes = [{"value": value, "field": "messages"} for value in values]
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account.business_account_id, "time": int(at), "changes": changes}],
    }


def to_bytes(body: Value) -> bytes:
    """Write a body as Meta does: non-ASCII as lower-case escapes, slashes escaped too."""
    text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def _head(account: Account) -> Value:
    return {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_number,
            "phone_number_id": account.phone_number_id,
        },
    }


def _contact(person: Person, *, profile: bool = False) -> Value:
    contact: Value = {"wa_id": person.shown_phone, "user_id": person.user_id}
    if profile:
        contact["profile"] = _given({"name": person.name, "username": person.username})
    return _given(contact)


def _given(node: Value) -> Value:
    return {name: value for name, value in node.items() if value is not None}
