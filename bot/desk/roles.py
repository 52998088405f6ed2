"""Which role may do what: one table, and nothing else decides.

An administrator keeps the accounts and reads the log, and sees no conversation: whoever watches
the watchers has no other hand in the work.
"""

from __future__ import annotations

from enum import Enum


class Role(str, Enum):
    """What an account is for."""

    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    TRANSLATOR = "translator"
    ADMINISTRATOR = "administrator"


class Act(str, Enum):
    """What can be done at the desk."""

    KEEP_OWN_ACCOUNT = "keep_own_account"
    SEE_CONVERSATIONS = "see_conversations"
    ANSWER = "answer"
    ASSIGN_OTHERS = "assign_others"
    SEE_CONTACT = "see_contact"
    SEE_FIGURES = "see_figures"
    SEE_UNCERTAIN = "see_uncertain"
    LABEL_UNCERTAIN = "label_uncertain"
    EXPORT_EXAMPLES = "export_examples"
    SEE_TRANSLATIONS = "see_translations"
    KEEP_ACCOUNTS = "keep_accounts"
    READ_AUDIT = "read_audit"


_COUNSELLING = {Role.COUNSELLOR, Role.COORDINATOR}
_LEARNING = {Role.COUNSELLOR, Role.COORDINATOR, Role.TRANSLATOR}

TABLE: dict[Act, frozenset[Role]] = {
    Act.KEEP_OWN_ACCOUNT: frozenset(Role),
    Act.SEE_CONVERSATIONS: frozenset(_COUNSELLING),
    Act.ANSWER: frozenset(_COUNSELLING),
    # Giving away one's own conversation is part of ANSWER.
    Act.ASSIGN_OTHERS: frozenset({Role.COORDINATOR}),
    Act.SEE_CONTACT: frozenset(_COUNSELLING),
    Act.SEE_FIGURES: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Act.SEE_UNCERTAIN: frozenset(_LEARNING),
    Act.LABEL_UNCERTAIN: frozenset(_LEARNING),
    Act.EXPORT_EXAMPLES: frozenset({Role.COORDINATOR, Role.TRANSLATOR}),
    # The bot's own sentences, of no conversation: an administrator may see them.
    Act.SEE_TRANSLATIONS: frozenset({Role.COORDINATOR, Role.TRANSLATOR, Role.ADMINISTRATOR}),
    Act.KEEP_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    Act.READ_AUDIT: frozenset({Role.ADMINISTRATOR}),
}


def may(role: str, act: Act) -> bool:
    """Tell whether a role may do something; an unknown role may nothing."""
    return role in TABLE[act]
