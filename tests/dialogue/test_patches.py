"""Every patch replaces what it was written for, and does the same where it should."""

from __future__ import annotations

import pytest
from rasa.core.actions.forms import FormAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.dialogue.copies import _upstream_for_form, copy_for_form, copy_tracker
from bot.dialogue.patches import PATCHES, Patch, _resolve_by_type, fingerprint


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_upstream_is_still_what_the_patch_was_written_for(patch: Patch) -> None:
    assert patch.upstream_fingerprint() == patch.fingerprint
    assert len(patch.reason) > 40


def test_a_fingerprint_differs_where_the_source_differs() -> None:
    owner = "DialogueStateTracker"
    module = "rasa.shared.core.trackers"
    assert fingerprint(module, owner, "copy") != fingerprint(module, owner, "update")


def test_events_are_found_by_name_as_upstream_finds_them() -> None:
    for name in ("user", "bot", "slot", "action", "active_loop", "session_started", "restart"):
        found = _resolve_by_type(name)
        assert issubclass(found, Event)
        assert found.type_name == name
    assert _resolve_by_type("topic") is None
    with pytest.raises(ValueError, match="nonsense"):
        _resolve_by_type("nonsense")


def told_in_a_form() -> DialogueStateTracker:
    tracker = DialogueStateTracker(
        "c", [TextSlot("status", mappings=[]), TextSlot("requested_slot", mappings=[])]
    )
    tracker.model_id = "m"
    for event in (
        ActionExecuted("action_listen"),
        UserUttered("x", {"name": "inform", "confidence": 1.0}),
        ActionExecuted("some_form"),
        ActiveLoop("some_form"),
        SlotSet("requested_slot", "status"),
        SlotSet("status", "refugee"),
        ActionExecutionRejected("some_form"),
        BotUttered("hello"),
    ):
        tracker.update(event)
    return tracker


def test_a_copied_tracker_is_the_replayed_one_and_independent() -> None:
    tracker = told_in_a_form()
    copied, replayed = copy_tracker(tracker), tracker.travel_back_in_time(float("inf"))
    assert copied.current_state(EventVerbosity.ALL) == replayed.current_state(EventVerbosity.ALL)
    assert copied.model_id is replayed.model_id is None
    copied.update(SlotSet("status", "other"))
    copied.update(ActiveLoop(None))
    assert tracker.get_slot("status") == "refugee"
    assert tracker.active_loop_name == "some_form"
    assert len(tracker.events) == 8


@pytest.mark.parametrize("restarted", [False, True])
def test_a_form_sees_the_tracker_that_upstream_replays_for_it(
    restarted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = told_in_a_form()
    if restarted:
        tracker.update(Restarted())
        tracker.update(ActiveLoop("some_form"))
    monkeypatch.setattr("time.time", lambda: 5.0)  # the moment of what both add
    form, domain = FormAction("some_form", None), Domain.empty()
    domain.slots = list(tracker.slots.values())
    added = [SlotSet("status", "other"), BotUttered("which?")]
    ours = copy_for_form(form, tracker, added, domain)
    theirs = _upstream_for_form(form, tracker, added, domain)
    assert ours.current_state(EventVerbosity.ALL) == theirs.current_state(EventVerbosity.ALL)
    assert ours.get_slot("status") == "other"
    assert tracker.get_slot("status") == (None if restarted else "refugee")


def test_no_action_is_sent_the_domain_without_asking_for_it() -> None:
    collect = next(patch for patch in PATCHES if "need_domain" in patch.name).replacement.__func__
    asking = {"action_b": {"send_domain": True}, "action_c": {"send_domain": False}}
    assert collect(["action_a", "validate_some_form", asking]) == ["action_b"]
