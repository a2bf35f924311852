"""The program against the reimplementation on real answers. None is ever shown: failures name keys and counts."""

import io
import itertools
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

import reference
import reference_score
from conftest import BRANDS, SHARED, SHIPPED
from reference_score import Kept, Model, Reference
from stemma_files import hash64, prompt_key, read_signature, strip, vocabulary_brands, vocabulary_words

DATA = SHARED / "data"
PROMPTS = 100
# Several makers, sizes and years; with lists, code, empty answers, runaway answers, and answers in Chinese.
ALPACA_EVAL = (
    "gpt4_0314",
    "claude-2",
    "phi-2",
    "chatglm2-6b",
    "gemma-2b-it",
    "Qwen1.5-7B-Chat",
    "falcon-7b-instruct",
    "Meta-Llama-3-8B-Instruct",
)
PANELS = {
    "arena_hard_1k": "Llama-2-70b-chat",
    "vicuna80": "bard",
    "zeroeval_alpaca": "Qwen2-0.5B-Instruct@sampling",
    "zeroeval_crux": "Phi-3-mini-4k-instruct",
}
SCRIPTS = 60  # answers outside ASCII that the panels' files are searched for


class Answers(dict):
    """{prompt: answer}, without showing any."""

    def __repr__(self):
        return f"<{len(self)} answers>"


class Analysed(dict):
    """{prompt key: [Answer]}, without showing any."""

    def __repr__(self):
        return f"<{len(self)} analysed answers>"


