"""The phrasebook of one language: which phrases tell which facts, as the model keeps it.

Parting 130,000 phrases into words takes ten seconds: training does it, and no start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Token

from bot.nlu.blanks import ANY_LANGUAGE, blank
from bot.nlu.lexicon import READING
from bot.nlu.marks import DOUBTFUL_MONTH, SKIPPED
from bot.safety import Lookup, fold_text

PAUSES = frozenset({",", "-", ":", '"', "'", " ", "  "})


@dataclass(frozen=True)
class Phrasebook:
    """What is looked for in texts of one language.

    Attributes:
        language: Its code.
        facts: What each phrase tells ("person=wife"), by its words with a space between them.
        joiners: Words that join numbers ("and").
        prefixes: What may stand in front of a known word and is no part of it.
        suffixes: What may stand behind it.
    """

    language: str
    facts: dict[str, list[str]]
    joiners: list[str]
    prefixes: list[str]
    suffixes: list[str]

    @classmethod
    def of(cls, language: str, lexicon: Iterable[Lookup], names: Iterable[Lookup]) -> Phrasebook:
        """Put a volunteer's lexicon and the standard names of a language together."""
        lexicon, nlp = list(lexicon), blank(language)
        facts: dict[str, list[str]] = defaultdict(list)
        for (kind, value), phrases in _grouped(lexicon, names).items():
            for phrase in dict.fromkeys(_joined(nlp, phrase) for phrase in phrases):
                if phrase:
                    facts[phrase].append(f"{kind}={value}")
        return cls(
            language,
            dict(facts),
            _folded(lexicon, "joiner", "number"),
            _folded(lexicon, "affix", "prefix"),
            _folded(lexicon, "affix", "suffix"),
        )


EMPTY = Phrasebook(ANY_LANGUAGE, {}, [], [], [])


def flowing(tokens: Iterable[Token]) -> list[Token]:
    """The words without commas and the like, which chat writers set at random."""
    return [token for token in tokens if token.text not in PAUSES]


def _joined(nlp: Language, phrase: str) -> str:
    return " ".join(token.norm_ for token in flowing(nlp.make_doc(phrase)))


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
