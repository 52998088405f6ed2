"""The one module that patches Rasa: what is replaced, why, and how to notice that it changed.

`apply()` is called once, by our server, before a model is loaded. `tests/dialogue` compares each
fingerprint with the installed Rasa: when one differs, read upstream's new source, adapt the
replacement, then write down the new fingerprint.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.actions.action import ActionExecutionRejection, ActionExtractSlots, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecutionRejected,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.action_result import check_result
from bot.dialogue.copies import copy_for_form, copy_tracker

_original_resolve = Event.resolve_by_type
_original_metadata = ModelMetadata.from_dict.__func__


@dataclass(frozen=True)
class Patch:
    """A function of Rasa's that is replaced.

    Args:
        owner: The class it belongs to.
        name: Its name there.
        replacement: What takes its place.
        reason: Why.
        fingerprint: The beginning of the SHA-256 of upstream's source.
    """

    owner: type
    name: str
    replacement: Any
    reason: str
    fingerprint: str

    def apply(self) -> None:
        """Replace the function."""
        setattr(self.owner, self.name, self.replacement)

    def upstream_fingerprint(self) -> str:
        """The fingerprint of what is installed, read from the file, patched or not."""
        return fingerprint(self.owner.__module__, self.owner.__qualname__, self.name)


def fingerprint(module: str, owner: str, name: str) -> str:
    """The beginning of the SHA-256 of a method's source in its file."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    source = Path(spec.origin).read_text(encoding="utf-8")
    body = next(n for n in ast.parse(source).body if getattr(n, "name", None) == owner).body  # type: ignore[attr-defined]
    method = next(node for node in body if getattr(node, "name", None) == name)
    segment = ast.get_source_segment(source, method) or ""
    return hashlib.sha256(segment.encode()).hexdigest()[:16]


async def _run_action(
    self: MessageProcessor,
    action: Any,
    tracker: Any,
    output_channel: Any,
    nlg: Any,
    prediction: Any,
) -> bool:
    try:
        temporary_tracker = tracker.copy()
        temporary_tracker.update_with_events(prediction.events, self.domain)
        events = await action.run(output_channel, nlg, temporary_tracker, self.domain)
    except ActionExecutionRejection:
        tracker.update(
            ActionExecutionRejected(
                action.name(), prediction.policy_name, prediction.max_confidence
            )
        )
        return bool(self.should_predict_another_action(action.name()))
    self._log_action_on_tracker(tracker, action, events, prediction)
    if any(isinstance(event, UserUttered) for event in events or ()):
        tracker = await self.run_action_extract_slots(output_channel, tracker)
    await self.execute_side_effects(events or [], tracker, output_channel)
    return bool(self.should_predict_another_action(action.name()))


async def _run_custom_action(
    self: ActionExtractSlots,
    custom_action: str,
    output_channel: Any,
    nlg: Any,
    tracker: Any,
    domain: Any,
) -> list[Event]:
    remote_action = RemoteAction(custom_action, self._action_endpoint)
    try:
        events = await remote_action.run(output_channel, nlg, tracker, domain)
    except ActionExecutionRejection:
        return []
    return [event for event in events if isinstance(event, (SlotSet, BotUttered))]


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    check_result(result)
    return True


def _collect_actions_which_explicitly_need_domain(actions: list[Any]) -> list[str]:
    return [
        name
        for action in actions
        if isinstance(action, dict)
        for name, settings in action.items()
        if settings.get("send_domain", False)
    ]


def _resolve_by_type(type_name: str, default: Any = None) -> Any:
    found = _event_classes().get(type_name)
    return found if found is not None else _original_resolve(type_name, default)


@lru_cache(maxsize=1)
def _event_classes() -> dict[str, type]:
    classes: dict[str, type] = {}
    for event_class in all_subclasses(Event):
        classes.setdefault(event_class.type_name, event_class)
    return classes


def _create_tracker_store(store: Any, domain: Any) -> Any:
    store.domain = domain
    return store


def _session(self: EndpointConfig) -> Any:
    return _kept_open(self)


