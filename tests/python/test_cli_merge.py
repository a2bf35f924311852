"""`stemma merge`: parts of one model's responses become the signature of the whole, byte for byte, or nothing."""

import json
import random

import pytest

import stemma_files
from stemma_files import sections

MODEL = "amber-70b"  # three samples a prompt


def lines(rows: list[dict]) -> str:
    return "\n".join(map(json.dumps, rows)) + "\n"


@pytest.fixture(scope="module")
def rows(styled) -> list[dict]:
    text = styled.file(MODEL).read_text(encoding="utf-8")
    return [r for r in map(json.loads, (line for line in text.split("\n") if line)) if r["response"].strip()]


@pytest.fixture
def sign(stemma, styled, tmp_path):
    """Signs these records and gives the file."""

    def call(records: list[dict], name: str, *options, vocabulary=styled.vocabulary):
        (tmp_path / "in.jsonl").write_text(lines(records), encoding="utf-8")
        path = tmp_path / f"{name}.stemma"
        stemma("sign", tmp_path / "in.jsonl", *options, "--vocabulary", vocabulary, "-o", path)
        return path

    return call


@pytest.fixture
def whole(sign, styled, rows) -> bytes:
    return sign(rows, "whole", *styled.metadata).read_bytes()


SPLITS = {
    "by prompt": lambda k, row, prompts: prompts.index(row["prompt"]) % 3,
    "by sample": lambda k, row, prompts: row["sample"],
    "by both": lambda k, row, prompts: (row["sample"] + prompts.index(row["prompt"])) % 4,
    "one record of many": lambda k, row, prompts: int(k == 17),
}


@pytest.mark.parametrize("split", SPLITS)
def test_parts_become_the_whole(stemma, sign, styled, rows, whole, tmp_path, split):
    prompts, parts = sorted({r["prompt"] for r in rows}), {}
    for k, row in enumerate(rows):
        parts.setdefault(SPLITS[split](k, row, prompts), []).append(row)
    paths = [sign(part, f"part{k}", *styled.metadata) for k, part in parts.items()]
    assert len(paths) >= 2
    told = stemma("merge", *paths, "-o", tmp_path / "merged")
    assert (tmp_path / "merged").read_bytes() == whole and not told.out
    assert told.err == f"{tmp_path}/merged: {MODEL}, {len(rows)} responses to {len(prompts)} prompts\n"


def test_order_and_grouping(stemma, sign, styled, rows, whole, tmp_path):
    rng = random.Random(6)
    parts = [[] for _ in range(5)]
    for row in rows:
        rng.choice(parts).append(row)
    paths = [sign(part, f"part{k}", *styled.metadata) for k, part in enumerate(parts)]
    for _ in range(4):
        open_paths = rng.sample(paths, len(paths))
        while len(open_paths) > 1:
            count = rng.randrange(2, len(open_paths) + 1)
            some, open_paths = open_paths[:count], open_paths[count:]
            merged = tmp_path / f"merged{rng.random()}"
            stemma("merge", *some, "-o", merged)
            open_paths.append(merged)
        assert open_paths[0].read_bytes() == whole


def test_the_whole_alone(stemma, sign, styled, rows, whole):
    path = sign(rows, "one", *styled.metadata)
    assert stemma.bytes("merge", path, "-o", "-") == whole


def test_standard_output_says_nothing_else(stemma, sign, styled, rows, whole):
    paths = [sign(part, name, *styled.metadata) for name, part in (("a", rows[:40]), ("b", rows[40:]))]
    done = stemma.bytes("merge", *paths, "-o", "-")
    assert done == whole


def test_parts_under_their_own_names(stemma, sign, styled, rows, whole, tmp_path):
    """As collected: parts called shard-1 and shard-2, and one name for the whole, which the tables know."""
    shards = [
        sign(part, name, "--name", name) for name, part in (("shard-1", rows[:40]), ("shard-2", rows[40:]))
    ]
    wrong = stemma("merge", *shards, "-o", tmp_path / "merged", code=2)
    assert "shard-1" in wrong.err and "shard-2" in wrong.err
    stemma("merge", *shards, "--name", MODEL, *styled.metadata, "-o", tmp_path / "merged")
    assert (tmp_path / "merged").read_bytes() == whole
    stemma("merge", *shards, "--name", "another", "-o", tmp_path / "other")
    assert b"another" in sections(tmp_path / "other", "signature")["METADATA"]
    digests = [stemma("info", tmp_path / name).out.split("digest")[1] for name in ("merged", "other")]
    assert digests[0] == digests[1]


