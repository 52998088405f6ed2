"""The words for roles and for what stands in the audit log, in the desk's languages."""

from __future__ import annotations

from bot.desk.roles import Role
from bot.i18n import Translator


def role_names(words: Translator) -> dict[str, str]:
    """Name every role."""
    return {
        Role.COUNSELLOR.value: words.pgettext("desk", "Counsellor"),
        Role.COORDINATOR.value: words.pgettext("desk", "Coordinator"),
        Role.TRANSLATOR.value: words.pgettext("desk", "Translator"),
        Role.ADMINISTRATOR.value: words.pgettext("desk", "Administrator"),
    }


def role_tasks(words: Translator) -> dict[str, str]:
    """Say of every role what it may do."""
    return {
        Role.COUNSELLOR.value: words.pgettext(
            "desk", "reads conversations that wait for a person, and answers them"
        ),
        Role.COORDINATOR.value: words.pgettext(
            "desk", "as a counsellor; also gives conversations to others and sees the figures"
        ),
        Role.TRANSLATOR.value: words.pgettext(
            "desk", "labels what the bot did not understand; sees no conversation"
        ),
        Role.ADMINISTRATOR.value: words.pgettext(
            "desk", "keeps the accounts and reads the audit log; sees no conversation"
        ),
    }


def action_texts(words: Translator) -> dict[str, str]:
    """Say what each action of the audit log means."""
    return {
        "login.ok": words.pgettext("desk", "logged in"),
        "login.failed": words.pgettext("desk", "login failed"),
        "login.throttled": words.pgettext("desk", "login refused: too many attempts"),
        "login.ended": words.pgettext("desk", "logged out"),
        "session.ended": words.pgettext("desk", "ended sessions"),
        "access.refused": words.pgettext("desk", "was refused: not in this role"),
        "account.set_up": words.pgettext("desk", "set the account up"),
        "account.password": words.pgettext("desk", "changed the own password"),
        "account.language": words.pgettext("desk", "changed the own language"),
        "staff.added": words.pgettext("desk", "added an account"),
        "staff.invited": words.pgettext("desk", "made a new invitation"),
        "staff.changed": words.pgettext("desk", "changed an account"),
        "staff.disabled": words.pgettext("desk", "disabled an account"),
        "audit.read": words.pgettext("desk", "read the audit log"),
        "conversation.viewed": words.pgettext("desk", "looked at a conversation"),
        "conversation.claimed": words.pgettext("desk", "took a conversation"),
        "conversation.assigned": words.pgettext("desk", "assigned a conversation"),
        "conversation.transferred": words.pgettext("desk", "passed a conversation on"),
        "conversation.released": words.pgettext("desk", "put a conversation back in the queue"),
        "conversation.returned": words.pgettext("desk", "returned a conversation to the bot"),
        "conversation.resolved": words.pgettext("desk", "closed a conversation"),
        "conversation.reopened": words.pgettext("desk", "opened a conversation again"),
        "conversation.answered": words.pgettext("desk", "answered in a conversation"),
        "conversation.noted": words.pgettext("desk", "wrote a note"),
        "conversation.labelled": words.pgettext("desk", "changed labels"),
        "conversations.searched": words.pgettext("desk", "searched in the conversations"),
        "contact.shown": words.pgettext("desk", "looked at a phone number"),
        "media.opened": words.pgettext("desk", "opened a picture, voice note or file"),
        "figures.exported": words.pgettext("desk", "saved the figures"),
        "examples.labelled": words.pgettext("desk", "said what messages mean"),
        "examples.exported": words.pgettext("desk", "saved training data"),
        "token.made": words.pgettext("desk", "made a key for another system"),
        "token.revoked": words.pgettext("desk", "ended a key of another system"),
        "api.resolved": words.pgettext("desk", "another system closed a conversation"),
    }
