"""Spotting: what a message says by its words alone, in any language, without a model.

Danger is found anywhere in a message. Everything else only when nearly the whole message is
such a word or phrase: "delete my data" yes, "will they delete my data if I lie" no.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bot.safety.letters import words
from bot.safety.lookups import Lookup, read_lookups
from bot.safety.phrases import (
    LANGUAGE,
    LANGUAGE_MARK,
    Fillers,
    anywhere,
    either,
    phrase_pattern,
    spaced,
)
from bot.safety.tongues import (
    find_name,
    flag_language,
    is_flags,
    language_names,
    locale_language,
)

Kind = Literal["danger", "human", "delete", "language", "menu", "keep", "forget"]
# In the order in which they win over one another.
WHOLE_KINDS: tuple[Kind, ...] = ("human", "delete", "language", "keep", "forget", "menu")
# A longer message asks for more than a menu or a language, whatever words it holds.
LONGEST_WHOLE = 20
DATA = Path(__file__).parents[2] / "data" / "nlu"


@dataclass(frozen=True)
class Signal:
    """What was spotted.

    Attributes:
        kind: What the person wants or is in.
        language: The one language whose words matched; None if several share them.
        value: For "language", the code asked for, or None if none was named.
    """

    kind: Kind
    language: str | None = None
    value: str | None = None


class Safety:
    """The safety words of all languages, ready to be looked for."""

    def __init__(self, lookups: Iterable[Lookup]) -> None:
        grouped: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        extras: dict[tuple[str, ...], str] = {}
        for lookup in lookups:
            if lookup.kind == "safety":
                grouped[lookup.language][lookup.value].append(phrase_pattern(lookup.phrase))
            elif lookup.kind == "language":
                extras[tuple(words(lookup.phrase))] = lookup.value
        self.languages = tuple(sorted(grouped))
        self._danger = {code: anywhere(kinds["danger"]) for code, kinds in grouped.items()}
        self._harmless = {code: anywhere(kinds["not_danger"]) for code, kinds in grouped.items()}
        self._fillers = Fillers(filler for kinds in grouped.values() for filler in kinds["filler"])
        self._whole = {
            kind: {code: either(kinds[kind]) for code, kinds in grouped.items()}
            for kind in WHOLE_KINDS
        }
        # A name alone asks for the language, in every language.
        self._bare_name = either([phrase_pattern(LANGUAGE)])
        self._extras = extras
        self._names: dict[tuple[str, ...], str] | None = None

    @classmethod
    def from_folder(cls, folder: Path = DATA) -> Safety:
        """Read `<lang>/safety.yml`, and names of languages from `<lang>/lexicon.yml`."""
        lookups: list[Lookup] = []
        for path in sorted(folder.glob("*/safety.yml")):
            code = path.parent.name
            lookups += read_lookups(path, code)
            lexicon = read_lookups(path.with_name("lexicon.yml"), code)
            lookups += [lookup for lookup in lexicon if lookup.kind == "language"]
        return cls(lookups)

    def spot(self, text: str) -> Signal | None:
        """The strongest thing that the words of a message say, or None."""
        tokens = words(text)
        plain = spaced(tokens)
        danger = self._matching(lambda code: self._in_danger(code, plain))
        if danger:
            return _signal("danger", danger)
        if len(tokens) > LONGEST_WHOLE:
            return None
        named, _ = self._with_name_marked(tokens)
        kernels = [(one, self._fillers.kernels(one)) for one in dict.fromkeys((plain, named))]
        for kind in WHOLE_KINDS:
            patterns = self._whole[kind]
            matching = self._matching(lambda code: _is_one(patterns[code], kernels))  # noqa: B023
            if matching:
                asked = self.wants_language(text) if kind == "language" else None
                return _signal(kind, matching, asked)
        code = self.wants_language(text)
        return Signal("language", None, code) if code or is_flags(text) else None

    def wants_language(self, text: str) -> str | None:
        """The code of the language that a message asks for, or None.

        Understands a language's name in any language, phrases around it, "so_SO" and a flag.
        """
        direct = locale_language(text, self.languages) or flag_language(text)
        if direct:
            return direct
        tokens = words(text)
        if len(tokens) > LONGEST_WHOLE:
            return None
        named, value = self._with_name_marked(tokens)
        if value is None:
            return None
        kernels = [(named, self._fillers.kernels(named))]
        patterns = [self._bare_name, *self._whole["language"].values()]
        return value if any(_is_one(pattern, kernels) for pattern in patterns) else None

    def _in_danger(self, code: str, plain: str) -> bool:
        pattern, harmless = self._danger[code], self._harmless[code]
        if pattern is None:
            return False
        if harmless is not None:
            # A stand-in, so that the words around it do not become neighbours.
            plain = harmless.sub("· ", plain)
        return pattern.search(plain) is not None

    def _matching(self, test: Callable[[str], bool]) -> list[str]:
        return [code for code in self.languages if test(code)]

    def warm(self) -> None:
        """Collect the names of languages now, so that nobody's first message waits for them."""
        self._with_name_marked([])

    def _with_name_marked(self, tokens: list[str]) -> tuple[str, str | None]:
        """The words with a language's name replaced by the mark, and its code."""
        if self._names is None:
            self._names = {**language_names(self.languages), **self._extras}
        found = find_name(tokens, self._names)
        if not found:
            return spaced(tokens), None
        start, end, code = found
        return spaced([*tokens[:start], LANGUAGE_MARK, *tokens[end:]]), code


def _is_one(
    pattern: re.Pattern[str] | None, kernels: Iterable[tuple[str, list[tuple[int, int]]]]
) -> bool:
    return pattern is not None and any(
        pattern.fullmatch(text, start, end) for text, places in kernels for start, end in places
    )


def _signal(kind: Kind, languages: list[str], value: str | None = None) -> Signal:
    return Signal(kind, languages[0] if len(languages) == 1 else None, value)


@lru_cache(maxsize=1)
def default_safety() -> Safety:
    """The safety words of the project's own data, read once."""
    return Safety.from_folder()


def spot(text: str) -> Signal | None:
    """The strongest thing that the words of a message say, or None."""
    return default_safety().spot(text)


def wants_language(text: str) -> str | None:
    """The code of the language that a message asks for, or None."""
    return default_safety().wants_language(text)
