"""What is read in a text. The Arabic and made-up words are the test's own, not the lexicons'."""

import pytest

from bot.nlu.blanks import blank
from bot.nlu.entities import EntityReader, as_entities
from bot.nlu.lexicon import FACTS, LexiconError, check
from bot.nlu.names import standard_names
from bot.safety import Lookup, fold, read_lookups
from bot.safety.spotter import DATA

LEXICONS = sorted(DATA.glob("*/lexicon.yml"))
TOY = [
    Lookup("ar", *entry)
    for entry in [
        ("affix", "prefix", "و"),
        ("affix", "prefix", "ل"),
        ("affix", "suffix", "ها"),
        ("joiner", "number", "و"),
        ("person", "wife", "زوجتي"),
        ("person", "son*2", "ولدين"),
        ("person", "daughter", "بنت"),
        ("number", "3", "ثلاثة"),
        ("number", "5", "خمسة"),
        ("number", "20", "عشرين"),
        ("unit", "month", "أشهر"),
        ("unit", "month*2", "شهرين"),
        ("unit", "year", "سنة"),
        ("ago", "yes", "منذ"),
        ("skip", "country", "مالي"),
        ("skip", "phrase", "منذ خمسة أشهر القمر"),
    ]
]


@pytest.fixture(scope="module")
def english():
    path = DATA / "en" / "lexicon.yml"
    return EntityReader.of(read_lookups(path, "en"), ["en"])


@pytest.fixture(scope="module")
def toy():
    others = [Lookup("qq", "person", "wife", "zlorna"), Lookup("en", "country", "TR", "Turkey")]
    return EntityReader.of([*TOY, *others], ["ar", "qq"])


def read(reader, text, *languages):
    folded = fold(text)
    marks = reader.read(folded.text, languages or ("en",)).marks
    return as_entities(marks, folded, text)


def facts(*args):
    return [(entity["entity"], entity["value"]) for entity in read(*args)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "my wife and 2 sons (12 and 17) are in Turkey",
            [
                ("person", "wife"),
                ("number", 2),
                ("person", "son+"),
                ("number", 12),
                ("number", 17),
                ("country", "TR"),
            ],
        ),
        (
            "No, he is 15 years old",
            [("correction", "yes"), ("other", "he"), ("number", 15), ("age", "yes")],
        ),
        (
            "my 12-year-old daughter",
            [("number", 12), ("age", "yes"), ("person", "daughter")],
        ),
        ("brother in law", [("person", "in_law")]),
        ("my husband's mother", [("person", "in_law")]),
        ("my ex-wife", [("person", "wife"), ("marriage_flag", "ended")]),
        ("they said no", [("application", "refused")]),
        ("refused six days ago", [("application", "refused"), ("ago", "6 day")]),
        ("pending for 9 months", [("application", "pending"), ("ago", "9 month")]),
        ("a year ago", [("ago", "1 year")]),
        ("this is for my mother", [("person", "mother")]),
        ("can she come to Romania", [("other", "she")]),
        ("she is with my mother", [("other", "she"), ("person", "mother")]),
        ("the papers are with my mother", [("documents", "with_family")]),
        ("my husband is in Romania", [("person", "husband"), ("country", "RO")]),
        ("twenty five", [("number", 25)]),
        ("twelve and seven", [("number", 12), ("number", 7)]),
        ("two thousand", [("number", 2000)]),
        ("single", [("married", "no")]),
        ("I don't know", [("answer", "dont_know")]),
    ],
)
def test_english_facts_come_in_order_and_the_longest_wins(english, text, expected):
    assert facts(english, text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("May 2023", "2023-05"),
        ("4th of May 2023", "2023-05-04"),
        ("May 4, 2023", "2023-05-04"),
        ("05.2023", "2023-05"),
        ("04.05.2023", "2023-05-04"),
        ("2023-05-04", "2023-05-04"),
        ("2023/05", "2023-05"),
        ("in 2023", "2023"),
        ("12/25/2023", "2023-12-25"),
    ],
)
def test_a_date_is_as_exact_as_it_was_told(english, text, value):
    assert facts(english, text) == [("date", value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("may I ask", []),
        ("June", [("month", 6)]),
        ("31.02.2023", [("date", "2023")]),
        ("call 0722123456", []),
        ("30.99.1200", []),
    ],
)
def test_what_is_no_date_is_none_but_a_year_stays_one(english, text, expected):
    found = [fact for fact in facts(english, text) if fact[0] in ("date", "month")]
    assert found == expected


