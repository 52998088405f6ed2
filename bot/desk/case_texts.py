"""The words for what a handoff is, was and can become, in the desk's languages.

Codes are the store's; whatever has no words yet is shown as its code.
"""

from __future__ import annotations

from bot.desk.row_texts import row_texts
from bot.i18n import Translator

FINDING = "finding:"
CONTACT_REASONS = ("person_asked", "danger", "appointment", "no_answer")
"""Why a phone number may be looked at; the code stands in the audit log."""


class Reasons:
    """Says why a person was asked for; its tables are looked up once, for many lines."""

    def __init__(self, words: Translator) -> None:
        self._rows = row_texts(words)
        self._others = _reasons(words)
        self._finding = words.pgettext("desk", "A finding needs a look")

    def text(self, reason: str) -> str:
        """Say one reason."""
        if reason.startswith(FINDING):
            row = reason.removeprefix(FINDING)
            found = self._rows.get(row)
            return f"{row}: {found}" if found else self._finding
        return self._others.get(reason, reason)


def reason_text(words: Translator, reason: str) -> str:
    """Say one reason; for many of them make `Reasons` once."""
    return Reasons(words).text(reason)


def _reasons(words: Translator) -> dict[str, str]:
    return {
        "asked": words.pgettext("desk", "Asks for a person"),
        "danger": words.pgettext("desk", "In danger"),
        "refusal": words.pgettext("desk", "Got a refusal"),
        "misunderstood": words.pgettext("desk", "The bot did not understand, twice"),
        "failure": words.pgettext("desk", "The bot failed and could not answer"),
        "voice": words.pgettext("desk", "Sent a voice note"),
        "picture": words.pgettext("desk", "Sent a picture"),
        "video": words.pgettext("desk", "Sent a video"),
        "document": words.pgettext("desk", "Sent a document"),
    }


def priority_texts(words: Translator) -> dict[str, str]:
    """Name every priority, the most urgent first."""
    return {
        "danger": words.pgettext("desk", "danger"),
        "deadline": words.pgettext("desk", "deadline"),
        "child": words.pgettext("desk", "child"),
        "window": words.pgettext("desk", "time running out"),
        "normal": words.pgettext("desk", "normal"),
    }


def folder_texts(words: Translator) -> dict[str, str]:
    """Name the folders in their order."""
    return {
        "unassigned": words.pgettext("desk", "Unassigned"),
        "mine": words.pgettext("desk", "Mine"),
        "all": words.pgettext("desk", "All open"),
        "closed": words.pgettext("desk", "Closed"),
    }


def channel_text(words: Translator, channel: str) -> str:
    """Name a channel."""
    return {
        "web": words.pgettext("desk", "Web chat"),
        "whatsapp": "WhatsApp",
    }.get(channel, channel)


def state_texts(words: Translator) -> dict[str, str]:
    """Say who answers now."""
    return {
        "waiting": words.pgettext("desk", "waits; the bot answers"),
        "with_agent": words.pgettext("desk", "with a counsellor"),
        "closed": words.pgettext("desk", "closed"),
    }


def outcome_texts(words: Translator) -> dict[str, str]:
    """Name how a conversation ended."""
    return {
        "helped": words.pgettext("desk", "helped"),
        "referred": words.pgettext("desk", "referred to somebody else"),
        "unreachable": words.pgettext("desk", "no answer from the person"),
        "not_for_us": words.pgettext("desk", "not for us"),
        "other": words.pgettext("desk", "other"),
        "returned": words.pgettext("desk", "returned to the bot"),
    }


