"""The API's JSON of each kind of bubble, as Meta documents it."""

from __future__ import annotations

import pytest

from bot.channels.whatsapp.build import build, build_read_and_typing, content
from bot.channels.whatsapp.parts import (
    Address,
    Buttons,
    Document,
    Link,
    Menu,
    Option,
    Part,
    Template,
    Text,
)


def test_a_person_with_a_number_is_written_to_by_it() -> None:
    assert build(Text("Hello."), Address(phone="40722", user_id="RO.1"), "key-1") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "40722",
        "type": "text",
        "text": {"body": "Hello.", "preview_url": False},
        "biz_opaque_callback_data": "key-1",
    }


def test_a_person_without_a_number_is_written_to_by_the_user_id() -> None:
    message = build(Text("Hello."), Address(user_id="RO.134"), "key-1")
    assert message["recipient"] == "RO.134"
    assert "to" not in message


def test_an_address_never_prints() -> None:
    assert "40722" not in repr(Address(phone="40722", user_id="RO.1"))
    assert "RO.1" not in repr(Address(phone="40722", user_id="RO.1"))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            Buttons("Which?", (Option("7-1", "Yes"),)),
            {
                "type": "interactive",
                "interactive": {
                    "type": "button",
                    "body": {"text": "Which?"},
                    "action": {
                        "buttons": [{"type": "reply", "reply": {"id": "7-1", "title": "Yes"}}]
                    },
                },
            },
        ),
        (
            Menu("Which?", "Choose", (Option("7-1", "Yes"), Option("7-2", "No", "Not now"))),
            {
                "type": "interactive",
                "interactive": {
                    "type": "list",
                    "body": {"text": "Which?"},
                    "action": {
                        "button": "Choose",
                        "sections": [
                            {
                                "rows": [
                                    {"id": "7-1", "title": "Yes"},
                                    {"id": "7-2", "title": "No", "description": "Not now"},
                                ]
                            }
                        ],
                    },
                },
            },
        ),
        (
            Link("Here.", "The form", "https://a.ro"),
            {
                "type": "interactive",
                "interactive": {
                    "type": "cta_url",
                    "body": {"text": "Here."},
                    "action": {
                        "name": "cta_url",
                        "parameters": {"display_text": "The form", "url": "https://a.ro"},
                    },
                },
            },
        ),
        (
            Document("99", "list.pdf", "Your list."),
            {
                "type": "document",
                "document": {"id": "99", "filename": "list.pdf", "caption": "Your list."},
            },
        ),
        (
            Template("answer_waiting", "ar", "impreuna:waiting"),
            {
                "type": "template",
                "template": {
                    "name": "answer_waiting",
                    "language": {"code": "ar"},
                    "components": [
                        {
                            "type": "button",
                            "sub_type": "quick_reply",
                            "index": "0",
                            "parameters": [{"type": "payload", "payload": "impreuna:waiting"}],
                        }
                    ],
                },
            },
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_kind_has_the_documented_shape(part: Part, expected: dict[str, object]) -> None:
    assert content(part) == expected


def test_a_document_without_a_caption_sends_none() -> None:
    assert "caption" not in content(Document("99", "list.pdf"))["document"]


def test_one_request_marks_read_and_shows_typing() -> None:
    assert build_read_and_typing("wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    }


def test_an_unknown_kind_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        content(Part())
