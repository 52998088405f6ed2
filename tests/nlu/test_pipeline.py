"""The whole pipeline, trained by Rasa itself on a small folder of the test's own."""

import json

import pytest
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import ConfigError
from bot.nlu import cli, evaluate
from bot.nlu.importer import Example, Examples, folder_language, read_stamped
from bot.nlu.keys import FOLDED
from bot.nlu.normaliser import Normaliser
from bot.nlu.understanding import Understanding
from tests.nlu.small_model import EXAMPLES, entries, train

LEXICON = {
    "en": {"person=wife": "wife;my wife", "safety=danger": "wants to kill", "language=so": "gumbo"},
    "ar": {"person=wife": "زوجتي", "affix=prefix": "ل;و", "safety=menu": "قائمة"},
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    root = tmp_path_factory.mktemp("bot")
    for code, intents in EXAMPLES.items():
        target = root / "data" / "nlu" / code
        target.mkdir(parents=True)
        (target / "talk.yml").write_text(entries("intent", intents), "utf-8")
        (target / "lexicon.yml").write_text(entries("lookup", LEXICON[code]), "utf-8")
    return train(root)


@pytest.fixture(scope="module")
def understanding(model):
    return Understanding.load(model)


def parse(understanding, text, language=None):
    return next(understanding.parse([text], [language]))


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("what papers do I need", "ask_documents", "en"),
        ("good morning", "greet", "en"),
        ("ما هي الأوراق المطلوبة", "ask_documents", "ar"),
        ("salam alaikum", "greet", "ar"),
    ],
)
def test_intent_and_language_are_understood(understanding, text, intent, language):
    parsed = parse(understanding, text)
    assert (parsed["intent"], parsed["language"]) == (intent, language)
    assert 0 < parsed["confidence"] <= 1


def test_entities_point_into_the_original_text(understanding):
    text = "شو الأوراق لزوجَتي؟"
    entity = parse(understanding, text)["entities"][0]
    assert (entity["entity"], entity["value"]) == ("person", "wife")
    assert text[entity["start"] : entity["end"]] == entity["text"] == "لزوجَتي"


def test_a_danger_phrase_is_danger_whatever_the_model_thinks(understanding):
    parsed = parse(understanding, "good morning, which papers, he wants to kill, hello")
    assert (parsed["intent"], parsed["confidence"]) == ("report_danger", 1.0)
    assert parsed["safety"] == "danger"


def test_the_guard_finds_danger_that_no_phrase_holds(understanding):
    parsed = parse(understanding, "they hold us here, he hits my sister")
    assert (parsed["intent"], parsed["safety"]) == ("report_danger", "danger")


def test_a_word_of_another_language_works_in_any_conversation(understanding):
    assert parse(understanding, "قائمة", "en")["intent"] == "ask_menu"


@pytest.mark.parametrize(
    ("text", "current", "wanted"),
    [
        ("gumbo", None, "so"),
        ("🇸🇴", "ar", "so"),
        ("so_SO", None, "so"),
        ("English words no, can we write Arabic words", "en", "ar"),
    ],
)
def test_the_first_language_named_is_the_one_wanted(understanding, text, current, wanted):
    parsed = parse(understanding, text, current)
    assert parsed["intent"] == "change_language"
    assert [e["value"] for e in parsed["entities"] if e["entity"] == "language"][0] == wanted


def test_a_payload_goes_past_the_pipeline_to_rasas_own_reader(understanding):
    parsed = parse(understanding, '/inform{"sponsor_status": "refugee"}', "ar")
    assert (parsed["intent"], parsed["confidence"]) == ("inform", 1.0)
    assert [(e["entity"], e["value"]) for e in parsed["entities"]] == [
        ("sponsor_status", "refugee")
    ]


@pytest.mark.parametrize(
    "text", ['/inform{"x":', "/", "", "   ", "🙂🙂", "\u200f", "ـــ", "a" * 5000]
)
def test_no_message_breaks_the_pipeline(understanding, text):
    assert isinstance(parse(understanding, text)["intent"], str)


def test_the_command_prints_every_line_in_order(model, tmp_path, capsys):
    source = tmp_path / "in.jsonl"
    texts = ["hello", "ما هي الأوراق", "which documents"]
    source.write_text("".join(json.dumps({"text": t, "id": t[:2]}) + "\n" for t in texts), "utf-8")
    assert cli.main(["--jsonl", str(source), "--model", str(model)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == texts
    assert all({"id", "intent", "confidence", "language", "entities"} <= set(row) for row in rows)


@pytest.mark.parametrize("line", ["{", "[]", '{"txt": "a"}', '{"text": 3}'])
def test_a_line_that_cannot_be_read_is_named(model, tmp_path, capsys, line):
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "hello"}\n' + line + "\n", "utf-8")
    assert cli.main(["--jsonl", str(source), "--model", str(model)]) == 2
    assert "line 2" in capsys.readouterr().err


def test_a_missing_model_is_told_with_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["hello"]) == 2
    assert "make train" in capsys.readouterr().err


