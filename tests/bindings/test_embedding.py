"""Vectors of texts, and embedding signatures of responses and of a user's own vectors, are the program's byte for byte."""

import csv
import json
import pickle

import numpy as np
import pytest

import stemma

DIGEST = "00112233445566778899aabbccddeeff"
MADE = {"embedder_name": "made up", "embedder_digest": DIGEST}


@pytest.fixture(scope="module")
def embedder():
    return stemma.Embedder.open()


@pytest.fixture(scope="module")
def embedded(example, cli, tmp_path_factory):
    """The program's vectors of the example, and what they are of."""
    folder = tmp_path_factory.mktemp("embedded")
    cli("embed", example, "--name", "example", "-o", folder / "vectors.npy", "--ids", folder / "ids.tsv")
    return folder / "vectors.npy", folder / "ids.tsv"


@pytest.fixture(scope="module")
def rows():
    """Vectors of two models, two samples a prompt, and what they are of."""
    random = np.random.default_rng(1)
    ids = {"model": [], "prompt": [], "sample": []}
    for model in ("owl", "wren"):
        for prompt in range(20):
            for sample in range(2):
                ids["model"].append(model)
                ids["prompt"].append(f"What of {prompt}?")
                ids["sample"].append(sample)
    return random.normal(size=(80, 96)), ids


def test_texts_have_the_programs_vectors(embedder, cli, tmp_path):
    texts = ["The owl has three of them.", "Größer als zwölf Bytes.", "A list:\n- of this\n- and that", "one more word"]
    path = tmp_path / "texts.jsonl"
    lines = ({"model": "owl", "prompt": str(k), "response": text} for k, text in enumerate(texts))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    cli("embed", path, "-o", tmp_path / "vectors.npy", "--ids", tmp_path / "ids.tsv")
    vectors = embedder.embed(texts)
    assert vectors.dtype == np.float32 and vectors.shape == (len(texts), embedder.dims)
    assert vectors.tobytes() == np.load(tmp_path / "vectors.npy").tobytes()
    pandas = pytest.importorskip("pandas")
    assert embedder.embed(pandas.Series(texts), threads=1).tobytes() == vectors.tobytes()


def test_a_text_without_a_known_word_is_zeros(embedder):
    vectors = embedder.embed(["", "a word"])
    assert not vectors[0].any() and np.linalg.norm(vectors[1]) == pytest.approx(1, abs=1e-6)
    assert embedder.embed("a word").shape == (1, embedder.dims)
    assert embedder.embed([]).shape == (0, embedder.dims)


def test_what_is_no_text_is_refused(embedder):
    with pytest.raises(ValueError, match="texts must be text, got integers"):
        embedder.embed([1, 2])


def test_tokens_are_rows_of_the_table(embedder):
    tokens = embedder.tokens("the the")
    assert len(tokens) == 2 and tokens[0] == tokens[1] >= 0


def test_signatures_of_responses_are_the_programs(example, cli, tmp_path):
    cli("sign-embeddings", example, "--name", "example", "-o", tmp_path / "one.stemma")
    (signature,) = stemma.sign_embeddings(example, name="example")
    assert signature.to_bytes() == (tmp_path / "one.stemma").read_bytes()
    pandas = pytest.importorskip("pandas")
    (of_frame,) = stemma.sign_embeddings(pandas.read_json(example, lines=True), name="example", threads=1)
    assert of_frame.to_bytes() == signature.to_bytes()
    assert stemma.EmbeddingSignature.read(tmp_path / "one.stemma") == signature


def test_signatures_of_vectors_are_the_programs(embedded, cli, tmp_path):
    vectors, ids = embedded
    options = ["--ids", ids, "--embedder-name", "made up", "--embedder-digest", DIGEST, "--dims", "32"]
    cli("sign-embeddings", vectors, *options, "-o", tmp_path / "one.stemma")
    expected = (tmp_path / "one.stemma").read_bytes()
    (of_files,) = stemma.sign_embeddings(vectors, ids=ids, dims=32, **MADE)
    assert of_files.to_bytes() == expected
    with open(ids, encoding="utf-8") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    columns = {name: [row[name] for row in table] for name in ("model", "prompt")}
    columns["sample"] = [int(row["sample"]) for row in table]
    array = np.load(vectors)
    for made in (array, array.astype(np.float64), np.asfortranarray(array)):
        (signature,) = stemma.sign_embeddings(made, ids=columns, columns={"prompt_key": "prompt"}, dims=32, **MADE)
        assert signature.to_bytes() == expected


