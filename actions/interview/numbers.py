"""What a number in a message says: how many people, or whose age.

People write ages before and after the person ("12-year-old daughter", "son (12)", "she is 9"),
and counts like ages ("2 sons"). What stands how near to the number tells them apart.
"""

from __future__ import annotations

from actions.interview.mentions import ADJOINING, COMMA, NEAR, Mentions, kind_of

COUNT_LIMIT = 12
AGE_LIMIT = 120
DAYS_OF_YEAR = 365
ALMOST = ("age", "almost")
# Never several, never a child: a number between them and a child is not theirs.
ELDERS = frozenset(
    "wife husband spouse fiance partner mother father guardian step_parent in_law".split()
)


def is_count(mentions: Mentions, index: int) -> bool:
    """Whether it counts people: a small number right before a person, as in "two sons".

    In "my son is 12. My wife" and in "son (10), daughter (8)" it is an age.
    """
    number, person = mentions.at(index), mentions.touching(index)
    if number is None or person is None or (number.name, person.name) != ("number", "person"):
        return False
    if not number.value.isdigit() or not 0 < int(number.value) <= COUNT_LIMIT:
        return False
    kind, _, several = kind_of(person.value)
    adjoining = mentions.gap(index) == ADJOINING
    if several:
        return adjoining or not _ends_age(mentions, index)
    countable = number.value == "1" or kind not in ELDERS
    return adjoining and countable and not _ends_age(mentions, index)


def age_at(mentions: Mentions, index: int) -> int | None:
    """The age that a number tells, in whole years; None if it is no age."""
    number, unit = mentions.at(index), mentions.touching(index)
    if number is None or number.name != "number" or not number.value.isdigit():
        return None
    if _is_denied(mentions, index) or _is_one_of(mentions, index):
        return None
    age = int(number.value)
    if unit is not None and unit.name == "ago":
        return None
    if unit is not None and unit.name == "month" and mentions.gap(index) != COMMA:
        return None  # "5 May": a day
    if is_almost(mentions, index):
        age = max(age - 1, 0)
    if unit is not None and unit.name == "unit" and unit.value != "year":
        age = age // 12 if unit.value == "month" else 0
        if not _is_marked(mentions, index):
            return None
    return age if age <= AGE_LIMIT else None


def is_almost(mentions: Mentions, index: int) -> bool:
    """Whether "almost" stands before this number: who is almost 18 is 17."""
    before, gap = mentions.at(index - 1), mentions.gap(index - 1)
    return before is not None and (before.name, before.value) == ALMOST and (gap or 0) <= NEAR


def age_before(mentions: Mentions, index: int) -> int | None:
    """Where the age of this person stands in "12-year-old daughter": its index, or None."""
    person = mentions.at(index)
    if person is None or person.name != "person":
        return None
    back, marked = index - 1, False
    while (mention := mentions.at(back)) is not None and mention.name in ("unit", "age"):
        marked = True
        back -= 1
    number = mentions.at(back)
    if number is None or number.name != "number" or not marked or _ends_age(mentions, back):
        return None
    joined = all(mentions.gap(place) in (None, 0, ADJOINING) for place in range(back, index))
    return back if joined else None


def _ends_age(mentions: Mentions, index: int) -> bool:
    """Whether the number belongs to whoever is named before it: "son (12)", "he is 12"."""
    before, gap = mentions.at(index - 1), mentions.gap(index - 1)
    if before is None or gap is None or gap > NEAR or gap == COMMA:
        return False
    if before.name == "person":
        beside_elder = kind_of(before.value)[0] in ELDERS and gap == ADJOINING
        return not beside_elder and not is_count(mentions, index - 2)
    return before.name in ("other", "self")


def _is_one_of(mentions: Mentions, index: int) -> bool:
    """Whether it is the "one" of "one is 12, the other 19": a word for a person, not an age."""
    number, after = mentions.at(index), mentions.touching(index)
    return (
        number is not None
        and after is not None
        and (number.value, after.name) == ("1", "number")
        and number.end - number.start > len(number.value)
        and mentions.gap(index) != COMMA
    )


def _is_denied(mentions: Mentions, index: int) -> bool:
    """Whether another number takes its place: "not 12, she is 13"."""
    before = mentions.at(index - 1)
    if before is None or before.name != "negation" or mentions.gap(index - 1) != ADJOINING:
        return False
    return any(mention.name == "number" for mention in mentions.after(index))


def _is_marked(mentions: Mentions, index: int) -> bool:
    near = (mentions.at(index - 1), mentions.at(index + 1), mentions.at(index + 2))
    return any(mention is not None and mention.name == "age" for mention in near)
