"""The built-in embedder against the package it takes its words from, and against its definition in NumPy."""

import io
import json
import random

import numpy as np
import pytest

from conftest import SHIPPED
from stemma_files import sections

EMBEDDER = SHIPPED / "embedder.stemma"
LINES = 10_000

# First and last code points. Scripts with and without case, with marks before and behind, from right to left, that fold
# to several code points; what has no script; what no Unicode version of today assigns.
SCRIPTS = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x531, 0x58A),
    (0x590, 0x5F4), (0x600, 0x6FF), (0x700, 0x7FF), (0x8A0, 0x97F), (0x980, 0xDFF), (0xE01, 0xE5B), (0xF00, 0xFDA),
    (0x1000, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x139F), (0x13A0, 0x13FF), (0x1680, 0x18AF), (0x1AB0, 0x1CFF),
    (0x1D00, 0x1FFF), (0x2000, 0x20FF), (0x2100, 0x2BFF), (0x2C00, 0x2E5D), (0x3000, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xA640, 0xA7FF), (0xA840, 0xABFF), (0xAC00, 0xD7FB), (0xE000, 0xE010), (0xF900, 0xFAFF),
    (0xFB00, 0xFEFF), (0xFF00, 0xFFFD), (0x10000, 0x10FFF), (0x11000, 0x11FFF), (0x16A00, 0x16FFF), (0x1D100, 0x1D7FF),
    (0x1E000, 0x1E95F), (0x1F000, 0x1FAFF), (0x20000, 0x20100), (0x2F800, 0x2FA1D), (0xE0000, 0xE01EF),
]
BETWEEN = [" "] * 8 + ["", "\n", "\t", "\u00a0", "\u3000", "\u2028", "\u200b", "\x00", "\x1c", "\x7f", "\x85", "\ufeff"]
SPECIAL = ["[CLS]", "[UNK]", "[MASK]", "[mask]", "[PAD", "[[SEP]]"]


def made_word(draw: random.Random, words: list[str]) -> str:
    kind = draw.random()
    if kind < 0.5:
        word = draw.choice(words).removeprefix("##")
        ends = draw.choice(".,;:!?'\"-"), draw.choice(words)[-3:]
        return draw.choice([word, word.capitalize(), word.upper(), word + ends[0], word + ends[1]])
    if kind < 0.52:
        return draw.choice(SPECIAL)
    if kind < 0.54:
        return draw.choice("aé中\u1e9b") * draw.randrange(95, 106)
    first, last = draw.choice(SCRIPTS)
    return "".join(chr(draw.randint(first, last)) for _ in range(draw.randrange(1, 8)))


def made_lines(words: list[str]) -> list[str]:
    """A letter leads each: an answer of nothing but white space would be left out."""
    draw = random.Random(805)
    return [
        "a " + "".join(made_word(draw, words) + draw.choice(BETWEEN) for _ in range(draw.randrange(1, 16)))
        for _ in range(LINES)
    ]


