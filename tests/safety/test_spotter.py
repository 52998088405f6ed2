"""The project's own words, and a folder made up here for the rules that hold in any language."""

import sys
from pathlib import Path

import pytest

from bot.safety import Safety, Signal, spot, wants_language
from bot.safety.lookups import read_lookups
from bot.safety.spotter import DATA, WHOLE_KINDS

FILES = sorted(DATA.glob("*/safety.yml"))


@pytest.fixture
def made_up(tmp_path):
    for code, danger, menu in (("en", "kill me", "menu"), ("xy", "gorba me", "menu")):
        (tmp_path / code).mkdir()
        (tmp_path / code / "safety.yml").write_text(
            f"nlu:\n- lookup: safety=danger\n  examples: |\n    - {danger}\n"
            "- lookup: safety=not_danger\n  examples: |\n    - nobody will kill me\n"
            f"- lookup: safety=menu\n  examples: |\n    - {menu}\n"
            "- lookup: safety=language\n  examples: |\n    - speak {language}\n"
            "    - other language\n"
            "- lookup: safety=filler\n  examples: |\n    - please\n",
            "utf-8",
        )
    (tmp_path / "xy" / "lexicon.yml").write_text(
        "nlu:\n- lookup: language=so\n  examples: |\n    - gumbo\n", "utf-8"
    )
    return Safety.from_folder(tmp_path)


def test_danger_is_found_inside_any_message_and_names_its_language(made_up):
    assert made_up.spot("yes 3 children, they gorba me tonight") == Signal("danger", "xy")


def test_words_that_two_languages_share_name_no_language(made_up):
    assert made_up.spot("menu") == Signal("menu", None)


def test_a_harmless_phrase_takes_the_danger_out_of_itself_only(made_up):
    assert made_up.spot("nobody will kill me") is None
    assert made_up.spot("nobody will kill me but they gorba me") == Signal("danger", "xy")


def test_other_words_count_only_when_they_are_the_whole_message(made_up):
    assert made_up.spot("menu please") == Signal("menu", None)
    assert made_up.spot("the menu was good") is None


def test_a_name_from_a_lexicon_is_a_language_too(made_up):
    assert made_up.wants_language("gumbo please") == "so"
    assert made_up.spot("speak gumbo") == Signal("language", None, "so")


def test_asking_for_any_other_language_names_none(made_up):
    assert made_up.spot("other language") == Signal("language", None, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Somali please", "so"),
        ("so_SO", "so"),
        ("ar-EG", "ar"),
        ("العربية", "ar"),
        ("Soomaali", "so"),
        ("română", "ro"),
        ("🇸🇴", "so"),
        ("🇸🇾", "ar"),
        ("in Arabic pls", "ar"),
        ("do you speak Kurdish?", "ku"),
        ("farsi", "fa"),
    ],
)
def test_a_language_can_be_asked_for_in_many_ways(text, code):
    assert wants_language(text) == code
    assert spot(text).kind == "language"
    assert spot(text).value == code


@pytest.mark.parametrize(
    "text", ["so", "no", "am", "my wife is Somali", "🇸🇴 is my country", "xx_YY"]
)
def test_words_and_codes_that_may_mean_something_else_change_no_language(text):
    assert wants_language(text) is None


def test_saying_which_language_one_does_not_speak_asks_for_no_particular_one():
    assert spot("I don't speak English") == Signal("language", "en", None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my husband beats me every day", "danger"),
        ("they want to kill my wife", "danger"),
        ("i want to die", "danger"),
        ("HELP!!!", "menu"),
        ("can I speak to a lawyer please", "human"),
        ("delete my data please", "delete"),
        ("keep this chat on this phone", "keep"),
        ("do not keep", "forget"),
    ],
)
def test_english_words_are_spotted(text, kind):
    assert spot(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my father was killed in the war",
        "the waiting is killing me",
        "will they delete my data if I lie",
        "is a lawyer expensive",
        "my family is in Gaza under the bombs",
        "do you keep what I write",
    ],
)
def test_messages_that_only_sound_alike_are_left_to_the_model(text):
    assert spot(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mes enfants sont encore sous les décombres", "danger"),
        ("sous les gravats, aidez nous", "danger"),
        ("mes enfants meurent de faim", "danger"),
        ("notre livret de famille est resté sous les décombres", None),
        ("l'acte de mariage est sous les gravats", None),
        ("je meurs de faim, où manger un kebab", None),
    ],
)
def test_people_under_rubble_are_in_danger_and_papers_are_not(text, kind):
    assert getattr(spot(text), "kind", None) == kind


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_language_has_every_kind_of_word(path):
    given = {item.value for item in read_lookups(path, path.parent.name)}
    assert given >= {"danger", *WHOLE_KINDS}


def test_a_misnamed_entry_is_told_with_its_file(tmp_path):
    path = tmp_path / "safety.yml"
    path.write_text("nlu:\n- lookup: danger\n  examples: |\n    - x\n", "utf-8")
    with pytest.raises(ValueError, match=r"safety\.yml.*person=wife"):
        read_lookups(path, "en")


def test_the_package_imports_nothing_of_ours_and_no_rasa():
    folder = Path(sys.modules["bot.safety"].__file__).parent
    lines = [line for path in folder.glob("*.py") for line in path.read_text("utf-8").splitlines()]
    imports = [line for line in lines if line.startswith(("from ", "import "))]
    assert imports
    assert not [i for i in imports if "rasa" in i or ("bot." in i and "bot.safety" not in i)]
