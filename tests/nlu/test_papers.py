from __future__ import annotations

from pathlib import Path

from bot.nlu.evaluate import papers


def test_only_languages_that_were_taught_are_examined(tmp_path: Path) -> None:
    for name in ("so", "en"):
        (tmp_path / f"{name}.jsonl").write_text("")
    (tmp_path / "nlu" / "en").mkdir(parents=True)
    assert [path.stem for path in papers(tmp_path, tmp_path / "nlu")] == ["en"]