def event_texts(words: Translator) -> dict[str, str]:
    """Say what happened, as a line of the conversation."""
    return {
        "request": words.pgettext("desk", "A person was asked for"),
        "raise": words.pgettext("desk", "It became more urgent"),
        "claim": words.pgettext("desk", "{name} took it"),
        "assign": words.pgettext("desk", "{name} assigned it"),
        "transfer": words.pgettext("desk", "{name} passed it on"),
        "release": words.pgettext("desk", "Back in the queue"),
        "return_to_bot": words.pgettext("desk", "{name} returned it to the bot"),
        "person_returns": words.pgettext("desk", "The person went back to the bot"),
        "resolve": words.pgettext("desk", "{name} closed it"),
        "reopen": words.pgettext("desk", "{name} opened it again"),
        "escalate": words.pgettext("desk", "Nobody answered in time; staff were told"),
    }


def kind_text(words: Translator, kind: str) -> str:
    """Name what a person sent, where it is no text."""
    return {
        "tap": words.pgettext("desk", "Tapped: show me the answer"),
        "start": words.pgettext("desk", "Opened the chat"),
        "voice": words.pgettext("desk", "Voice note"),
        "audio": words.pgettext("desk", "Sound"),
        "image": words.pgettext("desk", "Picture"),
        "video": words.pgettext("desk", "Video"),
        "document": words.pgettext("desk", "Document"),
        "sticker": words.pgettext("desk", "Sticker"),
        "location": words.pgettext("desk", "A place on the map"),
        "contacts": words.pgettext("desk", "A contact card"),
        "order": words.pgettext("desk", "An order"),
        "unsupported": words.pgettext("desk", "Something that cannot be shown"),
    }.get(kind, "")


def tick_text(words: Translator, state: str) -> str:
    """Say how far a message came."""
    return {
        "asked": words.pgettext("desk", "being sent"),
        "unsure": words.pgettext("desk", "sent? no answer came"),
        "doubled": words.pgettext("desk", "sent? no answer came"),
        "again": words.pgettext("desk", "will be sent again"),
        "sent": words.pgettext("desk", "✓ sent"),
        "delivered": words.pgettext("desk", "✓✓ delivered"),
        "read": words.pgettext("desk", "✓✓ read"),
        "played": words.pgettext("desk", "✓✓ played"),
        "failed": words.pgettext("desk", "✗ not delivered"),
        "waits": words.pgettext("desk", "waits for the person's answer"),
    }.get(state, state)


def contact_reason_texts(words: Translator) -> dict[str, str]:
    """Say for what a phone number may be looked at."""
    texts = {
        "person_asked": words.pgettext("desk", "The person asked for a call"),
        "danger": words.pgettext("desk", "Danger: I must reach them now"),
        "appointment": words.pgettext("desk", "An appointment has to be made or changed"),
        "no_answer": words.pgettext("desk", "They do not answer here, and time runs out"),
    }
    return {reason: texts[reason] for reason in CONTACT_REASONS}


def refusal_text(words: Translator, reason: str, agent: str | None) -> str:
    """Say why something could not be done."""
    if agent and reason in {"already_taken", "not_yours"}:
        return words.pgettext("desk", "{name} has this conversation.").format(name=agent)
    return {
        "not_open": words.pgettext("desk", "This conversation is closed."),
        "not_taken": words.pgettext("desk", "Nobody has this conversation. Take it first."),
        "already_taken": words.pgettext("desk", "Somebody else has this conversation."),
        "already_open": words.pgettext("desk", "This conversation is open already."),
        "not_yours": words.pgettext("desk", "Somebody else has this conversation."),
        "same_agent": words.pgettext("desk", "This counsellor has it already."),
        "unknown_agent": words.pgettext("desk", "Choose a counsellor from the list."),
        "unknown_handoff": words.pgettext("desk", "The person deleted this conversation."),
        "empty": words.pgettext("desk", "Write something first."),
        "too_long": words.pgettext("desk", "This is too long for one message. Send it in parts."),
        "unknown_reply": words.pgettext("desk", "Choose a reply from the list."),
        "unknown_outcome": words.pgettext("desk", "Choose how it ended."),
        "unknown_reason": words.pgettext("desk", "Choose what you need the number for."),
    }.get(reason, words.pgettext("desk", "This cannot be done now."))
