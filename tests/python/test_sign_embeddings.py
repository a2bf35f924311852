"""`stemma sign-embeddings`: vectors that users bring, from NumPy's files to signatures, and what is refused."""

import json

import numpy as np
import pytest

from conftest import SHIPPED

DIGEST = "0123456789abcdef0123456789abcdef"
NAMED = ("--embedder-name", "my-embedder", "--embedder-digest")


def ids_of(rows) -> str:
    return "model\tprompt\tsample\n" + "".join(f"{model}\t{prompt:032x}\t{sample}\n" for model, prompt, sample in rows)


ROWS = [(model, prompt, sample) for model in ("wren", "owl") for prompt in range(5) for sample in range(2)]


@pytest.fixture
def sign(stemma, tmp_path):
    """Signs vectors of ROWS, or others, with whatever is asked for besides."""

    def call(vectors: np.ndarray, *options, ids: str = ids_of(ROWS), digest=DIGEST, code: int = 0, output="out/"):
        np.save(tmp_path / "v.npy", vectors)
        (tmp_path / "ids.tsv").write_text(ids)
        arguments = ("sign-embeddings", "v.npy", "--ids", "ids.tsv", *NAMED, digest, *options, "-o", output)
        return stemma(*arguments, cwd=tmp_path, code=code)

    return call


def vectors(dims: int = 100, dtype=np.float32) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(len(ROWS), dims)).astype(dtype)


def shown(stemma, path) -> dict:
    return dict(line.split(None, 1) for line in stemma("info", path).out.splitlines())


def test_one_signature_a_model(sign, stemma, tmp_path):
    sign(vectors())
    for model in ("wren", "owl"):
        info = shown(stemma, tmp_path / "out" / f"{model}.stemma")
        assert info["model"] == model
        assert info["prompts"] == "5"
        assert info["vectors"] == "10 (at most 2 a prompt)"
        assert info["embedder"] == "my-embedder"
        assert info["version"] == DIGEST
        assert info["dimensions"] == "64 of 100, by random signs"
        assert info["rounded"] == "to     multiples of 2^-9"


@pytest.mark.parametrize("options", [(), ("--dims", 16, "--reduction", "leading"), ("--dims", 200, "--fraction-bits", 12)])
def test_neither_type_nor_order_nor_length_matters(sign, tmp_path, options):
    """float32 values are float64 values; powers of two are exact."""
    order = np.random.default_rng(2).permutation(len(ROWS))
    sign(vectors(), *options)
    sign(4 * vectors().astype(np.float64)[order], *options, ids=ids_of([ROWS[k] for k in order]), output="other/")
    for model in ("wren", "owl"):
        first, second = ((tmp_path / folder / f"{model}.stemma").read_bytes() for folder in ("out", "other"))
        assert first == second


def test_other_columns_and_their_order_do_not_matter(sign, tmp_path):
    sign(vectors())
    ids = "sample\tnote\tprompt\tmodel\n" + "".join(f"{s}\tx\t{p:032x}\t{m}\r\n" for m, p, s in ROWS)
    sign(vectors(), ids=ids, output="other/")
    assert (tmp_path / "out" / "owl.stemma").read_bytes() == (tmp_path / "other" / "owl.stemma").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v: v.astype(">f4"), "byte 20: an array of type '>f4' (big-endian; allowed are '<f4' and '<f8')"),
        (lambda v: v.astype(np.float16), "an array of type '<f2' (allowed are '<f4' and '<f8')"),
        (lambda v: np.asfortranarray(v), "the array lies column by column (Fortran order)"),
        (lambda v: v.ravel(), "an array of 1 dimensions; allowed are two"),
        (lambda v: v[:, :0], "shape (20, 0); allowed are at least 1 response and 1 to 65536 dimensions"),
        (lambda v: v[:-1], "ids.tsv has more than the 19 rows of v.npy"),
        (lambda v: np.vstack([v, v]), "ids.tsv ends after 20 rows; v.npy has 40"),
        (lambda v: np.where(np.arange(20)[:, None] == 3, 0, v), "row 3 (model wren): prompt 0000"),
        (lambda v: np.where(np.arange(20)[:, None] == 3, np.nan, v), "sample 1, column 0: nan; an embedding's numbers must be finite"),
        (lambda v: np.where(np.arange(20)[:, None] == 3, np.inf, v), "sample 1, column 0: inf"),
    ],
)
def test_refused_vectors(sign, tmp_path, change, message):
    assert message in sign(change(vectors(8)), code=2).err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ("", "ids.tsv:1: an empty table; its first line names the columns model, prompt and sample"),
        ("model\tprompt\n", 'ids.tsv:1: no column "sample"; needed are model, prompt and sample'),
        (ids_of(ROWS).replace("\t0\n", "\n", 1), "ids.tsv:2: 2 fields where the table has 3 columns"),
        (ids_of(ROWS).replace("\t0\n", "\t-1\n", 1), 'ids.tsv:2: the sample must be a whole number, got "-1"'),
        (ids_of([("", 0, 0), *ROWS[1:]]), "ids.tsv:2: the model has no name"),
        (ids_of(ROWS).replace(f"{0:032x}", "p0", 1), 'the prompt must be a key of 32 hexadecimal digits, got "p0"'),
        (ids_of([ROWS[1], *ROWS[1:]]), "was added twice"),
        (ids_of([("a/b", 0, 0), ("a_b", 0, 0), *ROWS[2:]]), "would take the file a_b.stemma of another model"),
    ],
)
def test_refused_tables(sign, ids, message):
    assert message in sign(vectors(8), ids=ids, code=2).err


