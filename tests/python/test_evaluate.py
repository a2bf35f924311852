"""`stemma evaluate` on a small calibrated panel: its figures, intervals and curves computed anew from the pairs that it
lists, and from what is documented of them."""

import collections
import json
import random

import numpy as np
import pytest

LABS = 22
ROOTS = [f"root{k}" for k in range(4)]
COMMON = "the a of to and in is it that for on as with this are or be at by from not you we they can has".split()
WORDS = [f"{a}{b}" for a in "ba ce di fo gu la me ni po ru".split() for b in "n r s t l m".split()]

# Of every fifth lab nothing is known but that its data are not: two of them are what others were made from.
SECRETIVE = [f"lab{k:02d}" for k in range(LABS) if k % 5 == 3]
HEIRS = {"lab20": "lab03", "lab21": "lab08"}  # not themselves secretive
SILENT = "lab19"  # of which nothing is documented


def source_of(lab: int) -> str | None:
    """Who is copied: labs derive from the first three roots or from none."""
    return f"root{lab % 4}" if lab % 4 < 3 else None


def write_responses(path, name: str, source: str | None):
    def habits(of: str) -> list[str]:
        return [random.Random(f"{of} habit {k}").choice(COMMON) for k in range(12)]

    lines = []
    for prompt in range(30):
        rng = random.Random(f"{name} {prompt}")
        # Half of the labs hardly show what they derive from: the classes overlap.
        shows = source is not None and int(name[3:]) % 8 < 4
        own = habits(name) * (2 if shows else 8) + (habits(source) * (6 if shows else 1) if source else [])
        text = " ".join(rng.choice(own) if rng.random() < 0.5 else rng.choice(COMMON + WORDS) for _ in range(50))
        lines.append(json.dumps({"model": name, "prompt": f"question {prompt}", "response": text}))
    path.write_text("\n".join(lines) + "\n")


def lineage() -> str:
    rows = ["model\trelation\tsource\tsource_on_leaderboard\tconfidence\tevidence"]
    for k in range(LABS):
        lab, source = f"lab{k:02d}", source_of(k)
        if source and lab not in SECRETIVE and lab not in HEIRS and lab != SILENT:
            rows.append(f"{lab}\tfinetuned_from\t{source}\t{source}\thigh\t[seen]")
        elif lab in HEIRS:
            rows.append(f"{lab}\tpreference_from\t{HEIRS[lab]}\t{HEIRS[lab]}\thigh\t[seen]")
        elif lab != SILENT and lab not in SECRETIVE:
            rows.append(f"{lab}\thuman_data\ta set of its own\t\thigh\t[seen]")
    rows += [f"{lab}\tunknown\tunknown\t\thigh\tnothing is said [seen]" for lab in SECRETIVE]
    rows += [f"{root}\thuman_data\ta crawl\t\thigh\t[seen]" for root in ROOTS]
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def judged(stemma, tmp_path_factory):
    """The panel's path, its evaluation's text, and the JSON of its only class."""
    folder = tmp_path_factory.mktemp("evaluated")
    models = dict.fromkeys(ROOTS) | {f"lab{k:02d}": source_of(k) for k in range(LABS)}
    for name, source in models.items():
        write_responses(folder / f"{name}.jsonl", name, source)
    # Two labs of a group: it has one voice.
    group = {"lab01": "pair", "lab05": "pair", "lab07": "other pair", "lab11": "other pair"}
    rows = [f"{name}\t{name} inc\t{group.get(name, name)}\t{'yes' if name in ROOTS else 'no'}" for name in models]
    (folder / "models.tsv").write_text("\n".join(["model\torganisation\tgroup\treference", *rows]) + "\n")
    (folder / "lineage.tsv").write_text(lineage())
    metadata = ["--metadata", folder / "models.tsv", "--metadata", folder / "lineage.tsv"]
    stemma("sign", *(folder / f"{name}.jsonl" for name in models), *metadata, "-o", f"{folder}/signatures/")
    signatures = sorted((folder / "signatures").glob("*.stemma"))
    stemma("panel", "build", *signatures, "-o", folder / "panel")
    stemma("panel", "calibrate", folder / "panel", *signatures, "-o", folder / "calibrated")
    text = stemma("evaluate", "--panel", folder / "calibrated", "--json", folder / "evaluation.json").out
    (weights,) = json.loads((folder / "evaluation.json").read_text())["classes"]
    return folder / "calibrated", text, weights, group


