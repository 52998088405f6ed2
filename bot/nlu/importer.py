"""The importer: an example's language is the folder in which it stands.

`data/nlu/<lang>/*.yml` are Rasa's own format; a volunteer writes nothing about languages.
Lookups of several languages share names, so theirs get the language in front: `ar/person=wife`.
"""

from __future__ import annotations

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.keys import LANGUAGE, LANGUAGE_SEPARATOR, stamped

ROOT = "nlu"


def folder_language(path: str | Path) -> str | None:
    """The language of a training file: the folder below the last `nlu`, else None."""
    parents = Path(path).parts[:-1]
    if ROOT not in parents:
        return None
    below = parents[len(parents) - parents[::-1].index(ROOT) :]
    return below[0] if below else None


def read_stamped(path: str) -> TrainingData:
    """One training file with its folder's language stamped on examples and lookups."""
    data = loading.load_data(path)
    code = folder_language(path)
    if code is None:
        return data
    for example in data.training_examples:
        example.set(LANGUAGE, stamped(code))
    for table in data.lookup_tables:
        table["name"] = f"{code}{LANGUAGE_SEPARATOR}{table['name']}"
    return data


class LanguageFolders(RasaFileImporter):  # type: ignore[misc]
    """Rasa's own file importer, which in addition notes each example's language."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All training data, in the order of the files' names, so that training repeats itself."""
        files = sorted(self._nlu_files)
        return TrainingData().merge(*(read_stamped(path) for path in files))
