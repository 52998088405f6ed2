"""Languages in preparation: their files are sound, and `offer` puts them to work."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.errors import ConfigError
from bot.i18n.catalogs import catalog_file
from bot.i18n.checks import check_all
from bot.i18n.cli import main
from bot.i18n.merge import read_catalog
from bot.i18n.preparation import CATALOG, EXAMPLES, FOLDER, begin, in_preparation, offer
from bot.i18n.sources import Sources
from bot.nlu.importer import read_stamped
from bot.nlu.lexicon import check, read_tables
from tests.i18n.conftest import entry

ROOT = Sources().root
BEGUN = in_preparation(ROOT)
FEWEST = 25


def test_their_catalogs_are_in_order() -> None:
    files = {f"{FOLDER}/{tag}/{CATALOG}" for tag in BEGUN}
    found = [str(each) for each in check_all(Sources(), BEGUN) if each.file in files]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("tag", BEGUN)
def test_its_examples_can_be_read_and_are_enough(tag: str) -> None:
    counts: dict[str, int] = {}
    for file in sorted((ROOT / FOLDER / tag / EXAMPLES).glob("*.yml")):
        data = read_stamped(str(file))
        tables = [{**each, "name": f"{tag}/{each['name']}"} for each in data.lookup_tables]
        check(read_tables(tables))
        for example in data.training_examples:
            intent = example.get("intent")
            counts[intent] = counts.get(intent, 0) + 1
    domain = YAML(typ="safe").load((ROOT / "domain.yml").read_text("utf-8"))
    missing = {name for name in domain["intents"] if counts.get(name, 0) < FEWEST}
    assert not missing, missing


def english(root: Path) -> None:
    """The English files as a project has them, with a line or two each."""
    talk = "# Talk.\nnlu:\n- intent: greet\n  examples: |\n"
    for name, content in {
        "data/nlu/en/talk.yml": f"{talk}    - hi\n    - ho\n",
        "bot/i18n/introductions/en.txt": "# Names.\nmy name is\n",
        "tests/system/speech/en.yml": "# Typed.\nson: {age: 19, first: my son}\nhello: hello\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")


def test_a_new_language_begins_with_the_names_and_without_the_words(tmp_path: Path) -> None:
    english(tmp_path)
    talk, names, typed = (file.read_text("utf-8") for file in begin(tmp_path, "qq"))
    assert talk == "# Talk.\nnlu:\n- intent: greet\n  examples: |\n    - \n"
    assert names == "# Names.\n"
    assert YAML(typ="safe").load(typed) == {"son": {"age": 19, "first": ""}, "hello": ""}
    assert in_preparation(tmp_path) == ["qq"]


def test_what_is_begun_can_be_read_at_once(tmp_path: Path) -> None:
    english(tmp_path)
    data = read_stamped(str(begin(tmp_path, "qq")[0]))
    assert data.training_examples == []


def test_a_language_is_not_begun_twice(tmp_path: Path) -> None:
    english(tmp_path)
    begin(tmp_path, "qq")
    with pytest.raises(ConfigError, match="there already: preparation/qq"):
        begin(tmp_path, "qq")


def put(root: Path, *leave_out: str) -> Path:
    folder = root / FOLDER / "qq"
    (folder / EXAMPLES).mkdir(parents=True)
    for name in {CATALOG, "introductions.txt", "speech.yml"} - set(leave_out):
        (folder / name).write_text("x", "utf-8")
    return folder


def test_a_language_is_moved_to_where_it_works(tmp_path: Path) -> None:
    put(tmp_path)
    assert in_preparation(tmp_path) == ["qq"]
    moved = offer(tmp_path, "qq")
    assert catalog_file(tmp_path / "locales", "qq") in moved
    assert all(file.exists() for file in moved)
    assert in_preparation(tmp_path) == []


def test_what_is_incomplete_or_there_already_is_not_moved(tmp_path: Path) -> None:
    folder = put(tmp_path, CATALOG)
    with pytest.raises(ConfigError, match=CATALOG):
        offer(tmp_path, "qq")
    (folder / CATALOG).write_text("x", "utf-8")
    (tmp_path / "data" / "nlu" / "qq").mkdir(parents=True)
    with pytest.raises(ConfigError, match="there already: data/nlu/qq"):
        offer(tmp_path, "qq")
    assert in_preparation(tmp_path) == ["qq"]


def test_an_update_brings_a_catalog_in_preparation_along(sources: Sources) -> None:
    folder = put(sources.root)
    (folder / CATALOG).write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        + entry("utter_word_wife", "your wife", "zlorna"),
        "utf-8",
    )
    assert main(["--root", str(sources.root), "update"]) == 0
    catalog = read_catalog(sources.catalog("qq"), "qq")
    assert catalog.get("your wife", "utter_word_wife").string == "zlorna"
    assert len([message for message in catalog if message.id]) == 12
