"""What to do first in a language: by the group's harm, then by what a reader suffers most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.i18n.coverage import Standing, groups
from bot.i18n.preview.messages import MessageView

TRANSLATE, READ_AGAIN, SHORTEN, MEND, READ = "translate", "read_again", "shorten", "mend", "read"
_KINDS: tuple[tuple[str, Callable[[MessageView], bool]], ...] = (
    (TRANSLATE, lambda message: message.has(Standing.MISSING)),
    (READ_AGAIN, lambda message: message.has(Standing.CHANGED)),
    (SHORTEN, lambda message: bool(message.faults)),
    (MEND, lambda message: bool(message.complaints)),
    (READ, lambda message: message.has(Standing.MACHINE)),
)


@dataclass(frozen=True)
class Task:
    """One thing to do with some messages of one group."""

    group: str
    kind: str
    messages: tuple[MessageView, ...]


def tasks(messages: Sequence[MessageView]) -> Iterator[Task]:
    """Give what there is to do, the most harmful first."""
    for group in groups():
        own = [message for message in messages if message.group == group]
        for kind, concerns in _KINDS:
            found = tuple(filter(concerns, own))
            if found:
                yield Task(group, kind, found)
