"""A message at its best within WhatsApp's limits; an option is never lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.channels.whatsapp.cutting import split, tail
from bot.channels.whatsapp.limits import length, shorten
from bot.channels.whatsapp.parts import Buttons, Document, Link, Menu, Part, Text
from bot.channels.whatsapp.render import Words, plain, render, render_document
from bot.conversations.message import Choice, Outbound

WORDS = Words(choose="Choose")
LONG_TITLE = "Subsidiary protection in Romania"
SENTENCE = "The authority decides about it. "


def rendered(text: str, *titles: str, seq: int = 7, **more: Any) -> list[Part]:
    choices = tuple(Choice(title, "/x") for title in titles)
    return render(Outbound(text=text, choices=choices, **more).body(), seq, WORDS)


def described(*choices: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(title, "/x", description) for title, description in choices)


def test_a_text_is_one_bubble() -> None:
    assert rendered("Hello.\n\nHow are you?") == [Text("Hello.\n\nHow are you?")]


def test_a_status_and_an_empty_message_make_no_bubble() -> None:
    status = Outbound(kind="status", extra={"keep_key": True})
    assert render(status.body(), 1, WORDS) == []
    assert rendered("") == []
    assert rendered(" \u200b\n") == []


def test_a_long_text_is_cut_between_paragraphs() -> None:
    paragraph = (SENTENCE * 60).strip()
    parts = rendered("\n\n".join([paragraph] * 4))
    assert parts == [Text(f"{paragraph}\n\n{paragraph}"), Text(f"{paragraph}\n\n{paragraph}")]


@pytest.mark.parametrize("joint", ["\n", " "], ids=["between lines", "between sentences"])
def test_a_paragraph_that_is_too_long_is_cut_where_a_reader_pauses(joint: str) -> None:
    sentence = "Another sentence, of some words."
    pieces = split(joint.join([sentence] * 400), 4096)
    assert len(pieces) > 1
    for piece in pieces:
        assert length(piece) <= 4096
        assert joint.join([sentence] * piece.count("Another")) == piece


def test_no_number_and_no_abbreviation_is_torn_apart() -> None:
    # Whatever the limit, "art. 46" and the phone number stay whole while a sentence fits.
    text = "See art. 46 of the law. Call +40 21 312 62 10 now. It is free."
    for limit in range(35, len(text)):
        joined = "|".join(split(text, limit))
        assert "art. 46" in joined
        assert "+40 21 312 62 10" in joined


def test_a_word_longer_than_a_bubble_is_cut_between_letters() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    pieces = split(family * 20, 30)
    assert "".join(pieces) == family * 20
    assert all(length(piece) <= 30 for piece in pieces)
    assert all(piece.startswith("\U0001f468") for piece in pieces)


def test_cutting_loses_no_word() -> None:
    text = "\n\n".join(f"Paragraph {n}.\nLine one! Line {n}؟ Last" for n in range(300))
    assert re.findall(r"\w+", " ".join(split(text, 500))) == re.findall(r"\w+", text)


def test_the_end_of_a_text_is_never_cut_inside_a_sentence() -> None:
    before, end = tail("One.\n\nTwo is longer.\n\nThree.", 24)
    assert (before, end) == ("One.", "Two is longer.\n\nThree.")
    assert tail("word " * 30, 20) == ("word " * 30, "")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_short_choices_are_buttons(count: int) -> None:
    titles = ["Yes", "No", "I do not know now ok"][:count]
    (part,) = rendered("Are you married?", *titles)
    assert isinstance(part, Buttons)
    assert part.body == "Are you married?"
    assert [option.title for option in part.options] == titles
    assert [option.id for option in part.options] == [f"7-{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize(
    "titles",
    [
        ("Yes", "No", "Maybe", "Never"),
        ("Yes", "twenty-one characters"),
        ("\U0001f600" * 11, "No"),  # 11 code points, 22 UTF-16 units
    ],
    ids=["four", "a long title", "an emoji counts twice"],
)
def test_what_is_too_much_for_buttons_is_a_list(titles: tuple[str, ...]) -> None:
    (part,) = rendered("Which?", *titles)
    assert isinstance(part, Menu)
    assert part.button == "Choose"
    assert part.body == "Which?"
    assert [option.title for option in part.options] == list(titles)


def test_choices_with_descriptions_are_a_list() -> None:
    choices = described(("Sponsor", "I live in Romania"), ("Family", "I am abroad"))
    (part,) = render(Outbound(text="Who?", choices=choices).body(), 3, WORDS)
    assert isinstance(part, Menu)
    assert [option.description for option in part.options] == ["I live in Romania", "I am abroad"]
    assert part.body == "Who?"


def test_titles_too_long_for_a_row_are_numbered_and_stand_in_full() -> None:
    (part,) = rendered("Which protection?", "Refugee", LONG_TITLE)
    assert isinstance(part, Menu)
    assert part.body == f"Which protection?\n\n1. Refugee\n2. {LONG_TITLE}"
    assert [(o.id, o.title, o.description) for o in part.options] == [
        ("7-1", "1", "Refugee"),
        ("7-2", "2", LONG_TITLE),
    ]


def test_where_a_number_is_an_answer_rows_bear_words() -> None:
    (part,) = rendered("How many children?", LONG_TITLE, "None", numbered=False)
    assert isinstance(part, Menu)
    assert part.body == f"How many children?\n\n\u2022 {LONG_TITLE}\n\u2022 None"
    assert [option.title for option in part.options] == ["Subsidiary protection\u2026", "None"]
    assert part.options[0].description == LONG_TITLE


def test_a_description_too_long_for_its_row_stands_in_the_body_too() -> None:
    description = "words " * 15 + "end"
    choices = described(("Short", description), ("Other", "fits"))
    (part,) = render(Outbound(text="Which?", choices=choices).body(), 1, WORDS)
    assert isinstance(part, Menu)
    assert description in part.body
    assert all(length(option.description or "") <= 72 for option in part.options)
    assert [option.title for option in part.options] == ["Short", "Other"]


def test_ten_choices_are_a_list_and_eleven_are_numbered_text() -> None:
    titles = [f"Country {n}" for n in range(1, 12)]
    (ten,) = rendered("Where?", *titles[:10])
    assert isinstance(ten, Menu)
    (eleven,) = rendered("Where?", *titles)
    assert isinstance(eleven, Text)
    assert eleven.text.splitlines()[2:] == [f"{n}. Country {n}" for n in range(1, 12)]


def test_eleven_choices_that_are_typed_by_their_words_bear_no_number() -> None:
    (part,) = rendered("How many?", *[f"about {n}" for n in range(11)], numbered=False)
    assert isinstance(part, Text)
    assert "\u2022 about 10" in part.text
    assert "1." not in part.text


def test_two_choices_of_one_title_are_told_by_their_numbers() -> None:
    (part,) = rendered("Which?", "Yes", "yes")
    assert part == Text("Which?\n\n1. Yes\n2. yes")


def test_a_blank_title_makes_nobody_refuse_the_message() -> None:
    (part,) = rendered("Which?", "Yes", "\u200b")
    assert isinstance(part, Text)


def test_a_long_text_above_buttons_goes_before_them_in_whole_paragraphs() -> None:
    paragraph = (SENTENCE * 20).strip()
    parts = rendered(f"{paragraph}\n\n{paragraph}\n\nShall I go on?", "Yes", "No")
    assert parts[0] == Text(paragraph)
    assert isinstance(parts[1], Buttons)
    assert parts[1].body == f"{paragraph}\n\nShall I go on?"


def test_one_endless_sentence_goes_before_buttons_that_say_choose() -> None:
    parts = rendered("word " * 300, "Yes", "No")
    assert parts[:-1] == [Text(("word " * 300).strip())]
    assert isinstance(parts[-1], Buttons)
    assert parts[-1].body == "Choose"


def test_a_listing_longer_than_a_body_stands_whole_before_its_list() -> None:
    titles = [f"{n} " + "x" * 150 for n in range(9)]
    *before, menu = rendered("Which?", *titles)
    assert isinstance(menu, Menu)
    assert menu.body == "Choose"
    (listing,) = before
    assert isinstance(listing, Text)
    assert all(title in listing.text for title in titles)


def test_choices_without_a_text_are_still_asked() -> None:
    (part,) = rendered("", "Yes", "No")
    assert isinstance(part, Buttons)
    assert part.body == "Choose"


def test_a_translation_too_long_for_the_lists_button_is_replaced_by_a_sign() -> None:
    body = Outbound(text="?", choices=described(*[(f"t{n}", "d") for n in range(5)])).body()
    (part,) = render(body, 1, Words(choose="Choose one of these answers"))
    assert isinstance(part, Menu)
    assert part.button == "\u2630"


def test_one_link_is_a_button_that_opens_it() -> None:
    link = {"title": "The form", "url": "https://igi.mai.gov.ro/form"}
    assert rendered("Here.", links=(link,)) == [Link("Here.", "The form", link["url"])]


@pytest.mark.parametrize(
    "links",
    [
        ({"title": "Form", "url": "https://a.ro"}, {"title": "Law", "url": "https://b.ro"}),
        ({"title": "A title longer than twenty", "url": "https://a.ro"},),
        ({"title": "Call", "url": "tel:+40213126210"},),
        ({"title": "Broken", "url": "https://[a.ro"},),
    ],
    ids=["two", "a long title", "no web address", "no address at all"],
)
def test_other_links_are_lines(links: tuple[dict[str, str], ...]) -> None:
    (part,) = rendered("Here.", links=links)
    assert isinstance(part, Text)
    assert part.text.splitlines()[2:] == [f"{link['title']}: {link['url']}" for link in links]


def test_links_stand_above_the_question_that_has_buttons() -> None:
    link = {"title": "The form", "url": "https://a.ro"}
    (part,) = rendered("You need a form.\n\nShall I go on?", "Yes", links=(link,))
    assert isinstance(part, Buttons)
    assert part.body == "You need a form.\n\nThe form: https://a.ro\n\nShall I go on?"


def test_a_counsellor_is_named_above_the_text() -> None:
    assert rendered("Hello.", author="agent", extra={"agent": "Ana"}) == [Text("*Ana:*\nHello.")]


def test_isolates_around_a_title_cost_no_button() -> None:
    title = "\u2068CNRR counsellor now\u2069"
    (part,) = rendered("Who?", title)
    assert isinstance(part, Buttons)
    assert part.options[0].title == "CNRR counsellor now"


def test_a_document_carries_its_caption_and_the_rest_goes_before() -> None:
    assert render_document("7", "list.pdf", "Your list.") == [
        Document("7", "list.pdf", "Your list.")
    ]
    long = (SENTENCE * 40).strip()
    text, document = render_document("7", "list.pdf", f"{long}\n\nYour list.")
    assert text == Text(long)
    assert document == Document("7", "list.pdf", "Your list.")


@pytest.mark.parametrize("count", [2, 4], ids=["buttons", "list"])
def test_what_is_refused_can_be_said_as_text_with_every_option(count: int) -> None:
    titles = ["Yes", "No", "Maybe", "Never"][:count]
    (part,) = rendered("Which?", *titles)
    listing = "\n".join(f"{n}. {title}" for n, title in enumerate(titles, 1))
    assert plain(part) == Text(f"Which?\n\n{listing}")


def test_a_shortened_text_ends_at_a_word() -> None:
    assert shorten("Subsidiary protection, in Romania", 24) == "Subsidiary protection\u2026"
    assert shorten("short", 24) == "short"
    assert length(shorten("x" * 100, 24)) <= 24
