"""Which facts that are not known could still change the finding.

A fact matters if there is one completion of everything else in which two of its values lead to
different results. Such a completion, once found, is remembered: it answers most later calls.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from actions.law.derive import settle
from actions.law.schema import ASKING_ORDER, SCHEMA
from actions.law.state import evaluate
from actions.law.unknown import Resolved, resolve

Assignment = Mapping[str, Any]
KEPT = 24
_ORDER = {path: index for index, path in enumerate(ASKING_ORDER)}
_seen: dict[str, deque[dict[str, Any]]] = {path: deque(maxlen=KEPT) for path in ASKING_ORDER}


def matters(path: str, facts: Assignment) -> bool:
    """Whether some completion of these facts differs by this one, which is absent from them."""
    for completion in _seen[path]:
        if _differs(path, {**completion, **facts}) is True:
            return True
    found = _search(path, dict(facts))
    if found is not None:
        _seen[path].appendleft(found)
    return found is not None


def _differs(path: str, facts: dict[str, Any]) -> bool | None:
    """True if the values of the fact lead to decided, different results; None if open."""
    results = _results(path, facts)
    decided = {r.result for r in results if not r.open}
    if len(decided) > 1:
        return True
    return False if all(not r.open for r in results) else None


def _results(path: str, facts: dict[str, Any]) -> list[Resolved]:
    rest = {name: value for name, value in facts.items() if name != path}
    return [resolve(settle({**rest, path: value})) for value in SCHEMA[path].classes]


def _search(path: str, facts: dict[str, Any]) -> dict[str, Any] | None:
    if path not in evaluate(facts).open:
        return None  # every condition on it is decided: no completion below can differ
    results = _results(path, facts)
    if len({r.result for r in results if not r.open}) > 1:
        return facts
    live = {name for r in results for name in r.open} - set(facts) - {path}
    live = {name for name in live if name in _ORDER}
    if not live:
        return None
    branch = min(live, key=_ORDER.__getitem__)
    for value in SCHEMA[branch].classes:
        found = _search(path, settle({**facts, branch: value}))
        if found is not None:
            return found
    return None
