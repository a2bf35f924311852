"""`same` says what the program says, of files, tables and signatures alike."""

import json
import pickle
import random

import pytest

import stemma

WORDS = "the of to and in that it for with as this not are on be they you at by from".split()


def records(model: str, seed: int, prompts: int, samples: int = 1, quirk: float = 0.2):
    """Thirty words of a few that each prompt prefers; a quirky model opens more lists."""
    rng = random.Random(seed)
    for prompt in range(prompts):
        own = random.Random(prompt).sample(WORDS, 8)
        for sample in range(samples):
            text = " ".join(rng.choice(own) for _ in range(30)) + f" {rng.randrange(10**9)}."
            if rng.random() < quirk:
                text = "- " + text.replace(" and ", "\n- ")
            yield {"model": model, "prompt": f"question {prompt}", "sample": sample, "response": text}


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    def call(name: str, *arguments, **options):
        path = tmp_path_factory.mktemp("same") / f"{name}.jsonl"
        path.write_text("".join(json.dumps(record) + "\n" for record in records(name, *arguments, **options)))
        return path

    return call


@pytest.fixture(scope="module")
def known(write):
    return write("known", 1, 40, samples=3)


@pytest.fixture(scope="module")
def quirky(write):
    return write("quirky", 2, 40, samples=2, quirk=0.9)


@pytest.fixture(scope="module")
def result(known, quirky):
    return stemma.same(known, quirky, draws=999)


@pytest.fixture(scope="module")
def program(cli):
    """The program's JSON and text; it ends with 1 for a difference."""

    def call(*arguments):
        return tuple(cli("same", *arguments, *more, code=None) for more in (["--json", "-"], []))

    return call


def test_the_result_is_the_programs(result, known, quirky, program):
    page, text = program(known, quirky, "--draws", "999")
    assert result.verdict == "different"
    assert result.to_json().encode() == page and str(result).encode() == text
    assert result.to_dict() == json.loads(page)


@pytest.mark.parametrize(
    ("python", "options"),
    [
        ({"stream": True}, ["--stream"]),
        ({"alpha": 0.01, "margin": 0.3, "draws": 99, "seed": 7, "threads": 1}, ["--alpha", "0.01", "--margin", "0.3", "--draws", "99", "--seed", "7"]),
    ],
)
def test_options_are_the_programs(python, options, known, quirky, program):
    page, text = program(known, quirky, *options)
    found = stemma.same(known, quirky, **python)
    assert found.to_json().encode() == page and str(found).encode() == text


def test_runs_are_added(write, program):
    runs = [write("known", seed, 20) for seed in (1, 2, 3)]
    page, _ = program(runs[0], runs[1], "--also-a", runs[2], "--also-b", runs[2], "--draws", "99")
    found = stemma.same(runs[0], runs[1], also_a=runs[2], also_b=[runs[2]], draws=99)
    assert found.to_json().encode() == page


def test_tables_are_as_their_files(result, known, quirky):
    pandas = pytest.importorskip("pandas")
    frames = [pandas.read_json(path, lines=True) for path in (known, quirky)]
    assert stemma.same(*frames, draws=999) == result
    assert stemma.same(*map(stemma.read_responses, frames), draws=999) == result
    assert stemma.same(stemma.read_responses(known), quirky, draws=999) == result


def test_signatures_stand_for_single_samples(write, known, tmp_path, program):
    other = write("other", 3, 40)
    (signature,) = stemma.sign(other)
    signature.write(tmp_path / "other.stemma")
    page, _ = program(known, tmp_path / "other.stemma", "--draws", "99")
    found = stemma.same(known, signature, draws=99)
    assert json.loads(page)["embedder"] is None
    assert found.to_json().encode() == page
    with pytest.raises(stemma.IncompatibleError, match="cannot be told apart"):
        stemma.same(stemma.sign(known)[0], other)


def test_the_frame_holds_each_statistic(result):
    pandas = pytest.importorskip("pandas")
    frame = result.to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["kernel"]) == [statistic.kernel for statistic in result.statistics]
    assert list(frame["effect_value"]) == [statistic.effect.value for statistic in result.statistics]


def test_a_streams_frame_is_one_row(known, quirky):
    found = stemma.same(known, quirky, stream=True)
    assert list(found.to_frame()["e_value_log10"]) == [found.e_value_log10]
    for kind in ("effects", "unlikeness"):
        with pytest.raises(ValueError, match="stream|not tested"):
            found.plot(kind=kind)


def test_it_is_a_result(result):
    assert repr(result).startswith("<stemma.SameResult: known and quirky: different")
    assert pickle.loads(pickle.dumps(result)) == result
    with pytest.raises(AttributeError, match="cannot be changed"):
        result.verdict = "same_within_margin"


def test_what_cannot_be_compared_is_said(known, quirky, tmp_path):
    for arguments, options, said in (
        ([[known, quirky], quirky], {}, "also_a"),
        ([known, quirky], {"alpha": 0}, "alpha"),
        ([known, quirky], {"margin": 2}, "margin"),
        ([known, quirky], {"threads": -1}, "threads"),
        ([stemma.read_responses([known, quirky]), quirky], {}, "also_a"),
        ([known, [{"model": "a", "prompt": "another", "response": "b"}]], {}, "shared|share"),
    ):
        with pytest.raises(ValueError, match=said):
            stemma.same(*arguments, **options)
    with pytest.raises(FileNotFoundError):
        stemma.same(known, tmp_path / "none.jsonl")
    with pytest.raises(FileNotFoundError):
        stemma.same(known, quirky, embedder=tmp_path / "none.stemma")
