"""The desk's ear: whom it wakes, and for how long somebody counts as present."""

from __future__ import annotations

from uuid import UUID

from bot.desk.watch import GONE, PRESENCE, READING, WRITES_FOR, WRITING, Watch


def test_who_stops_telling_is_gone_and_nonsense_is_not_heard() -> None:
    now = [100.0]
    watch = Watch("unused", clock=lambda: now[0])
    ana = UUID(int=1)
    ear, everybody = watch.open(UUID(int=2), 7), watch.open(UUID(int=2))
    watch._hear(PRESENCE, f"7 {ana} {READING}")
    assert watch.present(7) == [(ana, READING)]
    assert watch.present(8) == []
    assert not ear.take_news()
    watch._hear(PRESENCE, f"7 {ana} {WRITING}")
    watch._hear(PRESENCE, f"7 {ana} {READING}")
    assert watch.present(7) == [(ana, WRITING)], "reading does not undo writing"
    now[0] += WRITES_FOR + 1
    assert watch.present(7) == []
    watch._hear(PRESENCE, f"7 {ana} {READING}")
    watch._hear(PRESENCE, f"7 {ana} {GONE}")
    assert watch.present(7) == []
    watch._hear("desk", "7 claim")
    assert ear.take_news() and everybody.take_news()
    watch._hear("desk", "8 claim")
    assert not ear.take_news() and everybody.take_news()
    watch._hear("desk", "nonsense")
    watch._hear(PRESENCE, "7 nobody reading")
    assert not everybody.take_news()
