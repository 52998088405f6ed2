"""English sentences through the real tokeniser and lexicon, without the trained model."""

from __future__ import annotations

import pytest

from actions.interview.situation import Situation
from bot.nlu.entities import EntityReader, as_entities
from bot.safety import fold, read_lookups
from tests.interview.saying import family, read
from tests.interview.words import ROOT


@pytest.fixture(scope="module")
def reader() -> EntityReader:
    return EntityReader.of(read_lookups(ROOT / "data" / "nlu" / "en" / "lexicon.yml", "en"), ["en"])


def told(reader: EntityReader, *texts: str) -> Situation:
    messages = []
    for text in texts:
        folded = fold(text)
        messages.append(as_entities(reader.read(folded.text, ("en",)).marks, folded, text))
    return read(*messages).situation


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("My wife, our children, 12 and 17, and my brother are in Turkey.",
         ["wife TR", "child 12 TR", "child 17 TR", "brother TR"]),
        ("my wife and my three children aged 3, 5 and 9 are in Lebanon",
         ["wife LB", "child 3 LB", "child 5 LB", "child 9 LB"]),
        ("my 12-year-old daughter is in Syria", ["daughter 12 SY"]),
        ("my daughter is 12 years old and my son is 17 years old", ["daughter 12", "son 17"]),
        ("My son is 12. My wife is 30. They are in Turkey. My mother is in Syria.",
         ["son 12 TR", "wife 30 TR", "mother SY"]),
        ("I want to bring my wife (34), son (10), daughter (8) and mother (65)",
         ["wife 34", "son 10", "daughter 8", "mother 65"]),
        ("my son and daughter are in Turkey. He is 12 and she is 9.",
         ["son 12 TR", "daughter 9 TR"]),
        ("my kids: 12, 14, 17 and 19", ["child 12", "child 14", "child 17", "child 19"]),
        ("my baby is 8 months old", ["child 0"]),
        ("wife 28, kids 3 and 6 in lebanon", ["wife 28 LB", "child 3 LB", "child 6 LB"]),
        ("my parents and two sisters, 10 and 14, are in Iran",
         ["parent+ IR", "sister 10 IR", "sister 14 IR"]),
        ("My wife's son 10", ["stepson 10"]),
        ("my husband's brother and my brother", ["in_law", "brother"]),
        ("my daughter is not 12, she is 13", ["daughter 13"]),
        ("my wife is in Turkey for 2 years", ["wife TR"]),
        ("my wife is with me here in Romania, my kids are in Syria", ["wife RO", "child+ SY"]),
    ],
)  # fmt: skip
def test_families_are_understood(reader: EntityReader, text: str, members: list[str]) -> None:
    assert family(told(reader, text)) == members


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("I am a refugee in Romania", {"asker": "sponsor", "sponsor.status": "refugee"}),
        ("I am 34 years old, my wife is 30", {"sponsor.age": 34}),
        ("I'm 17, my birthday is in 2 months, my mum is in Syria", {"sponsor.age": 17}),
        ("I am in Romania since 2022. I got subsidiary protection.",
         {"asker": "sponsor", "sponsor.status": "subsidiary_protection"}),
        ("my asylum was refused 6 days ago",
         {"sponsor.status": "no_status", "sponsor.refusal_days": 6}),
        ("I applied for my family 4 months ago, no answer yet",
         {"application": "pending", "months_since_application": 4}),
        ("I am in Turkey, my husband is in Romania", {"asker": "family_abroad"}),
        ("I came 2 years ago. My wife came with the children to Turkey", {}),
    ],
)  # fmt: skip
def test_what_is_said_of_the_sponsor_is_understood(
    reader: EntityReader, text: str, shared: dict[str, object]
) -> None:
    assert told(reader, text).shared == shared


def test_a_correction_finds_its_person(reader: EntityReader) -> None:
    situation = told(reader, "my son is 12 and my daughter is 17", "no, my daughter is 19")
    assert family(situation) == ["son 12", "daughter 19"]
