"""The parts that learn, on a few sentences of the test's own."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.gist import pairs
from bot.nlu.guard import Guard, choose_threshold, margin, may_overrule
from bot.nlu.linear import Linear, a_part, train_linear, unseen_scores
from bot.nlu.ngrams import Kind, Ngrams, NgramUnion
from bot.nlu.tongue import TongueModel
from bot.vocabulary import UNKNOWN

SHARED = ["info", "ok", "super", "stop"]
ENGLISH = ["what papers do you need", "how long does it take", "my wife is there", "good morning"]
ROMANIAN = ["ce acte trebuie aduse", "cât durează procedura", "soția mea este acolo", "bună ziua"]
ARABIC = ["ما هي الأوراق", "كم تستغرق المعاملة", "زوجتي هناك", "salam kif halak", "صباح الخير"]
TEXTS = [*ENGLISH, *SHARED, *ROMANIAN, *SHARED, *ARABIC]
CODES = [*["en"] * 8, *["ro"] * 8, *["ar"] * 5]


@pytest.fixture(scope="module")
def tongue():
    return TongueModel.train(TEXTS, CODES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("what papers does my wife need", "en"),
        ("ce acte aduce sotia mea", "ro"),
        ("الأوراق هناك", "ar"),
        ("salam kif halak", "ar"),
    ],
)
def test_a_language_is_known_by_the_examples_romanised_and_bare_too(tongue, text, code):
    assert tongue.identify(text).code == code


@pytest.mark.parametrize("text", ["", "12 + 3", "🙂", "привет как дела"])
def test_a_text_without_letters_or_in_an_unknown_script_tells_nothing(tongue, text):
    assert tongue.identify(text).code is None
    assert not tongue.identify(text).sure


def test_history_weighs_for_short_messages_only(tongue):
    alone = tongue.identify("info")
    other = next(code for code in ("en", "ro") if code != alone.code)
    with_history = tongue.identify("info", other)
    assert with_history.confidence < alone.confidence or with_history.code == other
    long = "what papers do you need"
    assert tongue.identify(long, "ro") == tongue.identify(long)


def test_the_language_model_comes_back_from_its_folder_as_it_was(tongue, tmp_path):
    tongue.save(tmp_path)
    again = TongueModel.load(tmp_path)
    assert [again.identify(text) for text in TEXTS] == [tongue.identify(text) for text in TEXTS]


def test_ngrams_keep_combining_marks_and_come_back_from_their_folder(tmp_path):
    texts = ["আমি কিভাবে যাব", "أُسَجِّلُ الآن"]
    union = NgramUnion.learn([texts, texts], [Kind("word", 1, 1), Kind("char_wb", 1, 3)])
    found = union.parts[0].vocabulary.find(["কিভাবে", "কভব"])
    assert [number == UNKNOWN for number in found] == [False, True]
    union.save(tmp_path)
    again = NgramUnion.load(tmp_path).transform([texts, texts])
    assert np.allclose(again.toarray(), union.transform([texts, texts]).toarray())


@pytest.mark.parametrize("many", [0, 1_000])
@pytest.mark.parametrize("kind", [Kind("char_wb", 1, 5, 2), Kind("word", 1, 2), Kind("pair")])
def test_rows_are_those_of_scikit_learn_whether_words_are_counted_once_or_each_time(
    monkeypatch, kind, many
):
    monkeypatch.setattr("bot.nlu.ngrams.MANY_WORDS", many)
    texts = [*TEXTS, "", "  ok  ok\tok ", "আমি কিভাবে যাব"]
    ngrams = Ngrams.learn(texts, kind)
    peer = TfidfVectorizer(
        analyzer=pairs if kind.analyzer == "pair" else kind.analyzer,
        token_pattern=r"\S+",
        ngram_range=(kind.shortest, kind.longest),
        min_df=kind.rarest,
        lowercase=False,
        sublinear_tf=True,
        dtype=np.float32,
    )
    expected = peer.fit_transform(texts).toarray()
    columns = ngrams.vocabulary.find(list(peer.get_feature_names_out()))
    assert np.array_equal(np.sort(columns), np.arange(len(ngrams.vocabulary)))
    assert np.allclose(ngrams.transform(texts).toarray()[:, columns], expected)


def rows(count=60):
    generator = np.random.default_rng(1)
    labels = ["a", "b", "c"] * (count // 3)
    centres = {"a": [2, 0, 0], "b": [0, 2, 0], "c": [0, 0, 2]}
    return csr_matrix(generator.normal([centres[one] for one in labels])), labels


def test_confidences_sum_to_one_and_training_repeats_itself(tmp_path):
    x, labels = rows()
    first, second = (train_linear(x, labels, 0.5) for _ in range(2))
    assert np.array_equal(first.weights, second.weights)
    assert np.allclose(first.confidences(x).sum(axis=1), 1, atol=1e-5)
    first.save(tmp_path / "w.npz")
    assert np.array_equal(Linear.load(tmp_path / "w.npz").confidences(x), first.confidences(x))


def test_confidences_are_calibrated_on_examples_not_seen():
    x, labels = rows(300)
    linear = train_linear(x, labels, 0.5)
    fresh = np.random.default_rng(2).permutation(300)
    confidences = linear.confidences(x[fresh]).max(axis=1)
    right = np.array(linear.classes)[linear.scores(x).argmax(axis=1)] == np.array(labels)
    assert abs(float(confidences.mean()) - float(right.mean())) < 0.1


def test_one_process_and_several_learn_the_same(monkeypatch):
    x, labels = rows()
    alone = train_linear(x, labels, 0.5)
    monkeypatch.setattr("bot.nlu.linear.WORTH_PROCESSES", 0)
    assert np.array_equal(train_linear(x, labels, 0.5).weights, alone.weights)


def test_one_process_and_several_find_the_same_ngrams(monkeypatch):
    kinds = [Kind("word", 1, 1), Kind("char_wb", 1, 3)]
    alone = NgramUnion.learn([TEXTS, TEXTS], kinds).transform([TEXTS, TEXTS])
    monkeypatch.setattr("bot.nlu.ngrams.MANY_TEXTS", 1)
    shared = NgramUnion.learn([TEXTS, TEXTS], kinds).transform([TEXTS, TEXTS])
    assert np.array_equal(shared.toarray(), alone.toarray())


def test_a_part_has_a_quarter_of_every_class():
    labels = ["a"] * 80 + ["b"] * 40 + ["c"] * 4
    part = a_part(labels)
    assert [[labels[place] for place in part].count(name) for name in "abc"] == [20, 10, 1]


def test_scores_of_a_part_come_from_a_model_that_saw_none_of_it():
    x, labels = rows()
    only_c = np.array([place for place, label in enumerate(labels) if label == "c"])
    unseen = unseen_scores(x, labels, 0.5, only_c)
    assert unseen.scores[:, 2].tolist() == [-1.0] * len(only_c)
    assert set(unseen.numbers) == {2}


def test_one_class_alone_always_wins():
    linear = train_linear(csr_matrix(np.ones((3, 2))), ["a"] * 3, 0.5)
    assert linear.confidences(csr_matrix(np.ones((1, 2)))).tolist() == [[1.0]]


def test_a_margin_is_the_lead_over_the_best_other():
    scores = np.array([[3.0, 1.0, 2.0], [0.0, 5.0, 1.0]], dtype=np.float32)
    assert margin(scores, 0).tolist() == [1.0, -5.0]


@pytest.mark.parametrize(
    ("allowed", "threshold_between"), [(0.0, (0.8, 0.9)), (0.25, (0.3, 0.8)), (1.0, (0.0, 0.21))]
)
def test_the_threshold_lets_no_more_false_alarms_pass_than_allowed(allowed, threshold_between):
    scores = np.array([0.9, 0.2, 0.8, 0.3, 0.1, 0.0])
    guarded = np.array([True, True, False, False, False, False])
    threshold = choose_threshold(scores, guarded, allowed)
    assert (scores[~guarded] >= threshold).mean() <= allowed or allowed == 1.0
    assert threshold_between[0] < threshold <= threshold_between[1]


def test_a_guard_fires_for_its_intent_and_comes_back_from_its_folder(tmp_path):
    x, labels = rows(480)
    part = a_part(labels)
    margins = margin(unseen_scores(x, labels, 0.5, part).scores, 1)
    guard = Guard.train("b", x, labels, part, margins, 0.05)
    guard.save(tmp_path)
    again = Guard.load(tmp_path, "b")
    fires = again.join(x[part], margins) >= again.threshold
    is_b = np.array(labels)[part] == "b"
    assert np.array_equal(fires, guard.join(x[part], margins) >= guard.threshold)
    assert fires[is_b].mean() > 0.7
    assert fires[~is_b].mean() < 0.1


@pytest.mark.parametrize(
    ("guarded", "likeliest", "overruled"),
    [
        ("report_danger", "delete_my_data", True),
        ("request_human", "inform", True),
        ("request_human", "request_human", True),
        ("request_human", "delete_my_data", False),
        ("request_human", "report_danger", False),
    ],
)
def test_a_guard_leaves_what_must_not_be_missed_to_the_classifier(guarded, likeliest, overruled):
    assert may_overrule(guarded, likeliest) is overruled
