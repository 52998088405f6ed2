"""`make eval`: how well held-out messages are understood, by language; exit 1 below the goals.

Writes the report and a picture of the confusions for each language to `results/`.

The held-out messages are never trained on, so their texts are never printed either: a miss is
named by the line of its file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.confusion import draw
from bot.nlu.decision import CLEAR_WORDS, spoken_words
from bot.nlu.ranking import WATCHED
from bot.nlu.understanding import Parsed, Understanding, newest_model
from bot.safety import words

HELD_OUT = Path("tests/heldout")
RESULTS = Path("results")
EXAMPLES = Path("data/nlu")
CLEAN_GOAL, NOISY_GOAL = 0.92, 0.82
# How far a language may be below the one in which the product was written first.
FIRST_LANGUAGE, FARTHEST = "en", 0.08
LANGUAGE_GOAL = 0.97
RECALL_GOAL, FALSE_ALARM_GOAL = 0.99, 0.03
# Of those that are watched, whose false alarms count.
GUARDED = WATCHED[:2]


@dataclass(frozen=True)
class Row:
    """One held-out message and what was understood."""

    language: str
    line: int
    text: str
    intent: str
    noisy: bool
    near_miss: bool
    parsed: Parsed

    @property
    def right(self) -> bool:
        """Whether the intent is the one that people gave it."""
        return self.parsed["intent"] == self.intent


@dataclass(frozen=True)
class Share:
    """So many out of so many."""

    count: int
    total: int

    @classmethod
    def of(cls, rows: Iterable[Row], test: Callable[[Row], bool]) -> Share:
        """How many rows pass a test."""
        results = [test(row) for row in rows]
        return cls(sum(results), len(results))

    @property
    def value(self) -> float:
        """As a fraction; of nothing, all is well."""
        return self.count / self.total if self.total else 1.0

    def __str__(self) -> str:
        return f"{self.value:7.2%} ({self.count}/{self.total})"


def main(argv: Sequence[str] | None = None) -> int:
    """Evaluate the newest model, print the report, write it to `results/`.

    Returns:
        0 when all goals are met, 1 when one is missed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a model's archive (default: the newest)")
    parser.add_argument("--data", type=Path, default=HELD_OUT)
    parser.add_argument("--examples", type=Path, default=EXAMPLES, help="what was trained on")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(argv)
    model = Understanding.load(options.model or newest_model())
    rows = [row for path in papers(options.data, options.examples) for row in _parse(model, path)]
    written = len(rows)
    rows = unseen(rows, options.examples)
    report = [f"{written - len(rows)} of {written} messages are training examples too: left out"]
    report += [*_languages(rows), *_pooled(rows), *_alone(rows), *_intents(rows), *_misses(rows)]
    missed = goals_missed(rows)
    report += [f"GOAL MISSED: {goal}" for goal in missed] or ["all goals met"]
    _write(options.out, report, rows)
    print("\n".join(report))
    return 1 if missed else 0


def papers(data: Path, examples: Path) -> list[Path]:
    """The held-out files of the languages that were taught: a paper is written before that."""
    return [path for path in sorted(data.glob("*.jsonl")) if (examples / path.stem).is_dir()]


