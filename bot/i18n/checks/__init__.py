"""The checks on translations: one small class each, with messages for a translator to read."""

from bot.i18n.checks.catalog import Problem, check_all

__all__ = ["Problem", "check_all"]