def llrs(pairs: list[dict], derived: bool, key: str = "llr_log10") -> tuple[np.ndarray, np.ndarray]:
    of_class = [p for p in pairs if (p["documented"] == "derived") == derived]
    return np.array([p[key] for p in of_class]), np.array([p["weight"] for p in of_class])


def cllr(pairs: list[dict]) -> float:
    (h1, w1), (h2, w2) = llrs(pairs, True), llrs(pairs, False)
    return (np.average(np.log2(1 + 10 ** -h1), weights=w1) + np.average(np.log2(1 + 10**h2), weights=w2)) / 2


def anchored(pairs: list[dict]) -> float:
    shares, weights = [], []
    for pair in pairs:
        others = [p for p in pairs if p["documented"] == "unrelated" and p["reference"] == pair["reference"]]
        if pair["documented"] == "derived" and others:
            won = [(p["score"] < pair["score"]) + (p["score"] == pair["score"]) / 2 for p in others]
            shares.append(np.average(won, weights=[p["weight"] for p in others]))
            weights.append(pair["weight"])
    return float(np.average(shares, weights=weights))


def disclosed(weights: dict, group: dict) -> list[dict]:
    """All pairs but unrelated ones of candidates that keep to themselves what they were made from, weighed anew."""
    pairs = [dict(p) for p in weights["pairs"] if p["documented"] == "derived" or p["candidate_disclosed"]]
    voices = collections.Counter((group.get(p["candidate"], p["candidate"]), p["reference"])
                                 for p in pairs if p["documented"] == "unrelated")
    for p in pairs:
        if p["documented"] == "unrelated":
            p["weight"] = 1 / voices[group.get(p["candidate"], p["candidate"]), p["reference"]]
    return pairs


def columns(weights: dict, curve: str) -> dict[str, np.ndarray]:
    return {name: np.array(values, dtype=float) for name, values in weights["curves"][curve]["columns"].items()}


def test_undisclosed_is_what_is_documented_as_unknown_or_not_at_all(judged):
    """An heir of a secretive lab is no documented innocent, either."""
    _, _, weights, _ = judged
    kept_silent = {p["candidate"] for p in weights["pairs"] if not p["candidate_disclosed"]}
    assert kept_silent == {*SECRETIVE, *HEIRS, SILENT}


def test_figures_are_those_of_the_listed_pairs(judged):
    _, _, weights, group = judged
    for found, pairs in ((weights, weights["pairs"]), (weights["disclosed"], disclosed(weights, group))):
        assert found["anchored_auc"]["value"] == pytest.approx(anchored(pairs), abs=1e-12)
        assert found["cllr"]["value"] == pytest.approx(cllr(pairs), abs=1e-12)
        parts = found["cllr_min"]["value"] + found["cllr_cal"]["value"]
        assert parts == pytest.approx(found["cllr"]["value"], abs=1e-12)
        unrelated = [p for p in pairs if p["documented"] == "unrelated"]
        assert found["pairs_h2"] == len(unrelated)
        for support in found["false_support"]:
            above = [p["llr_log10_bounded"] > np.log10(support["lr_above"]) for p in unrelated]
            share = np.average(above, weights=[p["weight"] for p in unrelated])
            assert support["share"] == pytest.approx(share, abs=1e-12)
            with_one = {group.get(p["candidate"], p["candidate"]) for p, yes in zip(unrelated, above) if yes}
            assert support["groups_with"] == len(with_one)
    assert 0 < weights["disclosed"]["pairs_h2"] < weights["pairs_h2"]


def test_every_figure_says_how_sure_it_is(judged):
    _, _, weights, _ = judged
    names = ["anchored_auc", "anchored_auc_macro", "matched_auc", "interaction_auc", "cllr", "cllr_min", "cllr_cal"]
    for found, more in ((weights, ["rank1_version", "rank1_family"]), (weights["disclosed"], [])):
        for name in names + more:
            estimate = found[name]
            assert estimate["unit_of_n"] == "groups" and estimate["n"] >= 15, name
            assert (estimate["lower"] is None) or estimate["lower"] < estimate["upper"], name
    for name in ("anchored_auc", "cllr"):
        assert weights[name]["lower"] <= weights[name]["value"] <= weights[name]["upper"]


