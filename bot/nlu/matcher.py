"""The matcher of one language: splits a folded text into words and finds its phrases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from spacy.tokens import Doc

from bot.nlu.blanks import blank
from bot.nlu.marks import DOUBTFUL_MONTH, Mark
from bot.nlu.phrasebook import Phrasebook, flowing

# A stem shorter than this is too likely to be something else once its affixes are cut off.
SHORTEST_STEM = 3
MOST_STEMS = 20_000
NUMERIC = frozenset({"number", "month", DOUBTFUL_MONTH})


class LanguageMatcher:
    """Words and phrases of one language."""

    def __init__(self, book: Phrasebook) -> None:
        self.joiners = frozenset(book.joiners)
        self._nlp = blank(book.language)
        self._facts = book.facts
        self._prefixes = ("", *book.prefixes)
        self._suffixes = ("", *book.suffixes)
        self._known: set[str] = set()
        # In words, by the first one.
        self._longest: dict[str, int] = defaultdict(int)
        for phrase in book.facts:
            words = phrase.split(" ")
            self._known.update(words)
            self._longest[words[0]] = max(self._longest[words[0]], len(words))
        self._stems: dict[str, str] = {}

    def doc(self, folded: str) -> Doc:
        """The words of a folded text; a known word with affixes gets the known word as its norm."""
        doc = self._nlp.make_doc(folded)
        for token in doc:
            if token.norm_ not in self._known:
                token.norm_ = self._stem_of(token.norm_)
        return doc

    def marks(self, doc: Doc) -> Iterator[Mark]:
        """Every phrase of the book in those words, overlapping ones too."""
        tokens = flowing(doc)
        norms = [token.norm_ for token in tokens]
        for start, norm in enumerate(norms):
            farthest = min(start + self._longest.get(norm, 0), len(norms))
            for end in range(start + 1, farthest + 1):
                for fact in self._facts.get(" ".join(norms[start:end]), ()):
                    last = tokens[end - 1]
                    yield Mark(tokens[start].idx, last.idx + len(last.text), *_meaning(fact))

    def _stem_of(self, norm: str) -> str:
        """Give a word's stem; words come again and again, so what was found is kept."""
        if norm not in self._stems:
            if len(self._stems) >= MOST_STEMS:
                self._stems.clear()
            self._stems[norm] = self._stem(norm)
        return self._stems[norm]

    def _stem(self, norm: str) -> str:
        suffixes = [suffix for suffix in self._suffixes if norm.endswith(suffix)]
        for prefix in filter(norm.startswith, self._prefixes):
            for suffix in suffixes:
                stem = norm[len(prefix) : len(norm) - len(suffix)]
                if len(stem) >= SHORTEST_STEM and stem in self._known:
                    return stem
        return norm


def _meaning(fact: str) -> tuple[str, str | int]:
    kind, value = fact.split("=", 1)
    return kind, int(value) if kind in NUMERIC and value.isdigit() else value
