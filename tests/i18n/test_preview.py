"""The translators' view: messages as channels show them, what is wrong, what to do first."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from bot.errors import BotError
from bot.i18n import Catalogs, Responses
from bot.i18n.catalogs import DEFAULT_LOCALES
from bot.i18n.checks import check_all
from bot.i18n.cli import main
from bot.i18n.preview import Book
from bot.i18n.preview.channels import Bubble, Measured
from bot.i18n.preview.difference import difference
from bot.i18n.preview.messages import MessageView
from bot.i18n.preview.samples import FILE, Samples
from bot.i18n.preview.speaker import counts_of
from bot.i18n.responses import PLACEHOLDER
from bot.i18n.sources import Sources
from tests.i18n.conftest import entry, write_catalog

WORDS = "wife adopted_child_other stepdaughter someone".split()
MANY = "".join(
    f"""
    - title: "Option {number}"
      payload: '/option{{"n": "{number}"}}'"""
    for number in range(12)
)
DOMAIN = f"""version: "3.1"
responses:
  utter_menu:
  - text: "What do you need?"
    buttons:
    - title: "My family"
      payload: /check
    - title: "A person"
      payload: /human
  utter_ask_status:
  - text: "What is your status?"
    buttons:
    - title: "Refugee"
      payload: '/inform{{"status": "refugee"}}'
      description: "You have a refugee card"
    - title: "Other"
      payload: '/inform{{"status": "other"}}'
  utter_ask_many:
  - text: "Which one?"
    buttons:{MANY}
  utter_finding_named:
  - text: "The rule names {{person}}."
    metadata:
      links: [{{title: "The law", url: "https://example.org/law"}}]
  utter_months:
  - text: "{{n_months}} months are left."
    metadata:
      plural:
        value: n_months
        one: "{{n_months}} month is left."
        other: "{{n_months}} months are left."
  utter_choose:
  - text: "Choose"
  utter_word_aged:
  - text: "{{person}} ({{age}})"