def write_responses(path, texts: list[str]):
    with open(path, "w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"model": "made", "prompt_id": str(number), "response": text}) + "\n")


def vocabulary() -> list[str]:
    return sections(EMBEDDER, "embedder")["TOKENS"].decode().split("\n")[:-1]


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    path = tmp_path_factory.mktemp("embedder") / "texts.jsonl"
    lines = made_lines([token for token in vocabulary() if not token.startswith("[")])
    write_responses(path, lines)
    return path, lines


@pytest.fixture(scope="module")
def tokens(stemma, texts) -> list[list[int]]:
    table = stemma("embed", texts[0], "--tokens", "-o", "-").out.split("\n")
    assert table[0] == "model\tprompt\tsample\ttokens" and table[-1] == ""
    return [[int(token) for token in line.split("\t")[3].split()] for line in table[1:-1]]


def test_tokens_are_those_of_the_package(texts, tokens):
    """Token for token; the package is told the vocabulary, and what tokenizer.json of the model says beside it."""
    package = pytest.importorskip("tokenizers")
    names = vocabulary()
    ids = {name: k for k, name in enumerate(names)}
    its = package.Tokenizer(package.models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    its.normalizer = package.normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True
    )
    its.pre_tokenizer = package.pre_tokenizers.BertPreTokenizer()
    its.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    expected = [encoding.ids for encoding in its.encode_batch(texts[1], add_special_tokens=False)]
    assert len(tokens) == len(expected) == LINES
    for text, found, wanted in zip(texts[1], tokens, expected, strict=True):
        assert found == wanted, ascii(text)
    # The lines would show little if most words were unknown, or none.
    unknown = sum(found.count(names.index("[UNK]")) for found in tokens) / sum(map(len, tokens))
    assert 0.02 < unknown < 0.5


def reference(tokens: list[list[int]]) -> np.ndarray:
    parts = sections(EMBEDDER, "embedder")
    _, count, dims = np.frombuffer(parts["OPTIONS"], "<u4")
    rows = np.frombuffer(parts["ROWS"], np.int8).reshape(count, dims).astype(np.int64)
    weights = np.frombuffer(parts["WEIGHTS"], "<u2").astype(np.int64)
    sums = np.stack([(rows[ids] * weights[ids][:, None]).sum(0) for ids in tokens]).astype(float)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1)


def test_vectors_are_those_of_the_definition(stemma, texts, tokens, tmp_path):
    out, ids = tmp_path / "vectors.npy", tmp_path / "ids.tsv"
    said = stemma("embed", texts[0], "-o", out, "--ids", ids).err
    expected = reference(tokens)
    has_row = expected.any(axis=1)
    vectors = np.load(out)
    assert vectors.dtype == np.float32 and vectors.flags.c_contiguous and vectors.shape == expected[has_row].shape
    assert np.abs(vectors - expected[has_row]).max() <= 1e-6
    rows = ids.read_text().splitlines()
    assert rows[0] == "model\tprompt\tsample" and len(rows) == 1 + len(vectors)
    assert f"left out: {LINES - len(vectors)} " in said or len(vectors) == LINES


def test_threads_do_not_matter(stemma, texts, tmp_path):
    made = []
    for threads in (1, 4):
        out, ids = tmp_path / f"{threads}.npy", tmp_path / f"{threads}.tsv"
        stemma("embed", texts[0], "-o", out, "--ids", ids, "--threads", threads)
        made.append((out.read_bytes(), ids.read_bytes()))
    assert made[0] == made[1]


def test_like_texts_stand_nearer(stemma, tmp_path):
    """What the table is for; a table in another order, or of other words, would fail."""
    path = tmp_path / "texts.jsonl"
    write_responses(path, [
        "The cat sleeps on the sofa all afternoon.",
        "A kitten naps on the couch after lunch.",
        "Interest rates rose as the bank fought inflation.",
        "The central bank lifted its rate because prices climbed.",
    ])
    vectors = np.load(io.BytesIO(stemma.bytes("embed", path, "-o", "-", "--ids", tmp_path / "ids.tsv")))
    cosines = vectors @ vectors.T
    assert min(cosines[0, 1], cosines[2, 3]) > cosines[:2, 2:].max() + 0.2


def test_says_what_is_wrong(stemma, texts, tmp_path):
    out = tmp_path / "vectors.npy"
    assert "--ids" in stemma("embed", texts[0], "-o", out, code=2).err
    write_responses(tmp_path / "unknown.jsonl", ["\u16a0\u16a1", "[UNK]"])
    unknown = stemma("embed", tmp_path / "unknown.jsonl", "-o", out, "--ids", tmp_path / "ids", code=2)
    assert "none of 2 responses" in unknown.err
    assert not out.exists()
    stemma("embed", texts[0], "-o", out, "--ids", tmp_path / "ids", "--embedder", SHIPPED / "vocabulary.stemma", code=2)
    stemma("embed", texts[0], "-o", out, "--ids", tmp_path / "ids", "--embedder", tmp_path / "none", code=3)
