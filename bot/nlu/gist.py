"""The gist of a message: its words without endings, the facts found in it as signs.

"Can my mothers come" and "can my father come?" are both "can my <person> come": what was learnt of
one family member, paper or country holds for all. Pairs of such words, in any order and with
others between them, are what a linear classifier cannot put together by itself: "knife" and
"kitchen" mean together what neither means alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.nlu.tokenizers.tokenizer import Token

# Where endings begin, roughly, in all languages: three or five letters do a little worse.
STEM = 4
# How many words a pair may span, and how many words of a long message are paired.
NEAR, LONGEST = 10, 40


def gist(tokens: Sequence[Token], entities: Iterable[Mapping[str, Any]]) -> str:
    """The beginnings of the words; each stretch in which facts were found is one sign.

    Args:
        tokens: The words, with their places in the original text.
        entities: The facts found, in Rasa's form.
    """
    facts, parts, before = list(entities), [], None
    for token in tokens:
        here = [fact for fact in facts if fact["start"] < token.end and token.start < fact["end"]]
        stretch = (here[0]["start"], sorted({fact["entity"] for fact in here})) if here else None
        if stretch is None:
            parts.append(token.text[:STEM])
        elif stretch != before:
            parts.append(f"<{'+'.join(stretch[1])}>")
        before = stretch
    return " ".join(parts)


def pairs(text: str) -> list[str]:
    """Each two different words that stand near one another, in alphabetical order."""
    words = text.split()[:LONGEST]
    found = (
        sorted((word, other))
        for place, word in enumerate(words)
        for other in words[place + 1 : place + 1 + NEAR]
        if word != other
    )
    return list(dict.fromkeys(map(" ".join, found)))
