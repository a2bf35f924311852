"""The program under test, and a made-up panel that most tests look at."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

# Before NumPy is imported: its matrices are small here, and threads would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import made_up_corpus
import planted
import reference

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("STEMMA_SHARED", ROOT.parent / "shared"))
BRANDS = ROOT / "data" / "brands.txt"
# Where the program finds the shipped vocabulary and panel.
SHIPPED = Path(os.environ.get("STEMMA_DATA", ROOT / "data"))


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


def call_of_probe(name: str, variable: str):
    """Calls a program that tests/ builds, `name` of the build tree of the program under test, or what `variable` names."""
    cli = Path(os.environ.get("STEMMA_CLI", ROOT / "build" / "release" / "bin" / "stemma"))
    path = Path(os.environ.get(variable, cli.parent.parent / "tests" / name))
    if not path.exists():
        pytest.fail(f"{path} is not there: build the tests, or set {variable} to that of another build")

    def compute(kind: str, cases: list[dict]) -> list:
        document = json.dumps([{"kind": kind, **case} for case in cases], default=lambda array: array.tolist())
        done = subprocess.run([path], input=document.encode(), capture_output=True, timeout=300)
        assert done.returncode == 0, done.stderr.decode()
        results = json.loads(done.stdout)
        assert len(results) == len(cases)
        return results

    return compute


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


def sign_all(stemma: Stemma, made: Corpus, members: tuple, vocabulary: Path):
    """Signatures of the members and of the candidates."""
    everyone = [made.file(h.model.name) for h in members + made_up_corpus.CANDIDATES]
    stemma("sign", *everyone, *made.metadata, "--vocabulary", vocabulary, "-o", f"{made.folder}/signatures/")


def build_panel(stemma: Stemma, made: Corpus, members: tuple):
    """Every n-gram kept."""
    signatures = [made.signature(h.model.name) for h in members]
    options = ("--vocabulary", made.vocabulary, "--index-bytes", "0", "-o", made.panel)
    stemma("panel", "build", *signatures, *options)


@pytest.fixture(scope="session")
def corpus(stemma, tmp_path_factory) -> Corpus:
    """Vocabulary, signatures of all models, and a panel without the candidates; of too few groups to compare styles."""
    folder = tmp_path_factory.mktemp("corpus")
    made = Corpus(folder, made_up_corpus.write(folder))
    files = [made.file(h.model.name) for h in made_up_corpus.HABITS]
    stemma("vocabulary", "fit", *files, *made.metadata, "--brands", BRANDS, "-o", made.vocabulary)
    sign_all(stemma, made, made_up_corpus.HABITS, made.vocabulary)
    build_panel(stemma, made, made_up_corpus.HABITS)
    return made


@pytest.fixture(scope="session")
def styled(stemma, tmp_path_factory) -> Corpus:
    """The same with more groups of models, and a space of styles."""
    folder, members = tmp_path_factory.mktemp("styled"), made_up_corpus.HABITS + made_up_corpus.STYLISTS
    made = Corpus(folder, made_up_corpus.write(folder, members + made_up_corpus.CANDIDATES))
    files, words = [made.file(h.model.name) for h in members], folder / "words.stemma"
    stemma("vocabulary", "fit", *files, *made.metadata, "--brands", BRANDS, "-o", words)
    sign_all(stemma, made, members, words)
    signatures = [made.signature(h.model.name) for h in members]
    stemma("vocabulary", "fit-style", *signatures, "--vocabulary", words, "-o", made.vocabulary)
    build_panel(stemma, made, members)
    return made


@dataclass
class Planting:
    """Signatures of planted models, with one and with ten samples a prompt, and a panel of those with one."""

    folder: Path

    @property
    def vocabulary(self) -> Path:
        return self.folder / "vocabulary.stemma"

    @property
    def panel(self) -> Path:
        return self.folder / "panel-one"

    def signature(self, model: planted.Planted, samples: int = 1) -> Path:
        return self.folder / f"samples-{samples}" / f"{model.name}.stemma"


@pytest.fixture(scope="session")
def planting(stemma, tmp_path_factory) -> Planting:
    made = Planting(tmp_path_factory.mktemp("planted"))
    everyone = planted.PANEL + planted.STRANGERS + planted.CHILDREN
    words = made.folder / "words.stemma"
    for samples in (1, 10):
        folder = made.folder / f"responses-{samples}"
        folder.mkdir()
        files = [planted.write(folder / f"{m.name}.jsonl", m.records(samples)) for m in everyone]
        if samples == 1:
            stemma("vocabulary", "fit", *files[: len(planted.PANEL)], "--brands", BRANDS, "-o", words)
        stemma("sign", *files, "--vocabulary", words, "-o", f"{made.folder}/samples-{samples}/")
    panel = [made.signature(m) for m in planted.PANEL]
    stemma("vocabulary", "fit-style", *panel, "--vocabulary", words, "-o", made.vocabulary)
    stemma("panel", "build", *panel, "--vocabulary", made.vocabulary, "--index-bytes", 0, "-o", made.panel)
    return made


@pytest.fixture(scope="session")
def brands() -> dict:
    return reference.read_brands(BRANDS)
