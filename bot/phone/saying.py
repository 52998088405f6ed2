"""What a person sends from the phone: the bubble and the message of the webhook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.phone.files import PAPER, PICTURE, VOICE, File, Files
from bot.phone.people import Bubble, Person
from bot.phone.refusal import Refusal

Given = Mapping[str, Any]
Node = dict[str, Any]
# Kinds that are no message of their own: they open no window and show no bubble.
SILENT = {"reaction"}


class Saying:
    """Fills a new bubble and says what its webhook holds.

    Args:
        base: The stand-in's own address, for files.
        number: The business's number, which replies are addressed to.
    """

    def __init__(self, files: Files, base: str, number: str) -> None:
        self._files = files
        self._base = base
        self._number = number
        self._kinds: dict[str, Callable[[Person, Bubble, Given], Node]] = {
            "text": self._text,
            "reply": self._reply,
            "row": self._row,
            "tap": self._tap,
            "voice": self._voice,
            "picture": self._picture,
            "paper": self._paper,
            "location": self._location,
            "contacts": self._contacts,
            "reaction": self._reaction,
            "start": self._start,
            "unsupported": self._unsupported,
            "raw": self._raw,
        }

    def say(self, person: Person, bubble: Bubble, given: Given) -> Node:
        """Fill the bubble and give the webhook's message without its id and sender.

        `given` is `{"kind": ...}` with what the kind needs: `text`, `message` and `id`, ...

        Raises:
            Refusal: If what was said is not possible.
        """
        kind = given.get("kind")
        if kind not in self._kinds:
            raise Refusal(100, f"kind must be one of {', '.join(self._kinds)}")
        message = self._kinds[str(kind)](person, bubble, given)
        quoted = given.get("quote")
        if quoted:
            bubble.quote = str(quoted)
            message.setdefault("context", self._context(bubble.quote))
        return message

    def _context(self, message: str) -> Node:
        return {"from": self._number, "id": message}

    def _text(self, person: Person, bubble: Bubble, given: Given) -> Node:
        bubble.text = str(given.get("text", ""))
        if not bubble.text.strip():
            raise Refusal(100, "Nobody can send an empty text")
        return {"type": "text", "text": {"body": bubble.text}}

    def _reply(self, person: Person, bubble: Bubble, given: Given) -> Node:
        offer = _offer(person, given)
        button = _having_id(offer.buttons, given)
        reply = {"id": button["id"], "title": button["title"]}
        return self._interactive(bubble, offer, "button_reply", reply)

    def _row(self, person: Person, bubble: Bubble, given: Given) -> Node:
        offer = _offer(person, given)
        rows = [row for section in offer.sections for row in section["rows"]]
        return self._interactive(bubble, offer, "list_reply", dict(_having_id(rows, given)))

    def _interactive(self, bubble: Bubble, offer: Bubble, kind: str, reply: Node) -> Node:
        bubble.text, bubble.quote = reply["title"], offer.id
        return {
            "context": self._context(offer.id),
            "type": "interactive",
            "interactive": {"type": kind, kind: reply},
        }

    def _tap(self, person: Person, bubble: Bubble, given: Given) -> Node:
        offer = _offer(person, given)
        taps = [button for button in offer.buttons if button["kind"] == "tap"]
        try:
            tapped = taps[int(given.get("index", 0))]
        except (IndexError, ValueError, TypeError):
            raise Refusal(100, "The message has no such button") from None
        bubble.text, bubble.quote = tapped["title"], offer.id
        return {
            "context": self._context(offer.id),
            "type": "button",
            "button": {"payload": tapped["payload"], "text": tapped["title"]},
        }

    def _voice(self, person: Person, bubble: Bubble, given: Given) -> Node:
        return self._file(bubble, "audio", self._files.sample(VOICE), {"voice": True})

    def _picture(self, person: Person, bubble: Bubble, given: Given) -> Node:
        return self._file(bubble, "image", self._files.sample(PICTURE), _caption(bubble, given))

    def _paper(self, person: Person, bubble: Bubble, given: Given) -> Node:
        more = {"filename": PAPER, **_caption(bubble, given)}
        return self._file(bubble, "document", self._files.sample(PAPER), more)

    def _file(self, bubble: Bubble, kind: str, file: File, more: Node) -> Node:
        bubble.media = {"kind": kind, "mime_type": file.mime_type, "filename": file.filename}
        bubble.media["url"] = f"/phone/media/{file.id}"
        return {"type": kind, kind: {**more, **self._files.in_webhook(file, self._base)}}

    def _location(self, person: Person, bubble: Bubble, given: Given) -> Node:
        bubble.place = {
            "latitude": float(given.get("latitude", 44.4268)),
            "longitude": float(given.get("longitude", 26.1025)),
        }
        return {"type": "location", "location": dict(bubble.place)}

    def _contacts(self, person: Person, bubble: Bubble, given: Given) -> Node:
        bubble.text = str(given.get("name", "Somebody"))
        phones = [{"phone": "+44 7700 900099", "wa_id": "447700900099", "type": "CELL"}]
        name = {"formatted_name": bubble.text, "first_name": bubble.text}
        return {"type": "contacts", "contacts": [{"name": name, "phones": phones}]}

    def _reaction(self, person: Person, bubble: Bubble, given: Given) -> Node:
        offer = _offer(person, given)
        offer.reaction = str(given.get("emoji", "")) or None
        # Without an emoji a reaction is taken back.
        emoji = {"emoji": offer.reaction} if offer.reaction else {}
        return {"type": "reaction", "reaction": {"message_id": offer.id, **emoji}}

    def _start(self, person: Person, bubble: Bubble, given: Given) -> Node:
        return {"type": "request_welcome"}

    def _unsupported(self, person: Person, bubble: Bubble, given: Given) -> Node:
        title = "Message type unknown"
        details = {"details": "Message type is currently not supported."}
        error = {"code": 131051, "title": title, "message": title, "error_data": details}
        return {"type": "unsupported", "errors": [error]}

    def _raw(self, person: Person, bubble: Bubble, given: Given) -> Node:
        message = given.get("message")
        if not isinstance(message, Mapping):
            raise Refusal(100, "raw needs a message")
        bubble.text = str(message.get("type", "unknown"))
        return dict(message)


def _caption(bubble: Bubble, given: Given) -> Node:
    bubble.text = str(given.get("text") or "")
    return {"caption": bubble.text} if bubble.text else {}


def _offer(person: Person, given: Given) -> Bubble:
    offer = person.find(given.get("message"))
    if offer is None:
        raise Refusal(100, "There is no such message on this phone")
    return offer


def _having_id(nodes: list[Node], given: Given) -> Node:
    for node in nodes:
        if node.get("id") == given.get("id"):
            return node
    raise Refusal(100, "The message has no such choice")
