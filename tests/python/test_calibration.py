"""`stemma panel calibrate` and `stemma evaluate`: what they refuse, and a small calibrated panel from end to end."""

import json
import random
import shutil

import pytest

import made_up_corpus
from stemma_files import sections


@pytest.fixture(scope="module")
def calibrated(stemma, tmp_path_factory):
    """A panel of made-up labs whose lineage is documented: four roots, twelve labs that derive from the first three."""
    folder = tmp_path_factory.mktemp("calibrated")
    roots = [f"root{k}" for k in range(4)]
    labs = [(f"lab{k:02d}", roots[k % 4] if k % 4 < 3 else None) for k in range(16)]
    words = [f"{a}{b}" for a in "ba ce di fo gu la me ni po ru".split() for b in "n r s t l m".split()]
    common = "the a of to and in is it that for on as with this are or be at by from not you we they can has".split()
    habits = {name: [random.Random(f"{name} habit {k}").choice(common) for k in range(12)] for name in roots + [n for n, _ in labs]}
    for name, source in [(root, None) for root in roots] + labs:
        lines = []
        for prompt in range(40):
            rng = random.Random(f"{name} {prompt}")
            own = habits[name] + (habits[source] * 3 if source else [])
            text = " ".join(
                rng.choice(own) if rng.random() < 0.5 else rng.choice(common) if rng.random() < 0.5 else rng.choice(words)
                for _ in range(60)
            )
            if source:  # it repeats its source's phrases
                theirs = random.Random(f"{source} phrase {prompt}")
                text += ". " + " ".join(theirs.choice(common) for _ in range(25))
            else:
                mine = random.Random(f"{name} phrase {prompt}")
                text += ". " + " ".join(mine.choice(common) for _ in range(25))
            lines.append(json.dumps({"model": name, "prompt": f"question {prompt}", "response": text}))
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "models.tsv").write_text(
        "model\torganisation\treference\n" + "".join(f"{r}\t{r} inc\tyes\n" for r in roots) + "".join(f"{n}\t{n}\tno\n" for n, _ in labs)
    )
    (folder / "lineage.tsv").write_text(
        "model\trelation\tsource\tsource_on_leaderboard\tconfidence\tevidence\n"
        + "".join(f"{n}\tfinetuned_from\t{s}\t{s}\thigh\t[seen]\n" for n, s in labs if s)
    )
    metadata = ["--metadata", folder / "models.tsv", "--metadata", folder / "lineage.tsv"]
    files = [folder / f"{name}.jsonl" for name in roots + [n for n, _ in labs]]
    stemma("sign", *files, *metadata, "-o", f"{folder}/signatures/")
    signatures = sorted((folder / "signatures").glob("*.stemma"))
    stemma("panel", "build", *signatures, "-o", folder / "panel")
    stemma("panel", "calibrate", folder / "panel", *signatures, "-o", folder / "calibrated")
    return folder


def test_evaluation_finds_what_was_planted(stemma, calibrated):
    text = stemma("evaluate", "--panel", calibrated / "calibrated", "--json", calibrated / "evaluation.json").out
    assert "(the vocabulary was kept)" in text
    (weights,) = json.loads((calibrated / "evaluation.json").read_text())["classes"]  # no documented students: one class
    assert (weights["class"], weights["pairs_h1"], weights["groups_h1"], weights["references"]) == ("weights", 12, 12, 3)
    assert weights["anchored_auc"]["value"] > 0.95 and weights["rank1_version"]["value"] == 1
    assert weights["cllr"]["value"] < 0.6
    for pair in weights["pairs"]:
        assert abs(pair["llr_log10_bounded"]) <= abs(pair["llr_log10"]) + 1e-12
    assert stemma("panel", "info", calibrated / "calibrated").out.count("calibrated     weights: Cllr 0.") == 1


