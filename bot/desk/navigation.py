"""The desk's navigation: one line for each page that stands in the bar."""

from __future__ import annotations

from typing import NamedTuple

from bot.desk.roles import Act
from bot.i18n import Translator


class Entry(NamedTuple):
    """A link of the bar; whoever may not do `act` does not see it."""

    path: str
    text: str
    act: Act


def entries(words: Translator) -> list[Entry]:
    """List the pages in the bar's order; the first one that an account may see is its start."""
    return [
        Entry("/desk/cases", words.pgettext("desk", "Conversations"), Act.SEE_CONVERSATIONS),
        Entry("/desk/learning", words.pgettext("desk", "Learning"), Act.SEE_UNCERTAIN),
        Entry("/desk/staff", words.pgettext("desk", "Accounts"), Act.KEEP_ACCOUNTS),
        Entry("/desk/monitoring", words.pgettext("desk", "Figures"), Act.SEE_FIGURES),
        Entry("/desk/translations", words.pgettext("desk", "Translations"), Act.SEE_TRANSLATIONS),
        Entry("/desk/connections", words.pgettext("desk", "Other systems"), Act.KEEP_ACCOUNTS),
        Entry("/desk/audit", words.pgettext("desk", "Audit log"), Act.READ_AUDIT),
    ]