def test_places_refer_to_the_original_text(toy):
    text = "  أَنَا وزوجـــتي في تركيا!"
    found = {entity["entity"]: entity for entity in read(toy, text, "ar")}
    assert text[found["person"]["start"] : found["person"]["end"]] == "وزوجـــتي"
    assert found["person"]["text"] == "وزوجـــتي"
    assert found["country"]["value"] == "TR"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("لزوجتي", [("person", "wife")]),
        ("وبنتها", [("person", "daughter")]),
        ("ولدين", [("person", "son*2")]),
        ("خمسة وعشرين", [("number", 25)]),
        ("منذ ثلاثة أشهر", [("ago", "3 month")]),
        ("منذ شهرين", [("ago", "2 month")]),
        ("منذ سنة", [("ago", "1 year")]),
        ("٤ أيار ٢٠٢٣", [("date", "2023-05-04")]),
        ("كانون الثاني ٢٠٢٣", [("date", "2023-01")]),
        ("يناير ٢٠٢٣", [("date", "2023-01")]),
        ("وضعي المالي", []),
        ("بنت منذ خمسة أشهر القمر", [("person", "daughter")]),
        ("Turkey", [("country", "TR")]),
    ],
)
def test_words_glued_together_and_other_scripts_are_read(toy, text, expected):
    assert facts(toy, text, "ar") == expected


def test_a_language_that_spacy_lacks_needs_no_code(toy):
    assert facts(toy, "zlorna 12", "qq") == [("person", "wife"), ("number", 12)]
    assert [token.text for token in blank("ps")("زما ښځه")] == ["زما", "ښځه"]


def test_the_likeliest_language_tells_whose_calendar_a_year_is_of(toy):
    assert facts(toy, "۱۳۸۹", "fa", "ar") == [("date", "2010-03-21/2011-03-20")]
    assert facts(toy, "۱۳۸۹", "ar", "fa") == [("date", "1969-03-19/1970-03-08")]
    assert facts(toy, "1389", "qq") == [("number", 1389)]


def test_a_message_is_read_in_all_languages_it_may_be_in(toy):
    assert facts(toy, "zlorna زوجتي", "ar", "qq") == [("person", "wife"), ("person", "wife")]


def test_a_text_in_no_known_language_still_gives_numbers_and_countries(toy):
    assert facts(toy, "12 Lebanon", "xx") == [("number", 12), ("country", "LB")]


def test_a_reader_comes_back_from_its_file_as_it_was(toy, tmp_path):
    toy.save(tmp_path / "phrasebooks.json")
    again = EntityReader.load(tmp_path / "phrasebooks.json")
    assert facts(again, "لزوجتي ٥", "ar") == facts(toy, "لزوجتي ٥", "ar") != []


def test_of_two_meanings_of_one_phrase_the_first_given_counts():
    three, thirty = (Lookup("ckb", "number", value, "سێ") for value in ("3", "30"))
    assert facts(EntityReader.of([three, thirty], []), "سێ", "ckb") == [("number", 3)]
    assert facts(EntityReader.of([thirty, three], []), "سێ", "ckb") == [("number", 30)]


def test_standard_names_exist_for_a_language_nobody_described():
    names = {(item.kind, item.value) for item in standard_names("so")}
    assert {("country", "SO"), ("month", "5"), ("language", "so")} <= names


@pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.parent.name)
def test_every_lexicon_uses_only_names_that_something_reads(path):
    lookups = read_lookups(path, path.parent.name)
    check(lookups)
    assert {item.kind for item in lookups} <= {*FACTS, "affix", "joiner", "skip"}


@pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.parent.name)
def test_every_lexicon_speaks_of_every_fact(path):
    # The first have standard names already, the last are refinements.
    needed = set(FACTS) - {"month", "language", "country", "topic", "file"}
    assert needed <= {item.kind for item in read_lookups(path, path.parent.name)}


@pytest.mark.parametrize("name", [("persn", "wife"), ("person", "wive"), ("unit", "yaer")])
def test_a_misspelt_name_is_told(name):
    with pytest.raises(LexiconError, match=f"ro: {name[0]}={name[1]}"):
        check([Lookup("ro", *name, "soție")])