def test_calibrating_again_from_the_scores_changes_no_byte(stemma, calibrated):
    stemma("panel", "calibrate", calibrated / "calibrated", "-o", calibrated / "again")
    assert (calibrated / "again").read_bytes() == (calibrated / "calibrated").read_bytes()
    stemma("panel", "calibrate", calibrated / "panel", "--scores-of", calibrated / "calibrated", "-o", calibrated / "taken")
    assert (calibrated / "taken").read_bytes() == (calibrated / "calibrated").read_bytes()
    for threads in ("1", "7"):
        stemma("panel", "calibrate", calibrated / "panel", *sorted((calibrated / "signatures").glob("*.stemma")),
               "--threads", threads, "-o", calibrated / "threads")
        assert (calibrated / "threads").read_bytes() == (calibrated / "calibrated").read_bytes()


def test_an_audit_by_a_calibrated_panel_has_likelihood_ratios(stemma, calibrated):
    """Leaving the candidate's own scores out of what it is judged by: it is documented in the panel."""
    report = json.loads(stemma("audit", calibrated / "signatures/lab00.stemma", "--panel", calibrated / "calibrated", "--json", "-").out)["canonical"]
    weights = report["classes"][0]
    assert weights["subject"] == "root0"
    lr = weights["families"][0]["references"][0]["likelihood_ratio"]
    assert lr["bounded"]["value"] > 1 and lr["bounded"]["n"] >= 10
    for figures in (lr["bounded"], lr["bounded"]["log10"], lr["unbounded"]):
        assert figures["lower"] <= figures["value"] <= figures["upper"]
    assert lr["bounds"]["log10"]["lower"] <= 0 <= lr["bounds"]["log10"]["upper"]
    # The verdict's inputs, handed to the rules as they are, lead to the same verdict.
    for finding in report["classes"]:
        path = calibrated / "inputs.json"
        path.write_text(json.dumps(finding["verdict_inputs"]))
        (again,) = json.loads(stemma("verdict", path).out)
        assert again["verdict"] == finding["verdict"]
        assert [reason["id"] for reason in again["reasons"]] == [reason["id"] for reason in finding["reasons"]]


def test_bad_input_is_named(stemma, corpus, calibrated, tmp_path):
    out = tmp_path / "out"
    assert "is not calibrated" in stemma("evaluate", "--panel", calibrated / "panel", code=2).err
    assert "holds no scores" in stemma("panel", "calibrate", calibrated / "panel", "-o", out, code=2).err
    one = calibrated / "signatures/lab00.stemma"
    assert "without group" in stemma("panel", "calibrate", calibrated / "panel", one, "-o", out, code=2).err
    mixed = stemma("panel", "calibrate", calibrated / "panel", one, calibrated / "lab01.jsonl", "-o", out, code=2)
    assert "1 of the 2 inputs are signatures" in mixed.err
    other = stemma("panel", "calibrate", corpus.panel, "--scores-of", calibrated / "calibrated", "-o", out, code=2)
    assert "holds other models" in other.err
    assert not out.exists()


def test_damage_is_found(stemma, calibrated, tmp_path):
    data = bytearray((calibrated / "calibrated").read_bytes())
    content = sections(calibrated / "calibrated", "panel")["CALIBRAT"]
    data[data.rindex(content) + 40] ^= 1
    (tmp_path / "damaged").write_bytes(data)
    assert "checksum" in stemma("evaluate", "--panel", tmp_path / "damaged", code=3).err


def test_lineage_of_the_made_up_corpus_is_too_small_to_calibrate_by(stemma, corpus, tmp_path):
    """No error, and no likelihood ratio: the classes lack documented pairs, and verdicts say so."""
    signatures = [corpus.signature(h.model.name) for h in made_up_corpus.HABITS]
    shutil.copy(corpus.panel, tmp_path / "panel")
    stemma("panel", "calibrate", tmp_path / "panel", *signatures, "--index-bytes", 0, "-o", tmp_path / "calibrated")
    candidate = corpus.signature(made_up_corpus.CANDIDATES[0].model.name)
    report = json.loads(stemma("audit", candidate, "--panel", tmp_path / "calibrated", "--json", "-").out)["canonical"]
    for finding in report["classes"]:
        assert finding["verdict"] == "insufficient_evidence"
