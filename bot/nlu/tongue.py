"""The language model: which language a text is in, learnt from the project's own examples.

A library would know no romanised Arabic and no language that volunteers add; the examples do.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.decision import Identified, spoken_words
from bot.nlu.linear import Linear, train_linear
from bot.nlu.ngrams import Kind, NgramUnion
from bot.nlu.scripts import main_script, scripts_by_language
from bot.safety import fold_text

KINDS = (Kind("char_wb", 1, 4, rarest=2), Kind("word", 1, 2, rarest=2))
STRENGTH = 0.25
SURE = 0.8
POSSIBLE = 0.12
# How much likelier the conversation's own language is than another, before a word is read.
HISTORY = 4.0
# What is not said of a language by one word alone: a short message may be a name.
NO_LANGUAGE = Identified(None, 0.0, (), False)


@dataclass(frozen=True)
class TongueModel:
    """Identifies the language of a text.

    Attributes:
        ngrams: Vectors over letters and words.
        linear: The classifier; its classes are language codes.
        scripts: The scripts each language is written in.
    """

    ngrams: NgramUnion
    linear: Linear
    scripts: dict[str, list[str]]

    @classmethod
    def train(cls, texts: Sequence[str], codes: Sequence[str]) -> TongueModel:
        """Learn from examples; each also as it is typed without diacritics."""
        written = [(plain(text), code) for text, code in zip(texts, codes, strict=True)]
        bare = [(plain(fold_text(text)), code) for text, code in zip(texts, codes, strict=True)]
        seen, labels = zip(*dict.fromkeys([*written, *bare]), strict=True)
        ngrams = NgramUnion.learn([seen, seen], KINDS)
        linear = train_linear(ngrams.transform([seen, seen]), labels, STRENGTH)
        return cls(ngrams, linear, scripts_by_language(zip(codes, texts, strict=True)))

    def identify(self, text: str, current: str | None = None) -> Identified:
        """Identify the language of a text; `current` is the conversation's language so far."""
        name = main_script(text)
        possible = [code for code in self.linear.classes if name in self.scripts.get(code, [])]
        if name is None or not possible:
            return NO_LANGUAGE
        chances = self._chances(text, possible)
        if current in chances and spoken_words(text) < 3:
            chances[current] *= HISTORY
        return _identified(chances)

    def _chances(self, text: str, possible: list[str]) -> dict[str, float]:
        view = [plain(text)]
        row = self.linear.confidences(self.ngrams.transform([view, view]))[0]
        chances = dict(zip(self.linear.classes, map(float, row), strict=True))
        return {code: chances[code] for code in possible}

    def save(self, folder: Path) -> None:
        """Store below a folder."""
        self.ngrams.save(folder)
        self.linear.save(folder / "linear.npz")
        (folder / "scripts.json").write_text(json.dumps(self.scripts), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> TongueModel:
        """Read back what `save` stored."""
        scripts = json.loads((folder / "scripts.json").read_text("utf-8"))
        return cls(NgramUnion.load(folder), Linear.load(folder / "linear.npz"), scripts)


def plain(text: str) -> str:
    """A text for telling languages apart: its own letters, no digits, no punctuation."""
    composed = unicodedata.normalize("NFKC", text).lower()
    kept = (char if unicodedata.category(char)[0] in "LM" else " " for char in composed)
    return " ".join("".join(kept).split())


def _identified(chances: dict[str, float]) -> Identified:
    total = sum(chances.values()) or 1.0
    ranked = sorted(chances, key=lambda code: (-chances[code], code))
    confidence = chances[ranked[0]] / total
    candidates = tuple(code for code in ranked if chances[code] / total >= POSSIBLE)
    return Identified(ranked[0], round(confidence, 4), candidates[:3], confidence >= SURE)
