"""A small project, trained by Rasa itself on a test's own files."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.nlu.understanding import newest_model

CONFIG = Path(__file__).parents[2] / "config.yml"
EXAMPLES = {
    "en": {
        "greet": "hello;hi there;good morning;hey friend;good evening to you;hi",
        "ask_documents": "what papers do I need;which documents;list of papers;papers needed "
        "for my wife;which documents must I bring;what papers for the family",
        "report_danger": "someone hits us at home;they hold us in a house;he wants to hurt us now;"
        "they came with weapons tonight;we are held here by bad men;he hits my sister",
        "change_language": "another tongue;speak otherwise;can we write differently;other words",
    },
    "ar": {
        "greet": "مرحبا;السلام عليكم;صباح الخير;أهلا وسهلا;مساء الخير;salam alaikum",
        "ask_documents": "ما هي الأوراق المطلوبة;أي وثائق أحتاج;قائمة الأوراق;الأوراق لزوجتي;"
        "shu el awraq el matlube;ما الوثائق للعائلة",
        "report_danger": "يضربوننا في البيت;يحتجزوننا هنا;يريد أن يؤذينا الآن;جاؤوا بالسلاح الليلة;"
        "نحن محتجزون;يضرب أختي",
        "change_language": "كلام آخر;تكلم بشكل مختلف;هل نكتب غير ذلك;كلمات أخرى",
    },
}


def entries(kind: str, content: Mapping[str, str]) -> str:
    """Give the text of a file of examples: `kind` is intent or lookup, texts are parted by ;."""
    lines = [
        f"- {kind}: {key}\n  examples: |\n" + "".join(f"    - {t}\n" for t in texts.split(";"))
        for key, texts in content.items()
    ]
    return "nlu:\n" + "".join(lines)


def train(root: Path) -> Path:
    """Train the whole pipeline on `root/data`; give the model's file."""
    from rasa.model_training import train_nlu

    shutil.copy(CONFIG, root)
    train_nlu(
        config=str(root / "config.yml"),
        nlu_data=str(root / "data"),
        output=str(root / "models"),
        fixed_model_name="impreuna-test",
    )
    return newest_model(root / "models")