@asynccontextmanager
async def _kept_open(endpoint: Any) -> Any:
    session = endpoint.__dict__.get("_impreuna_session")
    if session is None or session.closed:
        # Shorter than the action server keeps a connection: it must not close one in our hands.
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=3), headers=endpoint.headers
        )
        endpoint._impreuna_session = session
    yield session


def _run_graph(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: Any = None
) -> dict[str, Any]:
    wanted = tuple(targets or self._graph_schema.target_names)
    nodes, results = self._graph_schema.nodes, {n: (n, v) for n, v in (inputs or {}).items()}
    try:
        for name in _running_order(self, wanted):
            needs = [results.get(need, need) for need in nodes[name].needs.values()]
            results[name] = self._instantiated_nodes[name](*needs)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: results[name][1] for name in wanted}


def _running_order(runner: Any, targets: tuple[str, ...]) -> list[str]:
    orders: dict[tuple[str, ...], list[str]] = runner.__dict__.setdefault("_impreuna_orders", {})
    if targets not in orders:
        order: list[str] = []
        for target in targets:
            _place(target, runner._graph_schema.nodes, order)
        orders[targets] = order
    return orders[targets]


def _place(name: str, nodes: dict[str, Any], order: list[str]) -> None:
    if name in nodes and name not in order:
        for need in nodes[name].needs.values():
            _place(need, nodes, order)
        order.append(name)


def _metadata_from_dict(cls: type, serialized: dict[str, Any]) -> Any:
    return _original_metadata(cls, {**serialized, "train_schema": {"nodes": {}}})


PATCHES: tuple[Patch, ...] = (
    Patch(
        MessageProcessor,
        "_run_action",
        _run_action,
        "Upstream logs any failure of an action and goes on: the turn would be saved without its"
        " answer, and the repeated message be answered with silence for ever. Here everything but"
        " a rejection aborts the turn before it is saved.",
        "787be209d2dd5571",
    ),
    Patch(
        ActionExtractSlots,
        "_run_custom_action",
        _run_custom_action,
        "Upstream swallows failures of slot actions too: facts would be lost unseen.",
        "078d2771589cb222",
    ),
    Patch(
        RemoteAction,
        "_validate_action_result",
        _validate_action_result,
        "Upstream checks the schema itself anew on every call: 23 of an action turn's 29 ms.",
        "24da0f6bdeb2d44f",
    ),
    Patch(
        Domain,
        "_collect_actions_which_explicitly_need_domain",
        staticmethod(_collect_actions_which_explicitly_need_domain),
        "Upstream sends the whole domain, 100 kB here, with every call of an action whose name"
        " begins with `validate_`, asked for or not.",
        "bb550223c4878f58",
    ),
    Patch(
        Event,
        "resolve_by_type",
        staticmethod(_resolve_by_type),
        "Upstream walks all subclasses of Event for every stored event.",
        "ffabe9999fc8f7f3",
    ),
    Patch(
        Agent,
        "_create_tracker_store",
        staticmethod(_create_tracker_store),
        "Upstream wraps every store so that a database error becomes an empty conversation.",
        "44b81a5829031ff2",
    ),
    Patch(
        EndpointConfig,
        "session",
        _session,
        "Upstream opens a connection for every call of an action.",
        "f6136492eac7ede3",
    ),
    Patch(
        DaskGraphRunner,
        "run",
        _run_graph,
        "Upstream plans the graph anew for every prediction and writes its inputs into a log line"
        " that nobody reads.",
        "ce0438b9b8e79330",
    ),
    Patch(
        DialogueStateTracker,
        "copy",
        copy_tracker,
        "Upstream replays the whole session for every action, to reach the state that it has.",
        "ee85e538659b5a76",
    ),
    Patch(
        FormAction,
        "_temporary_tracker",
        copy_for_form,
        "Upstream replays the whole session twice for every answer in a form.",
        "01ff5ba740924b1c",
    ),
    Patch(
        ModelMetadata,
        "from_dict",
        classmethod(_metadata_from_dict),
        "Upstream loads the classes of the training graph too, all components there are, and with"
        " them TensorFlow.",
        "503a1d15d6b3d371",
    ),
)


def apply() -> None:
    """Replace all of them; doing it twice changes nothing."""
    for patch in PATCHES:
        patch.apply()
