"""Words are found by digests, and only those that are there."""

import numpy as np

from bot.vocabulary import UNKNOWN, Vocabulary, digests_of

ONE = "34f2ddaa8b7615c9"
WORDS = ["one", "two", "তিন", "🙂", "\ud800", ""]


def test_each_word_has_a_number_of_its_own_and_others_have_none():
    vocabulary = Vocabulary(np.sort(digests_of(WORDS)))
    found = vocabulary.find([*WORDS, "three", "one"]).tolist()
    assert sorted(found[: len(WORDS)]) == list(range(len(WORDS)))
    assert found[len(WORDS) :] == [UNKNOWN, found[0]]


def test_no_words_are_no_fault():
    assert Vocabulary(digests_of([])).find(["one"]).tolist() == [UNKNOWN]
    assert Vocabulary(digests_of(["one"])).find([]).tolist() == []


def test_a_digest_is_the_same_in_every_process():
    # BLAKE2b of "one" in eight bytes, read from the lowest: what `b2sum -l 64` prints.
    assert digests_of(["one"]).tolist() == [int.from_bytes(bytes.fromhex(ONE), "little")]
