"""The gist of messages."""

import pytest
from rasa.nlu.tokenizers.tokenizer import Token

from bot.nlu.gist import LONGEST, NEAR, gist, pairs


def tokens(text):
    places = [0]
    for word in text.split():
        places.append(places[-1] + len(word) + 1)
    return [Token(word, start) for word, start in zip(text.split(), places, strict=False)]


def fact(entity, start, end):
    return {"entity": entity, "value": "x", "start": start, "end": end}


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("can mother come", [fact("person", 4, 10)], "can <person> come"),
        ("older brother waiting", [fact("person", 0, 13)], "<person> wait"),
        ("mother father", [fact("person", 0, 6), fact("person", 7, 13)], "<person> <person>"),
        ("refused", [fact("file", 0, 7), fact("application", 0, 7)], "<application+file>"),
        ("", [], ""),
    ],
)
def test_endings_go_and_each_stretch_of_facts_is_one_sign(text, facts, expected):
    assert gist(tokens(text), facts) == expected


def test_two_words_are_a_pair_in_any_order_and_with_others_between():
    assert "a c" in pairs("a b c")
    assert sorted(pairs("c b a")) == sorted(pairs("a b c"))
    assert pairs("a a a") == []


def test_a_long_message_has_no_more_pairs_than_it_has_words_times_the_span():
    words = [str(number) for number in range(1000)]
    found = pairs(" ".join(words))
    assert len(found) <= LONGEST * NEAR
    assert f"0 {NEAR + 1}" not in found
