"""Words for danger, a human, deleting, languages, the menu, keeping: pure, in every language.

The understanding pipeline and the gateway both use it, so it holds with Rasa down, inside any
form, and while a counsellor has the conversation. It imports nothing of ours and no Rasa.
"""

from bot.safety.letters import Folded, fold, fold_text, words
from bot.safety.lookups import Lookup, read_lookups
from bot.safety.spotter import Kind, Safety, Signal, default_safety, spot, wants_language
from bot.safety.tongues import language_names

__all__ = [
    "Folded",
    "Kind",
    "Lookup",
    "Safety",
    "Signal",
    "default_safety",
    "fold",
    "fold_text",
    "language_names",
    "read_lookups",
    "spot",
    "wants_language",
    "words",
]
