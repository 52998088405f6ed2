"""N-gram vectors: texts to sparse rows; n-grams are kept as digests, stored as plain arrays."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from joblib import cpu_count
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from bot.nlu.gist import pairs
from bot.nlu.parallel import MANY_TEXTS, in_parallel
from bot.vocabulary import UNKNOWN, Vocabulary, digests_of

LETTERS, PAIR = "char_wb", "pair"
# From so many texts on, finding their different words takes less time than it saves.
MANY_WORDS = 1_000
Cut = Callable[[str], Iterable[str]]


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
    """TF-IDF vectors over one kind of n-gram.

    Attributes:
        kind: The kind.
        vocabulary: The n-grams that were learnt: their numbers are the columns.
    """

    def __init__(self, kind: Kind, vocabulary: Vocabulary, rarity: TfidfTransformer) -> None:
        self.kind, self.vocabulary = kind, vocabulary
        self._rarity, self._cut = rarity, _cutter(kind)

    @classmethod
    def learn(cls, texts: Sequence[str], kind: Kind) -> Ngrams:
        """Learn which n-grams there are and how rare each is."""
        counts, ngrams = _counts(texts, kind, _cutter(kind))
        kept = np.flatnonzero(counts.getnnz(axis=0) >= kind.rarest)
        digests = digests_of([ngrams[column] for column in kept])
        order = np.argsort(digests)
        return cls(kind, Vocabulary(digests[order]), _rarity().fit(counts[:, kept[order]]))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text, float32, in as many columns as n-grams were learnt."""
        counts, ngrams = _counts(texts, self.kind, self._cut)
        numbers = self.vocabulary.find(ngrams)
        known = np.flatnonzero(numbers != UNKNOWN)
        counts = counts[:, known]
        shape = (len(texts), len(self.vocabulary))
        counts = csr_matrix((counts.data, numbers[known][counts.indices], counts.indptr), shape)
        counts.sort_indices()
        rows = self._rarity.transform(counts, copy=False)
        return rows * self.kind.weight if self.kind.weight != 1.0 else rows

    def save(self, folder: Path, name: str) -> None:
        """Store as `<name>.json` and `<name>.npz`, without pickles."""
        (folder / f"{name}.json").write_text(json.dumps(list(self.kind)), "utf-8")
        rarity = self._rarity.idf_.astype(np.float32)
        np.savez(folder / f"{name}.npz", digests=self.vocabulary.digests, rarity=rarity)

    @classmethod
    def load(cls, folder: Path, name: str) -> Ngrams:
        """Read back what `save` stored."""
        kind = Kind(*json.loads((folder / f"{name}.json").read_text("utf-8")))
        rarity = _rarity()
        with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
            rarity.idf_ = stored["rarity"]
            return cls(kind, Vocabulary(stored["digests"]), rarity)


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
        count = len(list(folder.glob("ngrams*.npz")))
        return cls([Ngrams.load(folder, f"ngrams{index}") for index in range(count)])


def _counts(texts: Sequence[str], kind: Kind, cut: Cut) -> tuple[csr_matrix, list[str]]:
    """How often each n-gram stands in each text, and the n-grams in the order of the columns.

    Letters are counted within words, and words come again and again: of many texts, those of each
    different word are counted once.
    """
    if kind.analyzer != LETTERS or len(texts) < MANY_WORDS:
        return _count(texts, cut)
    words, different = _count(texts, str.split)
    counts, ngrams = _count(different, cut)
    return words @ counts, ngrams


def _count(texts: Sequence[str], cut: Cut) -> tuple[csr_matrix, list[str]]:
    """How often each part stands in each text, and the parts in the order of the columns."""
    places: dict[str, int] = {}
    columns, ends = array("i"), [0]
    for text in texts:
        columns.extend([places.setdefault(part, len(places)) for part in cut(text)])
        ends.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    counts = csr_matrix((ones, columns, ends), (len(texts), len(places)))
    counts.sum_duplicates()
    return counts, list(places)


def _cutter(kind: Kind) -> Cut:
    # The default pattern drops combining marks and so tears words of many scripts apart.
    settings = {"token_pattern": r"\S+"} if kind.analyzer == "word" else {}
    cut: Cut = CountVectorizer(
        analyzer=pairs if kind.analyzer == PAIR else kind.analyzer,
        ngram_range=(kind.shortest, kind.longest),
        lowercase=False,
        **settings,
    ).build_analyzer()
    return cut


def _rarity() -> TfidfTransformer:
    return TfidfTransformer(sublinear_tf=True)
