"""The matcher of one language: splits a folded text into words and finds the lexicon's phrases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Token

from bot.nlu.blanks import blank
from bot.nlu.lexicon import READING
from bot.nlu.marks import DOUBTFUL_MONTH, SKIPPED, Mark
from bot.safety import Lookup, fold_text

# A stem shorter than this is too likely to be something else once its affixes are cut off.
SHORTEST_STEM = 3
MOST_STEMS = 20_000
PAUSES = frozenset({",", "-", ":", '"', "'", " ", "  "})
NUMERIC = frozenset({"number", "month", DOUBTFUL_MONTH})


class LanguageMatcher:
    """Words and phrases of one language."""

    def __init__(self, language: str, lexicon: Iterable[Lookup], names: Iterable[Lookup]) -> None:
        lexicon = list(lexicon)
        self.nlp = blank(language)
        self.language = language
        self.joiners = frozenset(_folded(lexicon, "joiner", "number"))
        self._prefixes = ("", *_folded(lexicon, "affix", "prefix"))
        self._suffixes = ("", *_folded(lexicon, "affix", "suffix"))
        self._matcher = PhraseMatcher(self.nlp.vocab, attr="NORM")
        self._known: set[str] = set()
        self._stems: dict[str, str] = {}
        for (kind, value), phrases in _grouped(lexicon, names).items():
            self._add(kind, value, phrases)

    def doc(self, folded: str) -> Doc:
        """The words of a folded text; a known word with affixes gets the known word as its norm."""
        doc = self.nlp.make_doc(folded)
        for token in doc:
            if token.norm_ not in self._known:
                token.norm_ = self._stem_of(token.norm_)
        return doc

    def marks(self, doc: Doc) -> Iterator[Mark]:
        """Every phrase of the lexicon in those words, overlapping ones too."""
        tokens, flowing = self._flowing(doc)
        for key, start, end in self._matcher(flowing):
            first, last = tokens[start], tokens[end - 1]
            kind, value = self.nlp.vocab.strings[key].split("=", 1)
            meaning = int(value) if kind in NUMERIC and value.isdigit() else value
            yield Mark(first.idx, last.idx + len(last.text), kind, meaning)

    def _add(self, kind: str, value: str, phrases: Iterable[str]) -> None:
        docs = [self._flowing(self.nlp.make_doc(phrase))[1] for phrase in phrases if phrase]
        self._matcher.add(f"{kind}={value}", [doc for doc in docs if len(doc)])
        self._known.update(token.norm_ for doc in docs for token in doc)

    def _flowing(self, doc: Doc) -> tuple[list[Token], Doc]:
        """The words without commas and the like, which chat writers set at random."""
        tokens = [token for token in doc if token.text not in PAUSES]
        if len(tokens) == len(doc):
            return tokens, doc
        flowing = Doc(self.nlp.vocab, words=[token.text for token in tokens])
        for token, source in zip(flowing, tokens, strict=True):
            token.norm_ = source.norm_
        return tokens, flowing

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


def _folded(lexicon: list[Lookup], kind: str, value: str) -> list[str]:
    phrases = [fold_text(item.phrase) for item in lexicon if item[1:3] == (kind, value)]
    return sorted(filter(None, phrases), key=len)


def _grouped(
    lexicon: list[Lookup], names: Iterable[Lookup]
) -> dict[tuple[str, str], dict[str, None]]:
    """Folded phrases by meaning; a standard name that the lexicon speaks of is left to it."""
    grouped: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    taken: set[tuple[str, str]] = set()
    for item in lexicon:
        phrase = fold_text(item.phrase)
        taken.add((item.value if item.kind == "skip" else item.kind, phrase))
        if item.kind not in READING or (item.kind, item.value) == SKIPPED:
            grouped[item.kind, item.value][phrase] = None
    for item in names:
        phrase = fold_text(item.phrase)
        if (item.kind, phrase) not in taken:
            grouped[item.kind, item.value][phrase] = None
        elif item.kind == "month":
            # "May" is hardly ever the month, "May 2023" and "3 May" always are.
            grouped[DOUBTFUL_MONTH, item.value][phrase] = None
    return grouped
