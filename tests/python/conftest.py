"""The program under test, and a made-up panel that most tests look at."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

import made_up_corpus
import reference

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("STEMMA_SHARED", ROOT.parent / "shared"))
BRANDS = ROOT / "data" / "brands.txt"


@dataclass
class Result:
    code: int
    out: str
    err: str


class Stemma:
    """Calls the program; every call's standard error is searched for what a user must never see."""

    NEVER = (
        "terminate called",
        "Assertion",
        "core dumped",
        "AddressSanitizer",
        "runtime error:",
        "stack trace",
        "what():",
    )

    def __init__(self, path: str):
        self.path = path

    def __call__(
        self, *arguments, stdin: bytes = b"", code: int | None = 0, env: dict | None = None, cwd=None
    ) -> Result:
        done = subprocess.run(
            [self.path, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=300,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
        result = Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
        assert not any(words in result.err for words in self.NEVER), result.err
        if code is not None:
            assert result.code == code, f"exit code {result.code}: {result.err[-2000:]}"
        return result

    def bytes(self, *arguments, stdin: bytes = b"") -> bytes:
        done = subprocess.run([self.path, *map(str, arguments)], input=stdin, capture_output=True, timeout=300)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@pytest.fixture(scope="session")
def stemma() -> Stemma:
    return Stemma(os.environ.get("STEMMA_CLI", str(ROOT / "build" / "release" / "bin" / "stemma")))


@dataclass
class Corpus:
    folder: Path
    answers: dict[str, dict[str, list[str]]]

    @property
    def vocabulary(self) -> Path:
        return self.folder / "vocabulary.stemma"

    @property
    def panel(self) -> Path:
        return self.folder / "panel.stemma"

    @property
    def metadata(self) -> list:
        return ["--metadata", self.folder / "models.tsv", "--metadata", self.folder / "lineage.tsv"]

    def file(self, model: str) -> Path:
        return self.folder / f"{made_up_corpus.file_name(model)}.jsonl"

    def signature(self, model: str) -> Path:
        return self.folder / "signatures" / f"{made_up_corpus.file_name(model)}.stemma"


@pytest.fixture(scope="session")
def corpus(stemma, tmp_path_factory) -> Corpus:
    """Vocabulary, signatures of all models, and a whole panel (every n-gram kept) without the candidates."""
    folder = tmp_path_factory.mktemp("corpus")
    made = Corpus(folder, made_up_corpus.write(folder))
    files = [made.file(h.model.name) for h in made_up_corpus.HABITS]
    stemma("vocabulary", "fit", *files, *made.metadata, "--brands", BRANDS, "-o", made.vocabulary)
    everyone = files + [made.file(h.model.name) for h in made_up_corpus.CANDIDATES]
    stemma("sign", *everyone, *made.metadata, "--vocabulary", made.vocabulary, "-o", f"{folder}/signatures/")
    stemma(
        "panel",
        "build",
        *(made.signature(h.model.name) for h in made_up_corpus.HABITS),
        "--vocabulary",
        made.vocabulary,
        "--index-bytes",
        "0",
        "-o",
        made.panel,
    )
    return made


@pytest.fixture(scope="session")
def brands() -> dict:
    return reference.read_brands(BRANDS)
