"""Learning: staff say what messages mean, and save them as training data that Rasa reads."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.intent_texts import intent_texts, intents
from bot.desk.training_file import one_line, training_file
from bot.i18n import Catalogs, Translator
from tests.desk.browser import Browsers, Member

PAGE = "/desk/learning"
ROOT = Path(__file__).resolve().parents[2]


def examples_of(text: str) -> dict[str, list[str]]:
    return {
        entry["intent"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        for entry in yaml.safe_load(text)["nlu"]
    }


@pytest.fixture
def doubt(browsers: Browsers, rows: Any) -> Any:
    """Store a message that the bot was unsure of; give its id."""

    def put(text: str, language: str | None = "en", intent: str = "inform") -> int:
        conversation = rows(
            "INSERT INTO conversation (channel, token_hash) VALUES ('web', %s) RETURNING id",
            uuid.uuid4().bytes,
        )[0]["id"]
        return int(
            rows(
                "INSERT INTO misunderstanding"
                " (conversation_id, language, text, intent, confidence)"
                " VALUES (%s, %s, %s, %s, 0.31) RETURNING id",
                conversation,
                language,
                text,
                intent,
            )[0]["id"]
        )

    return put


async def label(member: Member, **labels: str) -> None:
    await member.get(PAGE)
    fields = {f"label-{number[1:]}": value for number, value in labels.items()}
    await member.submit(PAGE, **fields)
    assert member.status == 303, member.text


async def test_a_message_is_shown_with_what_the_bot_thought(
    browsers: Browsers, doubt: Any, rows: Any
) -> None:
    number = doubt("<b>when</b> can she come?", intent="ask_duration")
    member = await browsers.member("translator")
    page = await member.get(PAGE)
    assert "&lt;b&gt;when" in page and "<b>when" not in page
    assert "how long the procedure takes in general (31 % sure)" in member.text
    assert f'name="label-{number}"' in page
    ids = rows("SELECT conversation_id::text AS id FROM misunderstanding")
    assert ids and not any(row["id"] in page for row in ids)


async def test_every_intent_of_the_domain_can_be_chosen_in_words(
    browsers: Browsers, doubt: Any
) -> None:
    doubt("hm")
    member = await browsers.member("counsellor")
    page = await member.get(PAGE)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert list(intents()) == domain["intents"]
    for name in domain["intents"]:
        assert f'<option value="{name}">' in page
        assert f">{name}</option>" not in page, "an intent has no words"


def test_every_intent_has_words_of_its_own() -> None:
    texts = intent_texts(Translator(Catalogs(), "en"))
    assert len(set(texts.values())) == len(intents())


async def test_what_is_labelled_leaves_the_list_and_can_be_changed(
    browsers: Browsers, doubt: Any, rows: Any
) -> None:
    number = doubt("how much money")
    member = await browsers.member("translator")
    await label(member, **{f"n{number}": "ask_costs"})
    row = rows("SELECT label, labelled_by FROM misunderstanding WHERE id = %s", number)[0]
    assert row == {"label": "ask_costs", "labelled_by": member.account.id}
    await member.get(PAGE)
    assert "how much money" not in member.text
    await member.get(f"{PAGE}?labelled=1")
    assert "how much money" in member.text
    await label(member, **{f"n{number}": "-"})
    assert rows("SELECT label FROM misunderstanding WHERE id = %s", number)[0]["label"] is None
    told = rows("SELECT detail FROM audit WHERE action = 'examples.labelled' ORDER BY id DESC")
    assert told[0]["detail"] == {"messages": 1}


@pytest.mark.parametrize("wrong", ["nlu_fallback", "ask_nothing", "", "'; DROP TABLE x", "None"])
async def test_only_an_intent_of_the_domain_is_a_label(
    browsers: Browsers, doubt: Any, rows: Any, wrong: str
) -> None:
    number = doubt("x y z")
    member = await browsers.member("counsellor")
    await label(member, **{f"n{number}": wrong, "n99999999999999999": "greet"})
    assert rows("SELECT label FROM misunderstanding WHERE id = %s", number)[0]["label"] is None


async def test_languages_are_kept_apart(browsers: Browsers, doubt: Any) -> None:
    doubt("english words")
    doubt("كلمات عربية", "ar")
    doubt("no language", None)
    member = await browsers.member("translator")
    await member.get(f"{PAGE}?language=ar")
    assert "كلمات" in member.text and "english words" not in member.text
    await member.get(f"{PAGE}?language=")
    assert "no language" in member.text and "english words" not in member.text


async def test_long_lists_have_pages(browsers: Browsers, doubt: Any) -> None:
    numbers = [doubt(f"message {n:02}") for n in range(27)]
    member = await browsers.member("translator")
    await member.get(PAGE)
    assert "message 26" in member.text and "message 01" not in member.text
    await member.get(f"{PAGE}?before={numbers[2]}")
    assert "message 01" in member.text and "message 02" not in member.text


async def test_only_labelled_messages_of_the_language_are_exported_each_once(
    browsers: Browsers, doubt: Any
) -> None:
    first, again = doubt("How much does it cost?"), doubt("how much  does it COST")
    other, none, arabic = doubt("not labelled"), doubt("a joke"), doubt("كم الكلفة", "ar")
    member = await browsers.member("translator")
    await label(
        member,
        **{
            f"n{first}": "ask_costs",
            f"n{again}": "ask_costs",
            f"n{none}": "none",
            f"n{arabic}": "ask_costs",
        },
    )
    assert other
    text = await member.get(f"{PAGE}/en.yml")
    found = examples_of(text)
    assert list(found) == ["ask_costs"] and len(found["ask_costs"]) == 1
    assert examples_of(await member.get(f"{PAGE}/ar.yml")) == {"ask_costs": ["كم الكلفة"]}


def test_rasa_reads_the_file(tmp_path: Path) -> None:
    from rasa.shared.nlu.training_data.loading import load_data

    text = training_file(
        "en",
        [
            ("ask_costs", "how [much](money) {x}\n- intent: greet"),
            ("greet", "/restart # no comment: 'quoted' \"x\""),
            ("greet", "\ufeff- hi\u2028there\x85you"),
            ("inform", "   "),
        ],
    )
    (tmp_path / "nlu.yml").write_text(text, encoding="utf-8")
    data = load_data(str(tmp_path))
    read = {(each.get("text"), each.get("intent")) for each in data.training_examples}
    assert read == {
        ("how (much)(money) (x) - intent: greet", "ask_costs"),
        ("restart # no comment: 'quoted' \"x\"", "greet"),
        ("hi there you", "greet"),
    }
    assert not data.entity_examples


@given(st.lists(st.tuples(st.sampled_from(["greet", "thank"]), st.text()), max_size=12))
@settings(max_examples=200, deadline=None)
def test_whatever_people_write_the_file_stays_yaml(pairs: list[tuple[str, str]]) -> None:
    found = examples_of(training_file("en", pairs)) if pairs else {}
    lines = [line for listed in found.values() for line in listed]
    assert len(lines) == len(set(lines))
    assert all(one_line(line) == line and line for line in lines)


async def test_an_empty_export_is_still_a_file(browsers: Browsers, doubt: Any) -> None:
    doubt("x")
    member = await browsers.member("coordinator")
    assert examples_of(await member.get(f"{PAGE}/en.yml")) == {}


@pytest.mark.parametrize("language", ["xx", "..%2Fen", "en%00", "e" * 50])
async def test_a_language_without_messages_has_no_file(browsers: Browsers, language: str) -> None:
    member = await browsers.member("translator")
    await member.get(f"{PAGE}/{language}.yml")
    assert member.status == 404


async def test_who_may_look_label_and_export(browsers: Browsers, doubt: Any) -> None:
    number = doubt("x")
    expected = {
        "counsellor": (200, 303, 403),
        "coordinator": (200, 303, 200),
        "translator": (200, 303, 200),
        "administrator": (403, 403, 403),
    }
    for role, wanted in expected.items():
        member = await browsers.member(role)
        got = []
        await member.get(PAGE)
        got.append(member.status)
        await member.get("/desk/account")
        await member.submit(PAGE, **{f"label-{number}": "greet"})
        got.append(member.status)
        await member.get(f"{PAGE}/en.yml")
        got.append(member.status)
        assert tuple(got) == wanted, role


async def test_it_goes_with_its_conversation(browsers: Browsers, doubt: Any, rows: Any) -> None:
    doubt("x")
    assert rows("SELECT count(*) AS n FROM misunderstanding")[0]["n"] == 1
    rows("DELETE FROM conversation")
    assert rows("SELECT count(*) AS n FROM misunderstanding")[0]["n"] == 0