def unseen(rows: Iterable[Row], examples: Path) -> list[Row]:
    """The rows that no training example equals: short ones ("hello") are everybody's."""
    seen = {
        tuple(words(line.strip().removeprefix("- ")))
        for file in sorted(examples.glob("*/*.yml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("    - ")
    }
    return [row for row in rows if tuple(words(row.text)) not in seen]


def goals_missed(rows: Sequence[Row]) -> list[str]:
    """Which goals the rows miss, in words."""
    missed = []
    languages = _by_language(rows)
    first = Share.of(languages.get(FIRST_LANGUAGE, rows), _is_right)
    for language, some in languages.items():
        for name, share, goal in (
            ("clean", Share.of(_of_noise(some, False), _is_right), CLEAN_GOAL),
            ("noisy", Share.of(_of_noise(some, True), _is_right), NOISY_GOAL),
            (f"beside {FIRST_LANGUAGE}", Share.of(some, _is_right), first.value - FARTHEST),
            ("language", language_known(some), LANGUAGE_GOAL),
        ):
            if share.value < goal:
                missed.append(f"{language} {name}: {share} below {goal:.0%}")
    for intent in WATCHED:
        if recall(rows, intent).value < RECALL_GOAL:
            missed.append(f"{intent}: recall {recall(rows, intent)} below {RECALL_GOAL:.0%}")
    for intent in GUARDED:
        if false_alarms(rows, intent).value > FALSE_ALARM_GOAL:
            alarms = false_alarms(rows, intent)
            missed.append(f"{intent}: false alarms {alarms} above {FALSE_ALARM_GOAL:.0%}")
    return missed


def _is_right(row: Row) -> bool:
    return row.right


def recall(rows: Iterable[Row], intent: str) -> Share:
    """How many messages of an intent were understood as such."""
    return Share.of((row for row in rows if row.intent == intent), lambda row: row.right)


def false_alarms(rows: Iterable[Row], intent: str) -> Share:
    """How many near misses (messages that only look like it) were taken for an intent."""
    near = (row for row in rows if row.near_miss and row.intent != intent)
    return Share.of(near, lambda row: row.parsed["intent"] == intent)


def language_known(rows: Iterable[Row]) -> Share:
    """How many messages long enough to tell got their language."""
    long = (row for row in rows if spoken_words(row.text) >= CLEAR_WORDS)
    return Share.of(long, lambda row: row.parsed["language"] == row.language)


def _parse(model: Understanding, path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8").splitlines()
    given = [(number, json.loads(line)) for number, line in enumerate(lines, 1) if line.strip()]
    results = model.parse([content["text"] for _, content in given])
    return [
        Row(
            language=path.stem,
            line=number,
            text=content["text"],
            intent=content["intent"],
            noisy=content.get("noise") == "noisy",
            near_miss=bool(content.get("near_miss")),
            parsed=parsed,
        )
        for (number, content), parsed in zip(given, results, strict=True)
    ]


def _by_language(rows: Sequence[Row]) -> dict[str, list[Row]]:
    codes = sorted({row.language for row in rows})
    return {code: [row for row in rows if row.language == code] for code in codes}


def _of_noise(rows: Iterable[Row], noisy: bool) -> list[Row]:
    return [row for row in rows if row.noisy == noisy]


def _languages(rows: Sequence[Row]) -> list[str]:
    lines = []
    for code, some in _by_language(rows).items():
        clean = Share.of(_of_noise(some, False), _is_right)
        noisy = Share.of(_of_noise(some, True), _is_right)
        lines.append(f"{code}  clean {clean}  noisy {noisy}  language {language_known(some)}")
        shares = "  ".join(f"{intent} {recall(some, intent)}" for intent in WATCHED)
        lines.append(f"    recall: {shares}")
        alarms = "  ".join(f"{intent} {false_alarms(some, intent)}" for intent in GUARDED)
        lines.append(f"    false alarms on near misses: {alarms}")
    return lines


def _pooled(rows: Sequence[Row]) -> list[str]:
    shares = [f"{intent} {recall(rows, intent)}" for intent in WATCHED]
    alarms = [f"{intent} {false_alarms(rows, intent)}" for intent in GUARDED]
    fallbacks = Share.of(rows, lambda row: row.parsed["intent"] == "nlu_fallback")
    return [
        f"all recall: {'  '.join(shares)}",
        f"all false alarms on near misses: {'  '.join(alarms)}",
        f"all language {language_known(rows)}  not understood {fallbacks}",
    ]


def _alone(rows: Sequence[Row]) -> list[str]:
    """What the classifier would have said, had guards, safety words and doubt kept silent."""
    lines = ["", "by the classifier alone:"]
    for code, some in _by_language(rows).items():
        share = Share.of(some, lambda row: row.parsed["classified"] == row.intent)
        lines.append(f"{code}  {share}  instead of {Share.of(some, _is_right)}")
    for intent in WATCHED:
        theirs = [row for row in rows if row.intent == intent]
        share = Share.of(theirs, lambda row: row.parsed["classified"] == row.intent)
        lines.append(f"{intent}: recall {share}  instead of {recall(rows, intent)}")
    saved = sum(row.right and row.parsed["classified"] != row.intent for row in rows)
    spoiled = sum(not row.right and row.parsed["classified"] == row.intent for row in rows)
    return [*lines, f"overruled rightly {saved}, wrongly {spoiled}"]


def _intents(rows: Sequence[Row]) -> list[str]:
    languages = _by_language(rows)
    lines = ["", f"{'recall by intent':26}" + "".join(f"{code:>20}" for code in languages)]
    for intent in sorted({row.intent for row in rows}):
        cells = "".join(f"{str(recall(some, intent)):>20}" for some in languages.values())
        lines.append(f"{intent:26}{cells}")
    return lines


def _misses(rows: Sequence[Row]) -> list[str]:
    lines = ["", "misses (file:line):"]
    for intent in WATCHED:
        places = [f"{r.language}:{r.line}" for r in rows if r.intent == intent and not r.right]
        lines.append(f"  {intent}: {' '.join(places) or 'none'}")
    return lines


def _write(folder: Path, report: list[str], rows: Sequence[Row]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "understanding.txt").write_text("\n".join(report) + "\n", "utf-8")
    confusion = [f"{r.language}:{r.line} {r.intent} -> {r.parsed['intent']}" for r in rows
                 if not r.right]  # fmt: skip
    (folder / "understanding-misses.txt").write_text("\n".join(confusion) + "\n", "utf-8")
    for name, some in {"all": list(rows), **_by_language(rows)}.items():
        told = [row.intent for row in some]
        understood = [row.parsed["intent"] for row in some]
        draw(name, told, understood, folder / f"confusion-{name}.png")


if __name__ == "__main__":
    sys.exit(main())
