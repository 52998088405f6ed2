"""Where a handoff stands and what may happen to it: one table, pure.

`STEPS` holds every pair of state and event: the next state and what the person is told, or why
it is refused. The store changes rows by it, the gateway says the words; nobody else decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Union
from uuid import UUID

from bot.errors import InboundRejected


class State(str, Enum):
    """Who has the conversation.

    In `BOT` and `CLOSED` no handoff is open; `WAITING` is the queue, and the bot goes on
    answering; in `WITH_AGENT` a counsellor answers and the bot does not.
    """

    BOT = "bot"
    WAITING = "waiting"
    WITH_AGENT = "with_agent"
    CLOSED = "closed"


class Event(str, Enum):
    """What happens to a handoff; the values stand in `handoff_event`."""

    REQUEST = "request"  # the dialogue or the gateway asks for a person
    CLAIM = "claim"  # a counsellor takes it
    ASSIGN = "assign"  # it is given to a counsellor
    TRANSFER = "transfer"  # from one counsellor to another
    RELEASE = "release"  # given back to the queue, or the counsellor is gone
    RETURN_TO_BOT = "return_to_bot"  # by the counsellor: nothing more for a person to do
    PERSON_RETURNS = "person_returns"  # by a word of the person; staff still see it
    RESOLVE = "resolve"  # done, with an outcome
    REOPEN = "reopen"
    ESCALATE = "escalate"  # nobody answered in time
    ERASE = "erase"  # everything of the person is deleted


@dataclass(frozen=True)
class Step:
    """What an event leads to; `tells` names the response that the person gets, if any."""

    state: State
    tells: str | None = None


@dataclass(frozen=True)
class Refusal:
    """Why an event cannot be; the code is for the desk, which has the words."""

    reason: str


class Refused(InboundRejected):
    """The handoff is not in the state for that, or belongs to somebody else.

    Attributes:
        reason: `not_open`, `not_taken`, `already_taken`, `already_open`, `not_yours`,
            `same_agent`, `unknown_agent`, `unknown_handoff`, or what a reply lacks.
        agent: The first name of who has it, if anybody has.
    """

    code = "handoff_refused"
    status = 409

    def __init__(self, reason: str, agent: str | None = None) -> None:
        super().__init__(f"This is not possible now: {reason}.", reason=reason)
        self.agent = agent


JOINED = "utter_handoff_joined"
LEFT = "utter_handoff_left"
BACK_WITH_BOT = "utter_handoff_back_with_bot"
PERSON_BACK = "utter_handoff_person_back"
CLOSED = "utter_handoff_closed"
REOPENED = "utter_handoff_reopened"
STILL_WAITING = "utter_handoff_still_waiting"

NOT_OPEN = Refusal("not_open")
NOT_TAKEN = Refusal("not_taken")
ALREADY_TAKEN = Refusal("already_taken")
ALREADY_OPEN = Refusal("already_open")

_NOTHING_OPEN: Mapping[Event, Step | Refusal] = {
    # The dialogue itself tells that the request was noted, with numbers to call.
    Event.REQUEST: Step(State.WAITING),
    Event.CLAIM: NOT_OPEN,
    Event.ASSIGN: NOT_OPEN,
    Event.TRANSFER: NOT_OPEN,
    Event.RELEASE: NOT_OPEN,
    Event.RETURN_TO_BOT: NOT_OPEN,
    Event.PERSON_RETURNS: NOT_OPEN,
    Event.RESOLVE: NOT_OPEN,
    Event.REOPEN: Step(State.WAITING, REOPENED),
    Event.ESCALATE: NOT_OPEN,
    # The receipt of the erasure tells it.
    Event.ERASE: Step(State.BOT),
}
_BY_STATE: Mapping[State, Mapping[Event, Step | Refusal]] = {
    State.BOT: _NOTHING_OPEN,
    State.WAITING: {
        Event.REQUEST: Step(State.WAITING),
        Event.CLAIM: Step(State.WITH_AGENT, JOINED),
        Event.ASSIGN: Step(State.WITH_AGENT, JOINED),
        Event.TRANSFER: NOT_TAKEN,
        Event.RELEASE: NOT_TAKEN,
        Event.RETURN_TO_BOT: NOT_TAKEN,
        Event.PERSON_RETURNS: NOT_TAKEN,
        Event.RESOLVE: Step(State.CLOSED, CLOSED),
        Event.REOPEN: ALREADY_OPEN,
        Event.ESCALATE: Step(State.WAITING, STILL_WAITING),
        Event.ERASE: Step(State.BOT),
    },
    State.WITH_AGENT: {
        Event.REQUEST: Step(State.WITH_AGENT),
        Event.CLAIM: ALREADY_TAKEN,
        Event.ASSIGN: ALREADY_TAKEN,
        Event.TRANSFER: Step(State.WITH_AGENT, JOINED),
        Event.RELEASE: Step(State.WAITING, LEFT),
        Event.RETURN_TO_BOT: Step(State.BOT, BACK_WITH_BOT),
        # Words for the menu are easily written by chance ("help me"): the bot answers again,
        # and the case stays in the queue until a counsellor closes it.
        Event.PERSON_RETURNS: Step(State.WAITING, PERSON_BACK),
        Event.RESOLVE: Step(State.CLOSED, CLOSED),
        Event.REOPEN: ALREADY_OPEN,
        Event.ESCALATE: Step(State.WITH_AGENT, STILL_WAITING),
        Event.ERASE: Step(State.BOT),
    },
    State.CLOSED: _NOTHING_OPEN,
}
STEPS: Mapping[tuple[State, Event], Union[Step, Refusal]] = {  # noqa: UP007 (run time on 3.10)
    (state, event): outcome
    for state, outcomes in _BY_STATE.items()
    for event, outcome in outcomes.items()
}


@dataclass(frozen=True)
class Standing:
    """Where one conversation stands, as read under its lock.

    Attributes:
        handoff: The open handoff, else the last one, if there ever was one.
        agent: Who has it; `agent_name` is the first name.
        reasons: Why a person was asked for, every time.
        last_outbound: The seq of the last message that went out; 0 if none did.
    """

    state: State = State.BOT
    handoff: int | None = None
    reference: str | None = None
    priority: str | None = None
    agent: UUID | None = None
    agent_name: str | None = None
    reasons: tuple[str, ...] = ()
    last_outbound: int = 0

    @property
    def with_agent(self) -> bool:
        """Tell whether a counsellor answers, and the bot does not."""
        return self.state is State.WITH_AGENT

    @property
    def is_open(self) -> bool:
        """Tell whether a handoff is open."""
        return self.state in (State.WAITING, State.WITH_AGENT)

    def step(self, event: Event) -> Step:
        """Give what an event leads to from here.

        Raises:
            Refused: If it cannot be.
        """
        outcome = STEPS[self.state, event]
        if isinstance(outcome, Refusal):
            raise Refused(outcome.reason, self.agent_name)
        return outcome

    def require_agent(self, agent: UUID) -> None:
        """Make sure that a counsellor has the conversation.

        Raises:
            Refused: If nobody has it, or somebody else.
        """
        if not self.with_agent:
            raise Refused("not_taken" if self.is_open else "not_open")
        if self.agent != agent:
            raise Refused("not_yours", self.agent_name)
