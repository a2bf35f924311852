"""Relayed shares by the program: a shipped candidate, a spliced one, and what it says where it cannot say anything."""

import json
import subprocess

import pytest

from conftest import SHARED, SHIPPED

DEMO = SHIPPED / "demo" / "gpt4_1106_preview_concise.stemma"
RESPONSES = SHARED / "data" / "alpaca_eval"
ESTIMATE = {"value", "lower", "upper", "level", "n", "unit_of_n", "method"}


def mixture(stemma, *arguments):
    return json.loads(stemma("mixture", *arguments, "--draws", "40", "--json", "-").out)


@pytest.fixture(scope="module")
def unmixed(stemma):
    return mixture(stemma, DEMO)


def test_every_estimate_is_whole(unmixed):
    """A share without its interval, or with one that does not hold it, would be read as exact."""
    for share in [c["relayed_share"] for c in unmixed["components"]] + [unmixed["other"]]:
        assert set(share) == ESTIMATE
        assert 0 <= share["value"] <= 1 and share["n"] == unmixed["used_prompts"]
    assert sum(c["relayed_share"]["value"] for c in unmixed["components"]) + unmixed["other"]["value"] == pytest.approx(1, abs=1e-4)


def test_prompts_are_ascribed_to_components(unmixed):
    makers = {component["maker"] for component in unmixed["components"]} | {None}
    assert len(unmixed["prompts"]) == unmixed["used_prompts"]
    assert all(p["component"] in makers and 0 < p["responsibility"] <= 1 for p in unmixed["prompts"])


def test_an_unmixed_candidate_is_no_mixture(unmixed):
    """A restyle of one model: no other maker may get a share of its own."""
    assert not unmixed["mixture_explains_better"]
    assert all(c["maker"] == "OpenAI" or c["relayed_share"]["value"] <= 0.05 for c in unmixed["components"])


def test_the_main_reference_is_named_where_draws_agree(unmixed):
    """A restyle is nearest to what it restyles; it is named only where 95 % of the draws have it first."""
    nearest = unmixed["nearest_to_most_prompts"]
    assert nearest[0]["model"] == "gpt4_1106_preview"
    assert [one["likeness"] for one in nearest] == sorted((one["likeness"] for one in nearest), reverse=True)
    assert sum(one["first_in_draws"] for one in nearest) <= 1 + 1e-9
    named = nearest[0] if nearest[0]["first_in_draws"] >= 0.95 else "not identifiable"
    assert unmixed["main_reference"] == named


def test_threads_change_no_byte(stemma):
    first = stemma("--threads", "1", "mixture", DEMO, "--draws", "40", "--json", "-").out
    assert first == stemma("--threads", "3", "mixture", DEMO, "--draws", "40", "--json", "-").out


def test_text_says_what_a_share_is_not(stemma):
    text = stemma("mixture", DEMO, "--draws", "40").out
    assert "no dose of distillation" in text and "% distilled" not in text


def test_an_unknown_model_to_leave_out_is_named(stemma):
    result = stemma("mixture", DEMO, "--leave-out", "no-such-model", code=3)
    assert "no-such-model" in result.err


def test_few_shared_prompts_are_an_error(stemma, tmp_path):
    path = tmp_path / "few.jsonl"
    path.write_text(json.dumps({"model": "a", "prompt": "Nobody asked this.", "response": "Then nobody answers."}) + "\n")
    assert "got 0" in stemma("mixture", path, code=2).err


@pytest.mark.skipif(not RESPONSES.exists(), reason="the labelled responses are not here")
def test_a_planted_share_comes_out(stemma, tmp_path):
    """Every third response of a candidate from a version that the panel does not hold; copies of the panel's are told first."""

    def read(model):
        return json.loads(subprocess.run(["zstd", "-dcq", RESPONSES / f"{model}.json.zst"], capture_output=True, check=True).stdout)

    donor = {record["instruction"]: record["output"] for record in read("claude-2.1")}
    records = read("pairrm-tulu-2-13b")
    for record in records:
        record["generator"] = "candidate"
    swapped = [r for k, r in enumerate(records) if k % 3 == 0 and r["instruction"] in donor]
    for record in swapped:
        record["output"] = donor[record["instruction"]]
    path = tmp_path / "spliced.json"
    path.write_text(json.dumps(records))
    report = mixture(stemma, path, "--leave-out", "claude-2.1", "--leave-out", "pairrm-tulu-2-13b")
    shares = {component["maker"]: component["relayed_share"]["value"] for component in report["components"]}
    # The bar; measured on this pair with another third: .29 for .29.
    assert shares["Anthropic"] == pytest.approx(len(swapped) / len(records), abs=0.07)
    assert report["mixture_explains_better"]
    copied = mixture(stemma, path)
    assert {"claude-2.1", "pairrm-tulu-2-13b"} <= {one["model"] for one in copied["copies"]}
