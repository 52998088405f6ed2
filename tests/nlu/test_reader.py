"""The reader is asked where a guard is in doubt, and nowhere else."""

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix
from scipy.special import softmax

from bot.encoder.adapter import Adapter
from bot.nlu import classifier
from bot.nlu.apart import classifier_settings
from bot.nlu.classifier import Judges, LinearIntentClassifier
from bot.nlu.guard import Guard
from bot.nlu.linear import Linear
from bot.nlu.reader import BESIDE, DOUBT, VOICE, Reader, in_doubt, log_odds, rivals_of, weigh

CLASSES = ("inform", "report_danger")


class FakeEncoder:
    """Finds danger in every text with an exclamation mark; remembers what it read."""

    def __init__(self, needs):
        nothing = np.array([])
        self.adapter = Adapter({}, CLASSES, nothing, nothing, nothing, needs)
        self.read = []

    def scores(self, texts):
        self.read += texts
        return np.array([[0.0, 8.0] if "!" in text else [8.0, 0.0] for text in texts])


def test_odds_are_those_of_each_intent_against_all_others():
    scores = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 5.0]])
    chances = softmax(scores, axis=1)
    odds = log_odds(scores, rivals_of(("greet", "inform", "request_human")))
    assert np.allclose(odds, np.log(chances / (1 - chances)))


def test_a_wish_for_a_person_says_little_against_danger():
    chances = np.array([[0.25, 0.25, 0.5]])
    odds = log_odds(np.log(chances), rivals_of(("inform", "report_danger", "request_human")))
    assert odds[0, 1] == pytest.approx(np.log(0.25 / (0.25 + BESIDE * 0.5)))
    assert odds[0, 2] == pytest.approx(0.0)


def test_the_readers_voice_counts_only_near_the_threshold():
    above = np.array([-DOUBT - 0.01, -DOUBT, 0.0, DOUBT, DOUBT + 0.01])
    assert list(in_doubt(above)) == [False, True, True, True, False]
    heard = weigh(above, np.full(5, 8.0), 0.5)
    assert np.allclose(heard[1:4], above[1:4] + 8 * VOICE - 0.5)
    assert list(heard[[0, 4]]) == list(above[[0, 4]])


def test_only_wanted_messages_are_read():
    encoder = FakeEncoder({})
    odds = Reader(encoder).read(["first!", "two!", "three"], np.array([True, False, True]))
    assert encoder.read == ["three", "first!"]
    assert list(np.sign(odds["report_danger"])) == [1, 0, -1]


def test_it_finds_what_is_likelier_than_not():
    reads = Reader(FakeEncoder({}))
    assert reads.finds("report_danger", "one!")
    assert not reads.finds("report_danger", "one")


def judges(threshold):
    """Nothing of the words tells danger from others: the score is always zero."""
    weights, bias = np.zeros((1, 2), np.float16), np.zeros(2, np.float32)
    guard = Guard("report_danger", Linear(("0", "1"), weights, bias, 1.0), threshold)
    return Judges(Linear(CLASSES, weights, bias, 1.0), (guard,), read=True)


@pytest.mark.parametrize(
    ("threshold", "needs", "intents", "read"),
    [
        (0.5, {"report_danger": 0.0}, ["inform", "report_danger"], 2),
        (0.5, {"report_danger": 2.4}, ["inform", "inform"], 2),
        # Sure enough, or of an intent that the reader did not learn: it is not asked.
        (DOUBT + 0.1, {"report_danger": 0.0}, ["inform", "inform"], 0),
        (-DOUBT - 0.1, {"report_danger": 0.0}, ["report_danger", "report_danger"], 0),
        (0.5, {}, ["inform", "inform"], 0),
    ],
)
def test_reader_and_guard_decide_together(monkeypatch, threshold, needs, intents, read):
    encoder = FakeEncoder(needs)
    monkeypatch.setattr(classifier, "reader", lambda: Reader(encoder))
    monkeypatch.setattr(classifier, "rows_of", lambda messages: csr_matrix((len(messages), 1)))
    component = LinearIntentClassifier({}, None, None, "classifier", judges(threshold))
    messages = component.process([Message({TEXT: text}) for text in ("how long", "they come!")])
    assert [message.get("intent")["name"] for message in messages] == intents
    assert len(encoder.read) == read


def test_the_readers_adapter_fits_the_product():
    settings, adapter = classifier_settings(), Adapter.load()
    assert settings["read"]
    assert list(adapter.needs) == list(settings["guards"])
    assert set(settings["guards"]) < set(adapter.classes)
    assert all(abs(need) <= DOUBT for need in adapter.needs.values())
    assert len(adapter.kept) > 40_000