def test_refused_options(sign):
    assert "the input is of 2 models, and -o one.stemma names one file" in sign(vectors(8), output="one.stemma", code=2).err
    assert "--embedder-digest must be 32 hexadecimal digits" in sign(vectors(8), digest="x", code=2).err
    assert "stored dimensions must be in [1, 1024], got 0" in sign(vectors(8), "--dims", 0, code=2).err
    assert "fraction bits must be in [3, 14], got 15" in sign(vectors(8), "--fraction-bits", 15, code=2).err


@pytest.mark.skipif(not (SHIPPED / "embedder.stemma").exists(), reason="no embedder is shipped")
def test_responses_are_signed_as_their_vectors_are(stemma, tmp_path):
    """In one go, or by way of the files that `stemma embed` writes; what no word is known of is left out of both."""
    answers = ["A heron waits in the reeds.", "The owl hears a mouse.", "\u2603\u2603", "Rain falls on the lake."]
    records = [
        {"model": model, "prompt": f"p{k % 3}", "response": answer if k == 2 else f"{model}: {answer}", "sample": k}
        for model in ("owl", "wren")
        for k, answer in enumerate(answers)
    ]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    told = stemma("embed", "r.jsonl", "-o", "v.npy", "--ids", "ids.tsv", cwd=tmp_path).err
    digest = told.split("digest ")[1][:32]
    stemma("sign-embeddings", "r.jsonl", "-o", "direct/", cwd=tmp_path)
    name = shown(stemma, SHIPPED / "embedder.stemma")["embedder"].strip()
    named = ("--embedder-name", name, "--embedder-digest", digest, "--reduction", "leading")
    stemma("sign-embeddings", "v.npy", "--ids", "ids.tsv", *named, "-o", "vectors/", cwd=tmp_path)
    for model in ("owl", "wren"):
        direct, by_vectors = ((tmp_path / folder / f"{model}.stemma").read_bytes() for folder in ("direct", "vectors"))
        assert direct == by_vectors


def test_options_of_responses_and_of_vectors_do_not_mix(stemma, sign, tmp_path):
    sign(vectors(8))
    arguments = ("sign-embeddings", "v.npy", "--ids", "ids.tsv", "-o", "never/")
    assert "need --embedder-name and --embedder-digest" in stemma(*arguments, cwd=tmp_path, code=2).err
    assert "got 2 files" in stemma(*arguments, "ids.tsv", *NAMED, DIGEST, cwd=tmp_path, code=2).err
    assert "which need --ids" in stemma("sign-embeddings", "v.npy", *NAMED, DIGEST, "-o", "never/", cwd=tmp_path, code=2).err


def test_missing_and_other_files(stemma, sign, tmp_path):
    sign(vectors(8))
    arguments = (*NAMED, DIGEST, "-o", "never/")
    assert "none.npy" in stemma("sign-embeddings", "none.npy", "--ids", "ids.tsv", *arguments, cwd=tmp_path, code=3).err
    assert "none.tsv" in stemma("sign-embeddings", "v.npy", "--ids", "none.tsv", *arguments, cwd=tmp_path, code=3).err
    assert "not a .npy file" in stemma("sign-embeddings", "ids.tsv", "--ids", "ids.tsv", *arguments, cwd=tmp_path, code=2).err
    whole = (tmp_path / "v.npy").read_bytes()
    (tmp_path / "v.npy").write_bytes(whole[:-5])
    assert "in row 19 of 20" in stemma("sign-embeddings", "v.npy", "--ids", "ids.tsv", *arguments, cwd=tmp_path, code=3).err
    assert not (tmp_path / "never").exists()
