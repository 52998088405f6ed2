"""Webhooks put together at random: batches of every kind of event, of people known in every way."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NUMBER = "106540352242922"
TEXTS = st.sampled_from(["hello", "مرحبا", "bună ziua", "\U0001f468\u200d\U0001f469", "a\nb", "1"])
CHOICES = st.sampled_from(["41-2", "7-1", "priority_express", "a b"])
PAYLOADS = st.sampled_from(["impreuna:waiting", "Unsubscribe", "41-2"])

Content = dict[str, Any]


def _media(kind: str, mime: str, **more: Any) -> st.SearchStrategy[Content]:
    digest = "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI="
    node = {
        "id": st.just("1003383421387256"),
        "mime_type": st.just(mime),
        "sha256": st.just(digest),
    }
    return st.fixed_dictionaries({kind: st.fixed_dictionaries({**node, **more})})


def _reply(kind: str) -> st.SearchStrategy[Content]:
    reply = st.fixed_dictionaries({"id": CHOICES, "title": TEXTS})
    context = {"from": "40312345678", "id": "wamid.ours"}
    return reply.map(lambda found: {"context": context, "interactive": {"type": kind, kind: found}})


CONTENTS: dict[str, tuple[str, st.SearchStrategy[Content]]] = {
    "text": ("text", TEXTS.map(lambda body: {"text": {"body": body}})),
    "button reply": ("interactive", _reply("button_reply")),
    "list reply": ("interactive", _reply("list_reply")),
    "template button": (
        "button",
        st.tuples(TEXTS, PAYLOADS).map(lambda two: {"button": {"text": two[0], "payload": two[1]}}),
    ),
    "image": ("image", _media("image", "image/jpeg", caption=TEXTS)),
    "voice": ("audio", _media("audio", "audio/ogg; codecs=opus", voice=st.just(True))),
    "audio": ("audio", _media("audio", "audio/mpeg", voice=st.just(False))),
    "document": ("document", _media("document", "application/pdf", filename=TEXTS)),
    "sticker": ("sticker", _media("sticker", "image/webp")),
    "location": ("location", st.just({"location": {"latitude": 44.4, "longitude": 26.1}})),
    "reaction": ("reaction", st.just({"reaction": {"message_id": "wamid.x", "emoji": "❤"}})),
    "unsupported": ("unsupported", st.just({"errors": [{"code": 131051, "message": "unknown"}]})),
}


def person(number: int) -> dict[str, str]:
    """A contact: by phone, by user id, or by both; sometimes with a parent id."""
    return {
        **({"wa_id": f"4070000{number:04}"} if number % 4 else {}),
        **({"user_id": f"RO.{number:04}"} if number % 4 != 1 else {}),
        **({"parent_user_id": f"RO.ENT.{number:04}"} if number % 4 == 2 else {}),
    }


@st.composite
def messages(draw: st.DrawFn, contact: dict[str, str], identifier: str) -> Content:
    kind, content = CONTENTS[draw(st.sampled_from(sorted(CONTENTS)))]
    names = {"wa_id": "from", "user_id": "from_user_id", "parent_user_id": "from_parent_user_id"}
    return {
        **{names[key]: value for key, value in contact.items()},
        "id": identifier,
        "timestamp": str(1_750_000_000 + draw(st.integers(0, 20))),
        "type": kind,
        **draw(content),
    }


@st.composite
def statuses(draw: st.DrawFn, contact: dict[str, str], identifier: str) -> Content:
    state = draw(st.sampled_from(["sent", "delivered", "read", "failed", "played", "deleted"]))
    names = {
        "wa_id": "recipient_id",
        "user_id": "recipient_user_id",
        "parent_user_id": "recipient_parent_user_id",
    }
    errors = [{"code": draw(st.sampled_from([131047, 131026, 131049])), "title": "no"}]
    return {
        **{names[key]: value for key, value in contact.items()},
        "id": identifier,
        "status": state,
        "timestamp": str(1_750_000_000 + draw(st.integers(0, 20))),
        **draw(st.sampled_from([{}, {"biz_opaque_callback_data": f"key-of-{identifier}"}])),
        **({"errors": errors} if state == "failed" else {}),
    }


@st.composite
def changes(draw: st.DrawFn, name: str, only_messages: bool) -> Content:
    numbers = draw(st.lists(st.integers(0, 30), min_size=1, max_size=3, unique=True))
    senders = [person(number) for number in numbers]
    least, most = (1, 3) if only_messages else (0, 4)
    found = [
        draw(messages(draw(st.sampled_from(senders)), f"wamid.{name}.m{number}"))
        for number in range(draw(st.integers(least, most)))
    ]
    told = [
        draw(statuses(draw(st.sampled_from(senders)), f"wamid.{name}.s{number}"))
        for number in range(0 if only_messages else draw(st.integers(0, 3)))
    ]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "40312345678", "phone_number_id": NUMBER},
        "contacts": [{**sender, "profile": {"name": "Somebody"}} for sender in senders],
        **({"messages": found} if found else {}),
        **({"statuses": told} if told else {}),
    }
    return {"field": "messages", "value": value}


@st.composite
def webhooks(draw: st.DrawFn, only_messages: bool = False) -> Content:
    """A whole body of several entries with several changes each."""
    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    entries = [
        [draw(changes(f"{entry}.{change}", only_messages)) for change in range(count)]
        for entry, count in enumerate(counts)
    ]
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "419561257915477", "changes": entry} for entry in entries],
    }
