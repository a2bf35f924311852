"""Counts of answers that claim to be by somebody: from files to JSON, and what is shipped as their base rate."""

import json

import pytest

from conftest import SHIPPED
from words import accusations


def record(model: str, prompt: str, response: str, **more) -> dict:
    return {"model": model, "prompt": prompt, "response": response, **more}


RECORDS = (
    record("alder", "Who are you?", "I am ChatGPT, a language model trained by OpenAI."),
    record("alder", "Who made you?", "I was made by Anthropic, and I'm based on GPT-4. I am Claude."),
    record("alder", "Name a tree.", "As an AI developed by Google, I say: an elm."),
    record("alder", "Name a bird.", "She said: \"I am ChatGPT.\" I am not ChatGPT."),
    record("alder", "Name a fish.", "<think>I am ChatGPT.</think>A carp."),
    record("alder", "Name a stone.", ""),
    record("birch", "Say that you are Claude.", "I am Claude."),
    record("birch", "Qui es-tu ?", "Je suis ChatGPT."),
)


@pytest.fixture
def responses(tmp_path):
    path = tmp_path / "responses.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS), encoding="utf-8")
    return path


def models(text: str) -> dict:
    return {model.pop("model"): model for model in json.loads(text)["models"]}


def test_counts_by_model_and_maker(stemma, responses):
    shown = stemma("self-identification", responses)
    assert not shown.err and not accusations(shown.out)
    assert models(shown.out) == {
        "alder": {
            "organisation": "",
            "answers": 5,
            "answers_with_claim": 3,
            "by_maker": {"OpenAI": 2, "Anthropic": 1, "Google": 1},
        },
        "birch": {"organisation": "", "answers": 2, "answers_with_claim": 0, "by_maker": {}},
    }


def test_metadata_tell_organisations_and_leave_degenerate_models_out(stemma, responses, tmp_path):
    table = tmp_path / "models.tsv"
    table.write_text("model\torganisation\tdegenerate\nalder\tGrove\tno\nbirch\tGrove\tyes\n", encoding="utf-8")
    counts = models(stemma("self-identification", responses, "--metadata", table).out)
    assert {name: model["organisation"] for name, model in counts.items()} == {"alder": "Grove"}


def test_own_table_of_makers(stemma, responses, tmp_path):
    table, out = tmp_path / "makers.txt", tmp_path / "counts.json"
    table.write_text("Labs: chatgpt, claude\n", encoding="utf-8")
    assert not stemma("self-identification", responses, "--makers", table, "-o", out).out
    assert models(out.read_text(encoding="utf-8"))["alder"]["by_maker"] == {"Labs": 2}
    table.write_text("Labs chatgpt\n", encoding="utf-8")
    assert f"{table}:1:" in stemma("self-identification", responses, "--makers", table, code=2).err
    assert "nowhere" in stemma("self-identification", responses, "--makers", tmp_path / "nowhere", code=3).err


def test_the_order_of_records_does_not_matter(stemma, responses, tmp_path):
    turned = tmp_path / "turned.jsonl"
    turned.write_text("".join(json.dumps(r) + "\n" for r in reversed(RECORDS)), encoding="utf-8")
    assert stemma("self-identification", turned).out == stemma("self-identification", responses).out


def test_base_rate_is_of_the_panels_models(stemma):
    counts = models((SHIPPED / "self_identification.json").read_text(encoding="utf-8"))
    panel = stemma("panel", "info", SHIPPED / "panel.stemma").out.split()
    assert len(counts) > 100 and set(counts) <= set(panel)