def test_curves_are_those_of_the_listed_pairs(judged):
    _, _, weights, _ = judged
    (h1, w1), (h2, w2) = llrs(weights["pairs"], True), llrs(weights["pairs"], False)
    (b1, _), (b2, _) = (llrs(weights["pairs"], derived, "llr_log10_bounded") for derived in (True, False))
    for name, of_h1, of_h2 in (("tippett_unbounded", h1, h2), ("tippett_bounded", b1, b2)):
        curve = columns(weights, name)
        assert np.array_equal(curve["llr_log10"], np.unique(np.concatenate([of_h1, of_h2])))
        for column, values, w in (("h1_at_least", of_h1, w1), ("h2_at_least", of_h2, w2)):
            at_least = [np.average(values >= at, weights=w) for at in curve["llr_log10"]]
            assert np.allclose(curve[column], at_least, atol=1e-12)
    ece = columns(weights, "ece")
    for k, prior in enumerate(ece["prior_odds_log10"]):
        odds = 10**prior
        cost = lambda r1, r2: (odds * np.average(np.log2(1 + 1 / (r1 * odds)), weights=w1)
                               + np.average(np.log2(1 + r2 * odds), weights=w2)) / (1 + odds)
        assert ece["llrs"][k] == pytest.approx(cost(10**h1, 10**h2), rel=1e-9)
        assert ece["neutral"][k] == pytest.approx(cost(np.ones_like(h1), np.ones_like(h2)), rel=1e-9)
        assert ece["pav"][k] <= min(ece["llrs"][k], ece["neutral"][k]) + 1e-12
    assert ece["pav"][30] == pytest.approx(weights["cllr_min"]["value"], abs=1e-12)
    pav = columns(weights, "pav")["pav_llr_log10"]
    assert np.all(np.diff(pav[np.isfinite(pav)]) >= 0)
    roc, det = columns(weights, "roc"), columns(weights, "det")
    assert np.allclose(roc["hit"][:-1], columns(weights, "tippett_unbounded")["h1_at_least"], atol=1e-12)
    assert len(det["miss_probit"]) == len(roc["hit"])
    steps = columns(weights, "anchored_roc")
    area = np.sum(steps["hit"][:-1] * np.diff(steps["false_alarm"]))
    assert area == pytest.approx(weights["anchored_auc"]["value"], abs=1e-9)


def test_text_fits_a_terminal_and_says_both_sides(judged):
    _, text, weights, _ = judged
    assert max(map(len, text.splitlines())) <= 110
    assert f"{weights['pairs_h2']} ({weights['groups_h2']} groups)" in text
    assert f"{weights['disclosed']['pairs_h2']} ({weights['disclosed']['groups_h2']} groups)" in text
    for words in ("disclosed sources", "unrelated pairs with LR > 10", "unrelated pairs at the upper bound", "--level"):
        assert words in text


def test_json_is_the_same_for_any_number_of_threads(stemma, judged):
    panel = judged[0]
    one, many = (stemma("evaluate", "--panel", panel, "--json", "-", "--threads", n).out for n in (1, 7))
    assert one == many


def test_splits_are_of_the_level_test(stemma, judged):
    assert "--level" in stemma("evaluate", "--panel", judged[0], "--splits", 3, code=2).err


def test_level_stands_beside_the_rest(stemma, judged):
    """On request: the figures stay what they are, and each share of the test is in the JSON."""
    panel, text, weights, _ = judged
    asked = ("evaluate", "--panel", panel, "--level", "--splits", 4)
    with_level = stemma(*asked).out
    assert "\nLEVEL: " in with_level and "\nLEVEL: " not in text
    assert max(map(len, with_level.splitlines())) <= 110
    found = json.loads(stemma(*asked, "--json", "-").out)
    assert found["classes"] == [weights]
    level = found["level"]
    assert level["splits"] == 4 and level["prompt_counts"] == [30]
    assert {cell["score"] for cell in level["cells"]} >= {"weights", "length_control"}
    for cell in level["cells"]:
        assert cell["verdict"] == "untested" or 0 <= cell["share"]["lower"] <= cell["share"]["upper"] <= 1