def test_the_evaluation_counts_and_never_prints_a_text(model, tmp_path, capsys):
    rows = [
        ("hello", "greet", "clean", False),
        ("which documents", "ask_documents", "noisy", False),
        ("hello secretword", "report_danger", "clean", False),
        ("he wants to kill time", "greet", "clean", True),
    ]
    data = tmp_path / "heldout"
    data.mkdir()
    keys = ("text", "intent", "noise", "near_miss")
    lines = [json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows]
    (data / "en.jsonl").write_text("".join(lines), "utf-8")
    examples = tmp_path / "examples" / "en"
    examples.mkdir(parents=True)
    (examples / "a.yml").write_text("    - Which documents?\n", "utf-8")
    options = ["--model", str(model), "--data", str(data), "--out", str(tmp_path / "results")]
    options += ["--examples", str(tmp_path / "examples")]
    assert evaluate.main(options) == 1
    printed = capsys.readouterr().out
    assert "1 of 4 messages are training examples too: left out" in printed
    assert "report_danger: en:3" in printed
    assert "report_danger: recall   0.00% (0/1) below 99%" in printed
    assert "report_danger: false alarms 100.00% (1/1) above 3%" in printed
    assert "clean  33.33% (1/3)" in printed
    assert "report_danger: recall   0.00% (0/1)  instead of   0.00% (0/1)" in printed
    results = tmp_path / "results"
    written = [path.read_text("utf-8") for path in results.glob("*.txt")]
    assert "secretword" not in printed + "".join(written)
    pictures = {path.name for path in results.glob("*.png")}
    assert pictures == {"confusion-all.png", "confusion-en.png"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("data/nlu/ar/help.yml", "ar"),
        ("/srv/nlu/x/data/nlu/ckb/deep/file.yml", "ckb"),
        ("data/nlu/file.yml", None),
        ("data/stories/rules.yml", None),
    ],
)
def test_the_folder_tells_the_language(path, code):
    assert folder_language(path) == code


def test_examples_and_lookups_carry_their_folders_language(tmp_path):
    target = tmp_path / "nlu" / "ro"
    target.mkdir(parents=True)
    text = entries("intent", {"greet": "salut"}) + entries("lookup", {"person=son": "fiu"})[5:]
    (target / "a.yml").write_text(text, "utf-8")
    data = read_stamped(str(target / "a.yml"))
    assert data.training_examples[0].get("language")["code"] == "ro"
    assert data.lookup_tables[0]["name"] == "ro/person=son"


def test_a_list_that_is_not_filled_in_yet_is_left_out(tmp_path):
    target = tmp_path / "nlu" / "ro"
    target.mkdir(parents=True)
    lines = 'version: "3.1"\nnlu:\n- lookup: person=son\n  examples: |\n    - \n'
    (target / "a.yml").write_text(lines, "utf-8")
    assert read_stamped(str(target / "a.yml")).lookup_tables == []


def test_what_begins_with_a_slash_is_no_example(tmp_path):
    target = tmp_path / "nlu" / "ro"
    target.mkdir(parents=True)
    (target / "a.yml").write_text(entries("intent", {"greet": "salut;/start"}), "utf-8")
    with pytest.raises(ConfigError, match="slash"):
        read_stamped(str(target / "a.yml"))


@pytest.mark.parametrize(
    ("key", "value"), [("text", "hi"), ("intent", "thank"), ("entities", []), ("language", None)]
)
def test_examples_that_differ_are_told_apart(key, value):
    same = {"text": "hello", "intent": "greet", "entities": [{"entity": "a"}], "language": {}}
    assert Example(same).fingerprint() == Example(dict(same)).fingerprint()
    assert Example(same).fingerprint() != Example(same | {key: value}).fingerprint()


def test_all_examples_are_told_apart_by_what_was_written_and_by_who_read_them():
    def some(*texts):
        return Examples.of(TrainingData([Example({"text": t, "intent": "greet"}) for t in texts]))

    assert some("hello", "hi").fingerprint() == some("hello", "hi").fingerprint()
    assert some("hello", "hi").fingerprint() != some("hello", "hey").fingerprint()
    read = some("hello", "hi")
    before = read.fingerprint()
    read.training_examples[1].set(FOLDED, "hi")
    assert read.fingerprint() != before


def test_the_normaliser_hands_on_what_it_was_given():
    given = TrainingData([Example({"text": "Hé", "intent": "greet"})], {"a": "b"}, responses={})
    handed = Normaliser().process_training_data(given)
    assert handed.training_examples is given.training_examples
    assert [e.get(FOLDED) for e in handed.training_examples] == ["he"]
    assert (handed.entity_synonyms, type(handed)) == ({"a": "b"}, Examples)
