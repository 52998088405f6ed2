"""What a reading holds while it goes through a message: of whom it speaks, what it stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.interview.answers import allowed
from actions.interview.mentions import Mentions
from actions.interview.questions import Question
from actions.interview.situation import DONT_KNOW, Member, Situation, members_of
from actions.interview.writer import SPONSOR

MARRIED_RELATIONS = {"spouse", "fiance", "partner"}
CHILD_RELATIONS = {"child", "stepchild", "adopted_child", "raised_child"}


class Notes:
    """One message, the situation it is read into, and the question that waits.

    Attributes:
        understood: The message held at least one fact.
        answered: The pending question got its answer.
        unknown: The message says that the answer is not known.
        unclear: Members among whom the message did not say which, and the age it told of one.
    """

    def __init__(
        self,
        situation: Situation,
        question: Question | None,
        entities: Iterable[Mapping[str, Any]],
        today: str,
    ) -> None:
        self.situation = situation
        self.question = question
        self.today = today
        self.understood = False
        self.answered = False
        self.unclear: tuple[list[Member], int] | None = None
        self._mentions = Mentions(entities)
        self.unknown = DONT_KNOW in self._mentions.values("answer")
        self._focus: list[Member] = []
        self._fitting: list[Member] = []
        self._unplaced: list[Member] = []
        self._of_self = self._of_helped = False

    def _asked(self, path: str) -> list[Member]:
        """The members of whom the pending question asks that path."""
        if self.question is None or path not in self.question.paths:
            return []
        return members_of(self.situation, self.question.members)

    def _pending(self, path: str) -> bool:
        return self.question is not None and path in self.question.paths

    def _store(self, path: str, value: Any, member: Member | None = None) -> None:
        if not allowed(path, value, self.today):
            return
        if path == "asker" and value != SPONSOR:
            # Told before it was known who writes: it was not the sponsor's.
            self.situation.shared.pop("sponsor.age", None)
        self.situation.set(path, value, member, self.today)
        self.understood = True
        asked = self.question
        if asked and path in asked.paths and (member is None or member.key in asked.members):
            self.answered = True


def is_child(member: Member) -> bool:
    """Whether the member is a child of the sponsor, of whatever kind."""
    return member.facts.get("relation") in CHILD_RELATIONS
