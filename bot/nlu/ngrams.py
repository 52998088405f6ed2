"""N-gram vectors: texts to sparse rows, stored as plain JSON and arrays, never pickled."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from joblib import cpu_count
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from bot.nlu.gist import pairs
from bot.nlu.parallel import MANY_TEXTS, in_parallel

LETTERS, PAIR = "char_wb", "pair"
# From so many texts on, finding their different words takes less time than it saves.
MANY_WORDS = 1_000


class Kind(NamedTuple):
    """One kind of n-gram.

    Attributes:
        analyzer: `word` (parts between spaces: combining marks stay), `char_wb` (letters within
            words), or `pair` (two words that stand near one another).
        shortest: The shortest n-gram.
        longest: The longest n-gram.
        rarest: In how many texts an n-gram must stand to be kept.
        weight: What its row is multiplied by.
    """

    analyzer: str
    shortest: int = 1
    longest: int = 1
    rarest: int = 1
    weight: float = 1.0


class Ngrams:
    """TF-IDF vectors over one kind of n-gram."""

    def __init__(self, kind: Kind, counter: CountVectorizer, rarity: TfidfTransformer) -> None:
        self.kind = kind
        self.counter = counter
        self._rarity = rarity

    @classmethod
    def learn(cls, texts: Sequence[str], kind: Kind) -> Ngrams:
        """Learn which n-grams there are and how rare each is."""
        counter = _counter(kind)
        counts = _counts(texts, kind, counter.fit_transform)
        kept = np.flatnonzero(counts.getnnz(axis=0) >= kind.rarest)
        names = counter.get_feature_names_out()[kept]
        counter.vocabulary_ = {name: column for column, name in enumerate(names)}
        return cls(kind, counter, _rarity().fit(counts[:, kept]))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text, float32, in as many columns as n-grams were learnt."""
        rows = self._rarity.transform(_counts(texts, self.kind, self.counter.transform))
        return rows * self.kind.weight if self.kind.weight != 1.0 else rows

    def save(self, folder: Path, name: str) -> None:
        """Store as `<name>.json` and `<name>.npy`."""
        vocabulary = self.counter.vocabulary_
        ordered = sorted(vocabulary, key=vocabulary.__getitem__)
        content = {"kind": list(self.kind), "ngrams": ordered}
        (folder / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        np.save(folder / f"{name}.npy", self._rarity.idf_.astype(np.float32))

    @classmethod
    def load(cls, folder: Path, name: str) -> Ngrams:
        """Read back what `save` stored."""
        content: dict[str, Any] = json.loads((folder / f"{name}.json").read_text("utf-8"))
        kind = Kind(*content["kind"])
        counter, rarity = _counter(kind), _rarity()
        # Set as `fit` does: given as a setting, a million n-grams would be checked and copied.
        counter.vocabulary_ = {ngram: column for column, ngram in enumerate(content["ngrams"])}
        rarity.idf_ = np.load(folder / f"{name}.npy", allow_pickle=False)
        return cls(kind, counter, rarity)


class NgramUnion:
    """Several kinds of n-grams side by side, each over its own view of the text."""

    def __init__(self, parts: list[Ngrams]) -> None:
        self.parts = parts

    @classmethod
    def learn(cls, views: Sequence[Sequence[str]], kinds: Sequence[Kind]) -> NgramUnion:
        """Learn each kind from its view (a list of texts for each)."""
        parts = zip(views, kinds, strict=True)
        return cls(in_parallel(Ngrams.learn, parts, worth=len(views[0]) >= MANY_TEXTS))

    def transform(self, views: Sequence[Sequence[str]]) -> csr_matrix:
        """One row a text, the kinds' columns side by side."""
        count = len(views[0])
        if count < MANY_TEXTS:
            return self._beside(views)
        step = -(-count // cpu_count())
        pieces = [
            (self, [view[start : start + step] for view in views])
            for start in range(0, count, step)
        ]
        return vstack(in_parallel(NgramUnion._beside, pieces, worth=True), format="csr")

    def _beside(self, views: Sequence[Sequence[str]]) -> csr_matrix:
        rows = [part.transform(view) for part, view in zip(self.parts, views, strict=True)]
        return hstack(rows, format="csr", dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Store every part below the folder."""
        for index, part in enumerate(self.parts):
            part.save(folder, f"ngrams{index}")

    @classmethod
    def load(cls, folder: Path) -> NgramUnion:
        """Read back what `save` stored."""
        count = len(list(folder.glob("ngrams*.npy")))
        return cls([Ngrams.load(folder, f"ngrams{index}") for index in range(count)])


def _counts(
    texts: Sequence[str], kind: Kind, count: Callable[[Sequence[str]], csr_matrix]
) -> csr_matrix:
    """How often each n-gram stands in each text.

    Letters are counted within words, and words come again and again: of many texts, those of each
    different word are counted once.
    """
    if kind.analyzer != LETTERS or len(texts) < MANY_WORDS:
        return count(texts)
    words, different = _words(texts)
    return words @ count(different)


def _words(texts: Sequence[str]) -> tuple[csr_matrix, list[str]]:
    """How often each word stands in each text, and the words in the order of the columns."""
    places: dict[str, int] = {}
    columns, ends = [], [0]
    for text in texts:
        columns += [places.setdefault(word, len(places)) for word in text.split()]
        ends.append(len(columns))
    shape = (len(texts), len(places))
    return csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape), list(places)


def _counter(kind: Kind) -> CountVectorizer:
    # The default pattern drops combining marks and so tears words of many scripts apart.
    settings = {"token_pattern": r"\S+"} if kind.analyzer == "word" else {}
    return CountVectorizer(
        analyzer=pairs if kind.analyzer == PAIR else kind.analyzer,
        ngram_range=(kind.shortest, kind.longest),
        lowercase=False,
        dtype=np.float32,
        **settings,
    )


def _rarity() -> TfidfTransformer:
    return TfidfTransformer(sublinear_tf=True)