def test_prompts_of_vectors_are_known_by_text_identifier_or_key(rows):
    vectors, ids = rows
    by_text = stemma.sign_embeddings(vectors, ids=ids, **MADE)
    keys = {key for signature in by_text for key in signature.prompt_keys()}
    assert len(by_text) == 2 and len(keys) == 20
    responses = stemma.sign_embeddings({**ids, "response": [f"word {k}" for k in range(80)]})
    assert {key for signature in responses for key in signature.prompt_keys()} == keys
    numbered = {**ids, "prompt_id": [int(prompt[8:-1]) for prompt in ids["prompt"]]}
    del numbered["prompt"]
    written = {**numbered, "prompt_id": [str(prompt) for prompt in numbered["prompt_id"]]}
    assert stemma.sign_embeddings(vectors, ids=numbered, **MADE) == stemma.sign_embeddings(vectors, ids=written, **MADE)


def test_samples_that_are_not_stated_are_counted(rows):
    vectors, ids = rows
    counted = {name: ids[name] for name in ("model", "prompt")}
    assert stemma.sign_embeddings(vectors, ids=counted, **MADE) == stemma.sign_embeddings(vectors, ids=ids, **MADE)


def test_vectors_are_kept_to_the_rounding(rows):
    vectors, ids = rows
    signature = stemma.sign_embeddings(vectors, ids=ids, dims=96, reduction="leading", fraction_bits=14, **MADE)[0]
    assert signature.embedder == {"name": "made up", "digest": DIGEST} and signature.reduction == "leading"
    unit = vectors[:40] / np.linalg.norm(vectors[:40], axis=1, keepdims=True)
    means = {prompt: unit[2 * k : 2 * k + 2].mean(0) for k, prompt in enumerate(dict.fromkeys(ids["prompt"]))}
    kept = signature.vectors()
    assert kept.shape == (20, 96)
    # Half a unit a number and sample; which row is of which prompt, the nearest tells.
    for mean in means.values():
        assert np.abs(kept - mean).max(1).min() <= 2.0**-15 + 1e-12


def test_signatures_are_compared(rows, embedded):
    vectors, ids = rows
    owl, wren = stemma.sign_embeddings(vectors, ids=ids, **MADE)
    found = owl.compare(wren)
    assert found.shared_prompts == 20 and abs(found.mean_cosine) < 0.2
    assert owl.compare(owl).mean_cosine == pytest.approx(1)
    (other,) = stemma.sign_embeddings(embedded[0], ids=embedded[1], **MADE)
    with pytest.raises(stemma.IncompatibleError, match="dimensions"):
        owl.compare(other)


def test_what_cannot_be_signed_is_named(rows, example):
    vectors, ids = rows
    broken = vectors.copy()
    broken[7, 3] = np.nan
    short = {name: column[1:] for name, column in ids.items()}
    no_key = {"model": ids["model"], "prompt_key": ["owl"] * 80}
    negative = {**ids, "sample": [-1] * 80}
    for data, options, said in (
        (broken, {"ids": ids}, "row 7"),
        (np.zeros((80, 4)), {"ids": ids}, "row 0"),
        (vectors, {"ids": short}, "79 rows"),
        (vectors, {"ids": {"prompt": ids["prompt"]}}, "no model"),
        (vectors, {"ids": {"model": ids["model"]}}, "no prompt"),
        (vectors, {"ids": no_key}, "32 hexadecimal digits"),
        (vectors, {"ids": negative}, "`sample` must be"),
        (vectors, {"ids": {**ids, "sample": ["a"] * 80}}, "must hold integers"),
        (vectors.astype(int), {"ids": ids}, "float32 or float64"),
        (vectors[0], {"ids": ids}, r"\[96\]"),
        (vectors, {"ids": ids, "embedder_digest": "short"}, "32 hexadecimal digits"),
        (vectors, {"ids": ids, "embedder_name": ""}, "embedder_name"),
        (vectors, {"ids": ids, "dims": 0}, "dims|dimensions"),
        (vectors, {"ids": ids, "reduction": "none"}, "reduction must be"),
        (vectors, {"ids": {**ids, "sample": [0] * 80}}, "twice|already"),
    ):
        with pytest.raises(ValueError, match=said):
            stemma.sign_embeddings(data, **{**MADE, **options})
    with pytest.raises(ValueError, match="need ids"):
        stemma.sign_embeddings(example, name="example", embedder_name="made up")


def test_responses_without_a_known_word_are_told(example):
    table = {"prompt": ["a", "b"], "response": ["a word", "\u0378\u0379"], "model": ["owl", "owl"]}
    with pytest.warns(UserWarning, match="left out 1 responses"):
        (signature,) = stemma.sign_embeddings(table)
    assert signature.responses == 1


def test_results_are_results(embedder, rows):
    vectors, ids = rows
    signature = stemma.sign_embeddings(vectors, ids=ids, **MADE)[0]
    for result in (embedder, signature):
        assert "stemma." in repr(result) and "<table>" in result._repr_html_()
        assert json.loads(result.to_json()) == result.to_dict()
        assert pickle.loads(pickle.dumps(result)) == result
        with pytest.raises(AttributeError, match="cannot be changed"):
            result.dims = 1
    assert list(signature.to_frame()["embedder_name"]) == ["made up"]
