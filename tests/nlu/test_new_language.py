"""A language that the code has never heard of: files alone make it understood and spoken."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.i18n import Catalogs
from bot.i18n.cli import main
from bot.i18n.preparation import EXAMPLES, FOLDER
from bot.nlg.catalog_nlg import CatalogNlg
from bot.nlu.understanding import Understanding
from tests.nlu.small_model import EXAMPLES as KNOWN
from tests.nlu.small_model import entries, train

# Tigrinya, which many Eritreans speak.
TAG = "ti"
WORDS = {
    "greet": "ሰላም;ከመይ ኣለኻ;ከመይ ሓዲርካ;ሰናይ መዓልቲ;ሰላም ሓወይ;ከመይ ውዒልኩም",
    "ask_documents": "እንታይ ሰነዳት የድልየኒ;ኣየኖት ወረቓቕቲ የድልዩ;ወረቓቕቲ ንሰበይተይ;ሰነዳት ንስድራቤት;እንታይ ወረቓቕቲ ክህልወኒ",
}
LEXICON = {"person=wife": "ሰበይተይ", "affix=prefix": "ን"}
DOMAIN = """version: "3.1"
responses:
  utter_greet:
  - text: "Hello"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project in English, to which Tigrinya is added by its commands and by files."""
    root = tmp_path_factory.mktemp("project")
    (root / "domain.yml").write_text(DOMAIN, "utf-8")
    for folder in ("bot", "data/nlu/en", "locales/en/LC_MESSAGES"):
        (root / folder).mkdir(parents=True)
    (root / "locales/en/LC_MESSAGES/impreuna.po").write_text('msgid ""\nmsgstr ""\n', "utf-8")
    (root / "data/nlu/en/talk.yml").write_text(entries("intent", KNOWN["en"]), "utf-8")
    assert main(["--root", str(root), "add", TAG]) == 0
    here = root / FOLDER / TAG
    catalog = here / "impreuna.po"
    sentence = 'msgid "Hello"\nmsgstr "'
    catalog.write_text(catalog.read_text("utf-8").replace(sentence, sentence + "ሰላም"), "utf-8")
    (here / EXAMPLES / "talk.yml").write_text(entries("intent", WORDS), "utf-8")
    (here / EXAMPLES / "lexicon.yml").write_text(entries("lookup", LEXICON), "utf-8")
    (here / "introductions.txt").write_text("ስመይ\n", "utf-8")
    (here / "speech.yml").write_text("hello: ሰላም\n", "utf-8")
    assert main(["--root", str(root), "offer", TAG]) == 0
    return root


@pytest.fixture(scope="module")
def understanding(project: Path) -> Understanding:
    return Understanding.load(train(project))


def test_it_is_understood(understanding: Understanding) -> None:
    parsed = next(understanding.parse(["ኣየኖት ሰነዳት ንሰበይተይ የድልዩ"], [None]))
    assert (parsed["language"], parsed["intent"]) == (TAG, "ask_documents")
    assert [(one["entity"], one["value"]) for one in parsed["entities"]] == [("person", "wife")]


async def test_it_is_spoken(project: Path) -> None:
    domain = Domain.from_yaml(DOMAIN)
    nlg = CatalogNlg(EndpointConfig(), domain)
    nlg._catalogs = Catalogs(project / "locales")
    nlg.responses = nlg.responses
    user = UserUttered("ሰላም", {"name": "greet"}, metadata={"language": TAG})
    said = await nlg.generate(
        "utter_greet", DialogueStateTracker.from_events("c", [user], domain.slots), "impreuna"
    )
    assert said is not None
    assert said["text"] == "ሰላም"
