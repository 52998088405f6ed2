"""What stands in the tree and what must not."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


def test_the_held_out_sets_are_the_ones_that_were_written_first() -> None:
    folder = ROOT / "tests" / "heldout"
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_no_held_out_sentence_is_a_training_example() -> None:
    held_out = {
        folded(json.loads(line)["text"])
        for file in (ROOT / "tests" / "heldout").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    shared = [
        example
        for file in [*ROOT.glob("data/nlu/*/*.yml"), *ROOT.glob("preparation/*/nlu/*.yml")]
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]
        if "intent" in entry
        for example in entry["examples"].splitlines()
        # One or two words ("hello", "no") are what everybody writes: the report leaves them out.
        if folded(example) in held_out and len(folded(example).split()) > 2
    ]
    assert not shared


def folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.removeprefix("- ").casefold()).split())


def test_no_database_no_secret_and_no_compiled_catalog_is_tracked() -> None:
    wrong = [f for f in tracked() if f.suffix in {".db", ".mo", ".pem", ".key"} or f.name == ".env"]
    assert not wrong


def test_no_path_of_a_machine_stands_in_the_tree() -> None:
    # Put together here so that this file does not hold what it looks for.
    paths = re.compile("|".join(["/" + "work/", "/" + "root/", "/" + "tmp/" + "[a-z]"]))
    for file in tracked():
        if file.suffix in {".jsonl", ".lock"} or not file.is_file():
            continue
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        assert not paths.search(text), file


def test_every_document_that_is_linked_exists() -> None:
    for file in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (file.parent / target).exists(), f"{file.name}: {target}"