""" + "".join(f'  utter_word_{word}:\n  - text: "the {word}"\n' for word in WORDS)
PAGE = '<h1>{{ pgettext("page", "Welcome") }}</h1>'
MACHINE = "# unreviewed: machine\n"
THREE = (
    "nplurals=3; plural=(n==1 ? 0 : n==0 || (n!=1 && n%100>=1 && n%100<=19) ? 1 : 2)"
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Sources:
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    templates = tmp_path / "bot" / "channels" / "web" / "templates"
    templates.mkdir(parents=True)
    (templates / "chat.html").write_text(PAGE)
    write_catalog(tmp_path / "locales", "en", "")
    return Sources(tmp_path)


def run(sources: Sources, *arguments: str) -> int:
    return main(["--root", str(sources.root), *arguments])


def message(sources: Sources, name: str, tag: str = "ro") -> MessageView:
    return next(each for each in Book(sources).language(tag).messages if each.name == name)


def shown(view: MessageView, channel: str, version: int = 0) -> list[Bubble]:
    showings = view.versions[version].showings
    return list(next(each for each in showings if each.channel.name == channel).bubbles)


def complete(sources: Sources, tag: str = "ro") -> Path:
    """A catalog with a translation of everything, so that nothing is left to complain about."""
    write_catalog(sources.locales, tag, "", THREE)
    run(sources, "update")
    file = sources.catalog(tag)
    text = file.read_text(encoding="utf-8")
    text = re.sub(
        r'(msgctxt "([^"]*)"\nmsgid "(.*)"\n)msgstr ""\n', r'\1msgstr "\3 ~"\n', text
    )  # fmt: skip
    text = re.sub(r'msgstr\[(\d)\] ""', r'msgstr[\1] "{n_months} luni \1"', text)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_message_is_shown_as_each_channel_shows_it(project: Sources) -> None:
    menu = message(project, "utter_menu", "en")
    (bubble,) = shown(menu, "whatsapp")
    assert (bubble.kind, [row.title.text for row in bubble.rows]) == (
        "buttons",
        ["My family", "A person"],
    )
    (page,) = shown(menu, "web")
    assert [(row.number, row.title.text) for row in page.rows] == [
        (1, "My family"),
        (2, "A person"),
    ]


def test_descriptions_make_a_list_and_too_many_choices_a_text(project: Sources) -> None:
    (listed,) = shown(message(project, "utter_ask_status", "en"), "whatsapp")
    assert listed.kind == "list"
    assert listed.opener and listed.opener.text == "Choose"
    assert [row.description and row.description.text for row in listed.rows] == [
        "You have a refugee card",
        None,
    ]
    (numbered,) = shown(message(project, "utter_ask_many", "en"), "whatsapp")
    assert numbered.kind == "text"
    assert "12. Option 11" in numbered.body.text


def test_each_part_has_its_length_and_its_limit(project: Sources) -> None:
    (bubble,) = shown(message(project, "utter_menu", "en"), "whatsapp")
    assert (bubble.body.length, bubble.body.limit) == (len("What do you need?"), 1024)
    assert (bubble.rows[0].title.length, bubble.rows[0].title.limit) == (9, 20)


def test_placeholders_are_filled_and_one_without_a_sample_shows_its_name(project: Sources) -> None:
    text = project.domain.read_text().replace("The rule names", "{nobody} names")
    project.domain.write_text(text)
    (bubble,) = shown(message(project, "utter_finding_named", "en"), "web")
    assert bubble.body.text == "[nobody] names the wife."


def test_every_form_of_counting_is_shown_once(project: Sources) -> None:
    file = complete(project)
    assert "nplurals=3" in file.read_text()
    view = message(project, "utter_months")
    texts = [shown(view, "web", number)[0].body.text for number in range(len(view.versions))]
    assert texts == ["1 luni 0", "2 luni 1", "20 luni 2"]


def test_a_form_for_nothing_is_met_too() -> None:
    assert counts_of("(n==0 ? 0 : n==1 ? 1 : 2)") == [0, 1, 2]
    assert counts_of("0") == [1]


def test_what_is_not_finished_is_shown_in_english_and_called_so(project: Sources) -> None:
    content = entry("utter_menu", "What do you need?", "Ce doriți?", "fuzzy")
    content += entry("utter_menu.check", "My family", "Familia mea")
    write_catalog(project.locales, "ro", content)
    view = message(project, "utter_menu")
    (bubble,) = shown(view, "web")
    assert bubble.body.text == "What do you need?"
    assert [row.title.text for row in bubble.rows] == ["Familia mea", "A person"]
    assert view.in_english
    assert [each.standing.value for each in view.sentences] == ["changed", "read", "missing"]


def test_the_change_of_the_english_is_marked_also_after_another_update(project: Sources) -> None:
    complete(project)
    for old, new in (
        ("What do you need?", "What do you need now?"),
        ("My family", "My whole family"),
    ):
        text = project.domain.read_text()
        assert old in text
        project.domain.write_text(text.replace(old, new))
        run(project, "update")
    text, title, _ = message(project, "utter_menu").sentences
    assert [(piece.mark, piece.text) for piece in text.changes[0]] == [
        ("same", "What do you "),
        ("gone", "need?"),
        ("new", "need now?"),
    ]
    assert [piece.text for piece in title.changes[0] if piece.mark == "new"] == ["whole "]
    assert text.comments == ()


def test_a_difference_gives_both_texts_back() -> None:
    before, after = "Within 3 months, write to us.", "Within 6 months write to us again."
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark != "new") == before
    assert "".join(piece.text for piece in pieces if piece.mark != "gone") == after
    assert difference("same", "same")[0].mark == "same"


def test_the_checks_complain_here_as_they_do_in_the_command(project: Sources) -> None:
    content = entry("utter_menu.check", "My family", "Familia mea foarte dragă")
    content += entry("utter_finding_named", "The rule names {person}.", "Regula numește 3.")
    content += entry("page", "Welcome", "Бун")
    write_catalog(project.locales, "ro", content)
    run(project, "update")
    file = "locales/ro/LC_MESSAGES/impreuna.po"
    unfinished = "not translated yet"
    told = [p.message for p in check_all(project, ["ro"]) if p.file == file]
    wanted = Counter(each for each in told if each != unfinished)
    found = Counter(each for m in Book(project).language("ro").messages for each in m.complaints)
    assert sum(wanted.values()) >= 4
    assert found == wanted


def test_the_checks_complain_of_the_english_too(project: Sources) -> None:
    text = project.domain.read_text().replace("My family", "My family far away from here")
    project.domain.write_text(text)
    wanted = [problem.message for problem in check_all(project, ["en"])]
    found = [each for m in Book(project).language("en").messages for each in m.complaints]
    assert found == wanted
    assert len(found) == 1


def test_what_to_do_first_is_told_by_harm_then_by_what_a_reader_suffers(project: Sources) -> None:
    content = (
        entry("utter_menu", "What do you need?", "Ce doriți?", "fuzzy")
        + entry("utter_menu.check", "My family", "Familia mea care a rămas departe")
        + MACHINE
        + entry("utter_choose", "Choose", "Alegeți")
    )
    write_catalog(project.locales, "ro", content)
    told = [(task.group, task.kind) for task in Book(project).language("ro").tasks]
    assert told[:4] == [
        ("safety", "translate"),
        ("safety", "read_again"),
        ("safety", "shorten"),
        ("safety", "mend"),
    ]
    assert told[4:] == [
        ("findings", "translate"),
        ("questions", "translate"),
        ("words", "translate"),
        ("pages", "translate"),
        ("other", "translate"),
        ("other", "read"),
    ]


def test_an_edited_catalog_shows_at_the_next_reading(project: Sources) -> None:
    write_catalog(project.locales, "ro", entry("utter_choose", "Choose", "Alegeți"))
    book = Book(project)
    before = book.language("ro")
    assert book.language("ro") is before
    write_catalog(project.locales, "ro", entry("utter_choose", "Choose", "Alege"))
    after = next(m for m in book.language("ro").messages if m.name == "utter_choose")
    assert shown(after, "web")[0].body.text == "Alege"


def test_a_language_that_is_not_on_offer_is_refused(project: Sources) -> None:
    with pytest.raises(KeyError):
        Book(project).language("../ro")
    with pytest.raises(BotError, match="no such language: xx"):
        run(project, "preview", "xx")


def test_render_goes_through_all_values_and_finds_nothing(
    project: Sources, capsys: pytest.CaptureFixture[str]
) -> None:
    complete(project)
    capsys.readouterr()
    assert run(project, "render") == 0
    told = capsys.readouterr().out
    # 10 messages, one in three forms, two with {person}, of which there are four samples.
    assert "ro: 11 messages; WhatsApp: 19 times, 19 bubbles; Web chat: 19 times" in told
    assert "en: 11 messages; WhatsApp: 18 times" in told
    assert told.endswith("every message comes out\n")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "My family ~"', 'msgstr ""', "utter_menu: English is said: the title “My family”"),
        ('msgctxt "utter_choose"', '#, fuzzy\nmsgctxt "utter_choose"', "utter_choose: English is"),
        ("My family ~", "My family far away from here", "“My family far away from here” has 28"),
        ("Choose ~", "Choose one of all these here", "utter_ask_status: WhatsApp: the button"),
        ("A person ~", "My Family ~", "utter_menu: WhatsApp: two choices read the same"),
        ("names {person}. ~", "names {people}. ~", "utter_finding_named: it cannot be said"),
        ("The law ~", "The law as it stands there", "utter_finding_named: WhatsApp: the link"),
        ("refugee card ~", "refugee card" * 7, "utter_ask_status: WhatsApp: the line below"),
        ("need? ~", "need? " * 300, "utter_menu: WhatsApp: the text has"),
    ],
)
def test_render_names_what_does_not_come_out(
    project: Sources, capsys: pytest.CaptureFixture[str], old: str, new: str, fault: str
) -> None:
    file = complete(project)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    capsys.readouterr()
    assert run(project, "render", "ro") == 1
    assert fault in capsys.readouterr().out


def test_every_placeholder_of_the_product_has_a_sample_that_can_be_said() -> None:
    domain = DEFAULT_LOCALES.parent / "domain.yml"
    names = set(PLACEHOLDER.findall(domain.read_text(encoding="utf-8")))
    assert len(names) > 5
    samples = Samples()
    assert [name for name in sorted(names) if name not in samples] == []
    known = Responses(domain, Catalogs())
    named = set(re.findall(r"\butter_\w+", FILE.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if name not in known] == []


def test_every_message_of_the_product_can_be_said_in_every_language() -> None:
    book = Book(Sources())
    for tag in book.languages():
        versions = [(m.name, each) for m in book.everything(tag).messages for each in m.versions]
        assert len(versions) > 400
        assert [(name, each.failure) for name, each in versions if each.failure] == [], tag


def test_every_message_of_the_product_comes_out_in_english(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["render", "en"]) == 0, capsys.readouterr().out


class Tags(HTMLParser):
    """Reads a page strictly: every tag closed in order, every id once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.names |= {tag, *given}
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag not in ("meta", "link", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def spoilt(sources: Sources) -> None:
    """A catalog in which everything is to be seen that can be wrong."""
    file = complete(sources, "ar")
    text = file.read_text(encoding="utf-8")
    text = text.replace("My family ~", "عائلتي العزيزة جدًا التي بقيت بعيدة")
    text = text.replace("the someone ~", "<script>alert(1)</script> & {bad}")
    text = text.replace('msgstr "A person ~"', 'msgstr ""')
    text = text.replace(
        "#: domain.yml:4\n", "# ask Maria\n# unreviewed: machine\n#: domain.yml:4\n"
    )
    file.write_text(text, encoding="utf-8")
    domain = sources.domain.read_text().replace("Which one?", "Which one is it?")
    sources.domain.write_text(domain)
    run(sources, "update")


def written(sources: Sources, folder: Path, *arguments: str) -> dict[str, str]:
    assert run(sources, "preview", "--out", str(folder), *arguments) == 0
    return {file.stem: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_the_pages_open_from_a_folder_and_need_nothing_else(
    project: Sources, tmp_path: Path
) -> None:
    spoilt(project)
    pages = written(project, tmp_path / "out")
    assert set(pages) == {"index", "ar", "en"}
    targets = {f"{name}.html#{i}" for name, text in pages.items() for i in Tags(text).ids}
    for text in pages.values():
        tags = Tags(text)
        assert not tags.names & {"script", "img", "link", "iframe", "form", "onclick"}
        assert len(tags.ids) == len(set(tags.ids))
        assert "url(" not in text and "@import" not in text
        for link in tags.links:
            assert link in targets or link in {f"{name}.html" for name in pages}, link


def test_a_page_tells_what_is_wrong_and_escapes_what_it_shows(
    project: Sources, tmp_path: Path
) -> None:
    spoilt(project)
    page = written(project, tmp_path / "out")["ar"]
    assert '<div class="screen" lang="ar" dir="rtl">' in page
    assert "<ins>" in page and "<del>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "the placeholder {bad} is not in the English sentence" in page
    assert "it cannot be said: bad" in page
    assert "not translated: readers see English" in page
    assert "unreviewed: machine" in page and "ask Maria" in page
    assert "WhatsApp: the choice “عائلتي" in page


def test_a_length_over_its_limit_is_known() -> None:
    assert Measured("x" * 21, 21, 20).over
    assert not Measured("x" * 20, 20, 20).over
    assert not Measured("x" * 20).over


def test_only_the_languages_named_are_written(project: Sources, tmp_path: Path) -> None:
    complete(project)
    assert set(written(project, tmp_path / "out", "ro")) == {"index", "ro"}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
async def test_the_pages_are_fit_for_everybody(
    project: Sources,
    tmp_path: Path,
    browser: Browser,
    axe_source: str,
    width: int,
    scheme: Any,
) -> None:
    spoilt(project)
    written(project, tmp_path / "out")
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True
    )
    page = await context.new_page()
    for name in ("index", "ar"):
        await page.goto((tmp_path / "out" / f"{name}.html").as_uri())
        root = "document.documentElement"
        assert await page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
        await page.evaluate(axe_source)
        found = await page.evaluate("axe.run(document)")
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    await context.close()
