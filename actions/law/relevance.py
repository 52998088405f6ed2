"""Which facts that are not known could still change the finding.

A fact matters if there is one completion of everything else in which two of its values lead to
different results. Completions of made-up families are tried first: one of them nearly always fits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any

from actions.law.conditions import DONT_KNOW
from actions.law.derive import nothing_told, settle
from actions.law.schema import ASKING_ORDER, SCHEMA
from actions.law.state import evaluate
from actions.law.unknown import Resolved, resolve

_ORDER = {path: index for index, path in enumerate(ASKING_ORDER)}
KEPT = 24
# Situations that a search may look at: without doubts none has needed nearly as many.
WITHOUT_DOUBT = 100_000
IN_DOUBT = 12
# Made-up families that are tried where a fact is in doubt: each costs all its values.
TRIED_IN_DOUBT = 6
CONTEXT = {
    "months_since_application": "application",
    "visa_refused": "application",
    "sponsor.refusal_days": "sponsor.status",
    "person.place": "",
    "person.in_origin_at_asylum_application": "",
    "person.relation": "",
}


class _Effort:
    """How many more situations a search may look at."""

    def __init__(self, situations: int) -> None:
        self._left = situations

    def spend(self) -> None:
        """Count one situation; raises _Exhausted when none is left."""
        self._left -= 1
        if self._left < 0:
            raise _Exhausted


class _Exhausted(Exception):
    """The search looked at as much as it may."""


def matters(path: str, facts: Mapping[str, Any]) -> bool:
    """Whether some completion of these facts differs by this one, which is absent from them.

    Where facts are in doubt (`dont_know`), an exact answer may need a search without end. After
    a bounded one they count as not told: rather one question too many than a minute's silence.
    """
    if path not in evaluate(facts).open:
        return False
    doubtful = sum(value == DONT_KNOW for value in facts.values())
    if doubtful > 1:
        return _matters_without_doubts(path, facts)
    tried = islice(_bank(path), TRIED_IN_DOUBT if doubtful else KEPT)
    if any(_differs(path, {**made_up, **facts}) for made_up in tuple(tried)):
        return True
    try:
        completion = _search(path, dict(facts), _Effort(IN_DOUBT if doubtful else WITHOUT_DOUBT))
    except _Exhausted:
        return not doubtful or _matters_without_doubts(path, facts)
    if completion is not None:
        _remember(path, completion, facts)
    return completion is not None


def _matters_without_doubts(path: str, facts: Mapping[str, Any]) -> bool:
    """Whether it would matter if the facts in doubt had not been asked yet."""
    if facts.get(context_of(path)) == DONT_KNOW:
        return False
    return matters(path, {name: value for name, value in facts.items() if value != DONT_KNOW})


def context_of(path: str) -> str:
    """The fact without which a question makes no sense: no marriage of an unknown relation."""
    if path in CONTEXT:
        return CONTEXT[path]
    return "person.relation" if path.startswith("person.") else "sponsor.age"


@cache
def _seed(path: str) -> dict[str, Any]:
    """A made-up family in which the fact matters."""
    return _search(path, nothing_told(), _Effort(WITHOUT_DOUBT)) or {}


@cache
def _bank(path: str) -> deque[dict[str, Any]]:
    return deque([_seed(path)], maxlen=KEPT)


def _remember(path: str, completion: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """Keep what was made up in a completion, never what a person told."""
    made_up = {name: value for name, value in completion.items() if name not in facts}
    _bank(path).appendleft({**_seed(path), **made_up})


def _differs(path: str, facts: dict[str, Any]) -> bool:
    decided = {r.result for r in _results(path, facts) if not r.open}
    return len(decided) > 1


def _results(path: str, facts: dict[str, Any]) -> list[Resolved]:
    rest = {name: value for name, value in facts.items() if name != path}
    return [resolve(settle({**rest, path: value})) for value in SCHEMA[path].classes]


def _search(path: str, facts: dict[str, Any], effort: _Effort) -> dict[str, Any] | None:
    effort.spend()
    if path not in evaluate(facts).open or not resolve(facts).open:
        return None  # all is decided without it: no completion below can differ
    results = _results(path, facts)
    if len({r.result for r in results if not r.open}) > 1:
        return facts
    branch = _next_open(facts, results, path)
    if branch is None:
        return None
    for value in SCHEMA[branch].classes:
        found = _search(path, settle({**facts, branch: value}), effort)
        if found is not None:
            return found
    return None


def _next_open(facts: Mapping[str, Any], results: list[Resolved], but: str = "") -> str | None:
    """The first open fact in the order of asking, to try its values."""
    live = {name for r in results for name in r.open if name not in facts and name != but}
    return min((name for name in live if name in _ORDER), key=_ORDER.__getitem__, default=None)