def needs(*paths: Path):
    """Skips a test where its data are not there."""
    for path in paths:
        if not path.exists():
            pytest.skip(f"no {path.relative_to(SHARED) if path.is_relative_to(SHARED) else path} (set STEMMA_SHARED)")
    try:
        subprocess.run(["zstd", "--version"], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("the program zstd is not installed")


def decompress(path: Path) -> bytes:
    return subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout


def alpaca_eval(model: str) -> Answers:
    path = DATA / "alpaca_eval" / f"{model}.json.zst"
    needs(path)
    return Answers((r["instruction"], r["output"]) for r in json.loads(decompress(path))[:PROMPTS])


def panel_file(panel: str, model: str) -> Answers:
    """The file's first answers, and the first that hold other scripts."""
    path = DATA / "panels" / f"{panel}.tar.zst"
    needs(path)
    with tarfile.open(fileobj=io.BytesIO(decompress(path))) as archive:
        lines = archive.extractfile(f"{panel}/{model}.jsonl").read().decode("utf-8").split("\n")
    records = [r for r in map(json.loads, (line for line in lines if line)) if r["response"]]
    foreign = (r for r in records if any(c.isalpha() and ord(c) > 0x2FF for c in r["response"]))
    chosen = itertools.chain(records[:PROMPTS], itertools.islice(foreign, SCRIPTS))
    return Answers((r["prompt"], r["response"]) for r in chosen)


@pytest.fixture(scope="module")
def vocabulary(stemma, corpus) -> Path:
    """The shipped vocabulary; the made-up one where that was not built."""
    shipped = SHIPPED / "vocabulary.stemma"
    return shipped if shipped.exists() else corpus.vocabulary


class Bench:
    def __init__(self, stemma, folder: Path, vocabulary: Path):
        self.stemma, self.folder, self.vocabulary = stemma, folder, vocabulary
        self.brands = reference.brand_phrases(vocabulary_brands(vocabulary))
        self.kept = Kept(vocabulary_words(vocabulary))

    def __repr__(self):
        return "<bench>"

    def write(self, model: str, answers: Answers) -> Path:
        path = self.folder / f"{model}.jsonl"
        records = ({"model": model, "instruction": p, "output": a} for p, a in answers.items())
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        return path

    def sign(self, model: str, answers: Answers) -> Path:
        self.stemma("sign", self.write(model, answers), "--vocabulary", self.vocabulary, "-o", f"{self.folder}/")
        return self.folder / f"{model}.stemma"

    def analyse(self, answers: Answers) -> Analysed:
        return Analysed(
            (prompt_key(p), [reference_score.analyse(strip(a), self.brands, self.kept)])
            for p, a in answers.items()
            if strip(a)
        )

    def problems(self, model: str, answers: Answers) -> list[str]:
        """What differs, by kind and prompt key."""
        rows, analysed = read_signature(self.sign(model, answers)), self.analyse(answers)
        hashes = {prompt_key(p): hash64(strip(a)) for p, a in answers.items()}
        # Where a reader took reasoning off an answer, there is another text than ours.
        split = [key for key, row in rows.items() if row.text_hashes != [hashes.get(key)]]
        out = [f"prompt {key}: only one has it" for key in rows.keys() ^ analysed.keys()]
        if len(split) > max(1, len(rows) // 50):
            out.append(f"{len(split)} of {len(rows)} answers are other texts")
        for key in sorted(rows.keys() & analysed.keys() - set(split)):
            row, answer = rows[key], analysed[key][0]
            if row.tokens != len(answer.tokens) or row.token_hashes != [answer.copy_hash]:
                out.append(f"prompt {key}: {row.tokens} tokens, expected {len(answer.tokens)}, or others")
            if row.grams.keys() != answer.grams:
                out.append(f"prompt {key}: {len(row.grams.keys() ^ answer.grams)} n-grams differ")
        return out


@pytest.fixture(scope="module")
def bench(stemma, vocabulary, tmp_path_factory) -> Bench:
    return Bench(stemma, tmp_path_factory.mktemp("real"), vocabulary)


def expect(problems: list[str]):
    if problems:
        pytest.fail("\n".join([f"{len(problems)} differences:", *problems[:10]]), pytrace=False)


@pytest.mark.parametrize("model", ALPACA_EVAL)
def test_alpaca_eval(bench, model):
    expect(bench.problems(model, alpaca_eval(model)))


@pytest.mark.parametrize("panel", PANELS)
def test_panels(bench, panel):
    expect(bench.problems(f"{panel}-file", panel_file(panel, PANELS[panel])))


def test_scores(bench, stemma):
    """Of every model against the others, and of a stranger."""
    answers = {model: alpaca_eval(model) for model in ALPACA_EVAL}
    signatures = {model: bench.sign(model, texts) for model, texts in answers.items()}
    *members, stranger = ALPACA_EVAL
    panel = bench.folder / "panel"
    stemma(
        "panel",
        "build",
        *(signatures[m] for m in members),
        "--vocabulary",
        bench.vocabulary,
        "--index-bytes",
        0,
        "-o",
        panel,
    )
    lines = stemma("score", *signatures.values(), "--panel", panel, "--rival-weights", 0).out.splitlines()[1:]
    analysed = {model: bench.analyse(texts) for model, texts in answers.items()}
    expected = Reference([Model(m) for m in members], analysed, levels=4095)
    index = {m.name: k for k, m in enumerate(expected.models)}
    wanted = {model: expected.centred(Model(model)) for model in ALPACA_EVAL}
    assert len(lines) == len(members) * len(ALPACA_EVAL) - len(members)
    worst = 0.0
    for candidate, model, score, _, _, prompts, _ in (line.split("\t") for line in lines):
        scores, _, n_prompts = wanted[candidate]
        assert int(prompts) == n_prompts[index[model]], (candidate, model)
        worst = max(worst, abs(float(score) - scores[index[model]]))
    assert worst < 1e-6


def test_word_list(bench, stemma):
    models = ALPACA_EVAL[:5]
    answers = {model: Answers(itertools.islice(alpaca_eval(model).items(), 60)) for model in models}
    files = [bench.write(f"fit-{model}", texts) for model, texts in answers.items()]
    stemma("vocabulary", "fit", *files, "--brands", BRANDS, "-o", bench.folder / "fitted")
    brands = reference.read_brands(BRANDS)
    tokens = {m: {p: [reference.tokens(strip(a), brands)] for p, a in texts.items()} for m, texts in answers.items()}
    differing = set(vocabulary_words(bench.folder / "fitted")) ^ set(reference_score.fit_words(tokens))
    expect([f"word {word:016x}" for word in sorted(differing)])
