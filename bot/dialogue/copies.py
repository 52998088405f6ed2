"""Copies of a tracker without replaying its session; `patches.py` puts them in upstream's place."""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, Event, Restarted, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_upstream_for_form = FormAction._temporary_tracker


def copy_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker in the same state, independent of the first."""
    fresh = copy.copy(tracker)
    fresh.events = tracker._create_events(tracker.events)
    fresh.slots = {name: _twin(slot) for name, slot in tracker.slots.items()}
    fresh.active_loop = copy.copy(tracker.active_loop)
    fresh.model_id = fresh.assistant_id = None
    return fresh


def _twin(slot: Slot) -> Slot:
    """What `copy.copy` makes of a slot, without looking for a way to do it: there are many."""
    fresh = object.__new__(type(slot))
    fresh.__dict__.update(slot.__dict__)
    return fresh


def copy_for_form(
    form: FormAction, tracker: DialogueStateTracker, additional_events: list[Event], domain: Any
) -> DialogueStateTracker:
    """What a form's validation and its next question see: the form counts as run already."""
    if any(isinstance(event, Restarted) for event in tracker.events):
        # What was before the restart must not be seen.
        return _upstream_for_form(form, tracker, additional_events, domain)
    fresh = copy_tracker(tracker)
    fresh.update(SlotSet(REQUESTED_SLOT, form.get_slot_to_fill(tracker)))
    fresh.update(ActionExecuted(form.name()))
    for event in additional_events:
        fresh.update(event)
    return fresh
