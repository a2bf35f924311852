"""`stemma same`: verdicts, exit codes and JSON, on answers of made-up models."""

import json
import random

import jsonschema
import pytest

from conftest import ROOT

SCHEMA = json.loads((ROOT / "docs" / "same.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
TOPICS = (
    "river bread engine music garden winter doctor planet market school island letter window forest kitchen horse bridge "
    "painting computer football medicine history insurance chocolate volcano language marriage airport cotton whale"
).split()
COMMON = "the of to and in that it for with as this not are on be they you at by from have can will one but".split()


def answer(rng: random.Random, prompt: int, quirk: float) -> str:
    """Forty words, many of the prompt's own; a quirky model opens lists more often."""
    topic = random.Random(prompt)
    own = [topic.choice(COMMON) for _ in range(10)] + topic.sample(TOPICS, 4)
    words = [rng.choice(own) if rng.random() < 0.7 else rng.choice(COMMON) for _ in range(40)]
    text = " ".join(words) + f" {rng.randrange(10**9)}."
    return "- " + text.replace(" and ", "\n- ") if rng.random() < quirk else text


def records(model: str, seed: int, prompts: int, samples: int = 1, quirk: float = 0.2):
    rng = random.Random(seed)
    for prompt in range(prompts):
        for sample in range(samples):
            text = answer(rng, prompt, quirk)
            yield {"model": model, "prompt": f"question {prompt}", "sample": sample, "response": text}


@pytest.fixture
def write(tmp_path):
    def call(name: str, *arguments, **options):
        path = tmp_path / f"{name}.jsonl"
        lines = [json.dumps(record) for record in records(name, *arguments, **options)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return call


def same(stemma, *arguments, code=None):
    result = stemma("same", *arguments, "--json", "-", code=code)
    assert result.code in (0, 1), result.err
    found = json.loads(result.out)
    VALIDATOR.validate(found)
    assert result.code == (found["verdict"] == "different")
    return found


def test_difference_is_found_with_one_sample_a_side(stemma, write):
    found = same(stemma, write("a", 1, 60), write("b", 2, 60, quirk=0.9), "--draws", 999)
    assert found["verdict"] == "different"
    assert found["p_value"] == 0.001
    assert found["n_prompts"] == 60
    assert found["n_samples"] == 120


def test_one_sample_a_side_never_shows_sameness(stemma, write):
    found = same(stemma, write("a", 1, 60), write("b", 2, 60), "--alpha", 0.001, "--draws", 1999)
    assert found["verdict"] == "inconclusive"
    assert found["reason"] == "one_sample_of_a"
    assert not found["equivalence"]["tested"]


def test_a_rerun_of_a_can_show_sameness(stemma, write):
    """At 300 prompts and this margin the test of sameness says so for most seeds; these are of those."""
    a, again, b = write("a", 1, 300), write("again", 2, 300), write("b", 3, 300)
    found = same(stemma, a, b, "--also-a", again, "--margin", 0.3, "--alpha", 0.01, "--draws", 999)
    assert found["verdict"] == "same_within_margin"
    assert found["n_samples"] == 900
    assert len(found["a"]["digests"]) == 2
    in_one_file = same(stemma, write("two", 4, 300, samples=2), b, "--margin", 0.3, "--alpha", 0.01, "--draws", 999)
    assert in_one_file["equivalence"]["tested"]


def test_copies_are_told_first(stemma, write):
    a = write("a", 1, 30)
    found = same(stemma, a, a)
    assert found["verdict"] == "inconclusive"
    assert found["reason"] == "all_copies"
    assert found["p_value"] == 1
    assert found["copies"]["prompts"] == 30
    text = stemma("same", a, a).out
    assert text.index("copies: at 30 of 30") < text.index("TEST")


def test_order_of_records_and_white_space_do_not_count(stemma, write, tmp_path):
    a, b = write("a", 1, 40), write("b", 2, 40, quirk=0.5)
    lines = [json.loads(line) for line in b.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line["response"] = f"\n  {line['response']}\n\n"
    shuffled = tmp_path / "shuffled.jsonl"
    shuffled.write_text("\n".join(map(json.dumps, reversed(lines))) + "\n", encoding="utf-8")
    first, second = (same(stemma, a, file, "--draws", 499) for file in (b, shuffled))
    assert first == second
    assert first == same(stemma, a, b, "--draws", 499, "--threads", 3)


def test_stream_stops_early(stemma, write):
    a, b = write("a", 1, 200), write("b", 2, 200, quirk=0.9)
    found = same(stemma, a, b, "--stream")
    assert found["verdict"] == "different"
    assert found["n_prompts"] < 200 == found["n_shared"]
    assert found["p_value"] <= 0.05
    assert same(stemma, a, write("c", 3, 200), "--stream", "--alpha", 0.0001)["verdict"] == "inconclusive"


def test_signatures_of_one_sample_will_do(stemma, write, tmp_path):
    a, b = write("a", 1, 40), write("b", 2, 40, quirk=0.9)
    signature = tmp_path / "b.stemma"
    stemma("sign", b, "-o", signature)
    plain, signed = (same(stemma, a, side, "--draws", 499) for side in (b, signature))
    # A signature holds no embedding; n-grams and style are those of the responses.
    of_kernel = [{s["kernel"]: s["effect"] for s in found["statistics"]} for found in (plain, signed)]
    assert of_kernel[1]["n-grams"] == of_kernel[0]["n-grams"]
    several = tmp_path / "several.stemma"
    stemma("sign", write("c", 3, 5, samples=2), "-o", several)
    refused = stemma("same", a, several, code=2).err
    assert "several.stemma is a signature with 2 samples" in refused
    assert "give the responses" in refused


def test_messages_name_file_and_value(stemma, write, tmp_path):
    a, b = write("a", 1, 5), write("b", 2, 5)
    assert "alpha must be in (0, 0.5), got 0.7" in stemma("same", a, b, "--alpha", 0.7, code=2).err
    assert "margin must be in (0, 1), got 0" in stemma("same", a, b, "--margin", 0, code=2).err
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"model": "x", "prompt": "elsewhere", "response": "yes"}) + "\n", encoding="utf-8")
    assert "must share at least 1 prompt, got 0" in stemma("same", a, other, code=2).err
    both = tmp_path / "both.jsonl"
    both.write_text(a.read_text(encoding="utf-8") + b.read_text(encoding="utf-8"), encoding="utf-8")
    assert "both.jsonl holds 2 models" in stemma("same", both, b, code=2).err
    stemma("same", a, tmp_path / "absent.jsonl", code=3)
