"""The translators' view: every message as each channel shows it, and what to do first.

The one place of `bot.i18n` that knows channels: what a translator must see is the channels' own
rendering. Read by `impreuna locales` and by the desk; nothing that speaks to people imports it.
"""

from bot.i18n.preview.book import Book, LanguageView
from bot.i18n.preview.pages import Pages

__all__ = ["Book", "LanguageView", "Pages"]