def test_scores_of_merged_parts(stemma, sign, styled, rows, tmp_path):
    paths = [sign(part, name, *styled.metadata) for name, part in (("a", rows[:40]), ("b", rows[40:]))]
    stemma("merge", *paths, "-o", tmp_path / "merged")
    scores = [
        stemma("score", path, "--panel", styled.panel).out for path in (tmp_path / "merged", styled.signature(MODEL))
    ]
    assert scores[0] == scores[1]


def refused(stemma, tmp_path, *arguments, code: int) -> str:
    """The message; nothing is written."""
    wrong = stemma("merge", *arguments, "-o", tmp_path / "merged", code=code)
    assert not wrong.out and wrong.err.startswith("stemma: ") and wrong.err.count("\n") == 1
    assert not (tmp_path / "merged").exists()
    return wrong.err


class TestRefuses:
    def test_a_sample_that_two_parts_hold(self, stemma, sign, styled, rows, tmp_path):
        a, b = sign(rows[:41], "a", *styled.metadata), sign(rows[40:], "b", *styled.metadata)
        message = refused(stemma, tmp_path, a, b, code=2)
        twice = rows[40]
        assert MODEL in message and f"sample {twice['sample']} " in message
        assert stemma_files.prompt_key(twice["prompt"]) in message
        assert MODEL in refused(stemma, tmp_path, a, a, code=2)

    def test_a_sample_that_two_parts_hold_with_other_text(self, stemma, sign, styled, rows, tmp_path):
        other = rows[40] | {"response": "Quite another answer."}
        a, b = sign(rows[:41], "a", *styled.metadata), sign([other, *rows[41:]], "b", *styled.metadata)
        assert f"sample {other['sample']} " in refused(stemma, tmp_path, a, b, code=2)

    def test_different_models(self, stemma, styled, tmp_path):
        message = refused(stemma, tmp_path, styled.signature("heron"), styled.signature("cobalt"), code=2)
        assert "heron" in message and "cobalt" in message

    def test_different_metadata(self, stemma, sign, styled, rows, tmp_path):
        a, b = sign(rows[:40], "a", *styled.metadata), sign(rows[40:], "b")
        assert MODEL in refused(stemma, tmp_path, a, b, code=2)
        stemma("merge", a, b, *styled.metadata, "-o", tmp_path / "told")

    def test_different_vocabularies(self, stemma, corpus, sign, styled, rows, tmp_path):
        a, b = sign(rows[:40], "a"), sign(rows[40:], "b", vocabulary=corpus.vocabulary)
        message = refused(stemma, tmp_path, a, b, code=2)
        digests = [stemma("vocabulary", "info", c.vocabulary).out.split()[-1] for c in (styled, corpus)]
        assert all(digest in message for digest in digests)

    def test_parts_with_and_without_style(self, stemma, sign, rows, tmp_path):
        a, b = sign(rows[:40], "a"), sign(rows[40:], "b")
        parts = {k: v for k, v in sections(b, "signature").items() if k != "STYLE_A"}
        stemma_files.write(b, "signature", parts)
        assert "style" in refused(stemma, tmp_path, a, b, code=2)
        stemma("merge", b, "-o", tmp_path / "alone")
        assert (tmp_path / "alone").read_bytes() == b.read_bytes()

    def test_responses(self, stemma, styled, tmp_path):
        path = styled.file("heron")
        assert str(path) in refused(stemma, tmp_path, path, code=2)

    def test_a_missing_part(self, stemma, styled, tmp_path):
        assert "missing" in refused(stemma, tmp_path, styled.signature("heron"), tmp_path / "missing", code=3)

    def test_a_damaged_part(self, stemma, styled, tmp_path):
        whole = styled.signature("heron").read_bytes()
        (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
        assert str(tmp_path / "cut") in refused(stemma, tmp_path, tmp_path / "cut", code=3)
