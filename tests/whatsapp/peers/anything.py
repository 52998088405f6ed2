"""Messages as the bot may say them, at random: of every length, in several scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from bot.conversations.message import Choice, Outbound

LETTERS = st.sampled_from(["ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "abcdefghilmnoprstuvz", "șțăîâéü"])
PICTURES = (
    "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "\U0001f1f7\U0001f1f4",
    "\U0001f44b\U0001f3fd",
    "\u2068+40 21 312 62 10\u2069",
    "https://igi.mai.gov.ro/en/?a=1&b=2",
    "لِلَّـه",
    "می\u200cخواهم",
    "12.5",
)
LONGEST = st.sampled_from([1, 3, 8, 14, 30])


@st.composite
def words(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(PICTURES))
    return draw(st.text(draw(LETTERS), min_size=1, max_size=draw(LONGEST)))


@st.composite
def sentences(draw: st.DrawFn) -> str:
    some = draw(st.lists(words(), min_size=1, max_size=6))
    return " ".join(some * draw(st.integers(1, 12))) + draw(
        st.sampled_from([".", "؟", "!", "", ":"])
    )


@st.composite
def texts(draw: st.DrawFn) -> str:
    """From a word to several times what fits into one bubble."""
    some = draw(st.lists(sentences(), min_size=1, max_size=6))
    paragraphs = some * draw(st.sampled_from([1, 1, 2, 6, 15]))
    joint = draw(st.sampled_from(["\n\n", "\n", " ", "\n\n\n"]))
    return joint.join(paragraphs)


@st.composite
def titles(draw: st.DrawFn, sizes: Sequence[int]) -> str:
    """One line of exactly so many code points as one of the sizes says."""
    size = draw(st.sampled_from(sizes))
    some = " ".join(draw(st.lists(words(), min_size=1, max_size=3)))[:size].strip() or "x"
    return some + "ن" * (size - len(some))


# How many choices, how long their titles, how long their descriptions if any: just below and
# just above what fits onto buttons, into a list, and into neither.
SHAPES = (
    ((0, 0), (1,), ()),
    ((0, 0), (1,), ()),
    ((1, 4), (2, 19, 20, 21), ()),
    ((1, 4), (2, 20), (10,)),
    ((9, 11), (2, 23, 24, 25), (10, 71, 72, 73)),
    ((9, 11), (2, 24), ()),
    ((3, 14), (30, 70, 72, 73, 200), (10, 72, 200)),
)


@st.composite
def choices(draw: st.DrawFn) -> tuple[Choice, ...]:
    (least, most), sizes, more = draw(st.sampled_from(SHAPES))
    described = st.none() | titles(more) if more else st.none()
    some = st.tuples(titles(sizes), described)
    found = draw(st.lists(some, min_size=least, max_size=most))
    return tuple(Choice(title, "/x", description) for title, description in found)


@st.composite
def outbounds(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.sampled_from([0, 1, 1, 3]))
    links = draw(st.lists(titles((2, 19, 20, 21, 60)), min_size=count, max_size=count))
    message = Outbound(
        text=draw(texts()),
        choices=draw(choices()),
        numbered=draw(st.booleans()),
        links=tuple(
            {"title": title, "url": f"https://example.org/{number}?a=b#c"}
            for number, title in enumerate(links)
        ),
    )
    return message.body()
