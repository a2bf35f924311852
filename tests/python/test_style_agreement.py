"""The program's styles against the reimplementation: features, counts, the fitted space, panels, and fused scores."""

import json
import math

import numpy as np
import pytest

import made_up_corpus
import reference_score
import reference_style
from conftest import SHARED, SHIPPED
from reference_score import Kept, Model
from reference_style import Features, Style, StyledReference
from stemma_files import (
    panel_style,
    prompt_key,
    read_signature,
    sections,
    strip,
    style_space,
    vocabulary_brands,
    vocabulary_style,
    vocabulary_words,
    write,
)
from test_real_files import ALPACA_EVAL, Answers, Bench, alpaca_eval, needs

LEVELS = 4095  # steps that a panel's squared weights are rounded to
MEMBERS = [h.model for h in made_up_corpus.HABITS + made_up_corpus.STYLISTS]
STRANGERS = [h.model for h in made_up_corpus.CANDIDATES]
ALL = MEMBERS + STRANGERS
PARENTS = {h.model.name: list(h.parents) for h in made_up_corpus.STYLISTS}


@pytest.fixture(scope="module")
def analysed(styled, brands):
    kept = Kept(vocabulary_words(styled.vocabulary))
    return {
        model: {
            prompt: [reference_score.analyse(strip(text), brands, kept) for text in texts]
            for prompt, texts in prompts.items()
        }
        for model, prompts in styled.answers.items()
    }


@pytest.fixture(scope="module")
def styles(styled, analysed):
    features = Features(*vocabulary_style(styled.vocabulary))
    return {
        model: {
            prompt_key(p): reference_style.style_of([a.tokens for a in answers], features)
            for p, answers in prompts.items()
        }
        for model, prompts in analysed.items()
    }


@pytest.fixture(scope="module")
def panel(styled, analysed, styles):
    keys = {p: prompt_key(p) for prompts in analysed.values() for p in prompts}
    return StyledReference(MEMBERS, analysed, styles, style_space(styled.vocabulary), keys, LEVELS)


def test_feature_lists(styled, analysed):
    answers = [
        (prompt, answer.tokens)
        for model in MEMBERS
        if not model.degenerate
        for prompt, samples in analysed[model.name].items()
        for answer in samples
    ]
    words, openings = reference_style.fit_features(answers)
    assert len(words) > 100 and len(openings) > 100
    assert vocabulary_style(styled.vocabulary) == (words, openings)
    assert vocabulary_style(styled.folder / "words.stemma") == (words, openings)


@pytest.mark.parametrize("model", [m.name for m in ALL])
def test_feature_counts(styled, styles, model):
    rows = read_signature(styled.signature(model))
    wanted = {
        prompt: {int(f): round(s.shares[f] * s.samples) for f in np.flatnonzero(s.shares)}
        for prompt, s in styles[model].items()
    }
    assert {prompt: row.style for prompt, row in rows.items()} == wanted


# An entry of the form sums at most 150 products of float32 numbers, each off by 2^-24 of its size: 150 * 2^-23 of the
# largest entry, if all roundings added up.
def same_form(got, wanted) -> bool:
    got, wanted = reference_style.composite(got), reference_style.composite(wanted)
    return np.abs(got - wanted).max() <= 150 * 2**-23 * np.abs(wanted).max()


def same_directions(got: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether two maps' columns span the same, each column's length aside."""
    (a, _), (b, _) = np.linalg.qr(got), np.linalg.qr(wanted)
    return got.shape == wanted.shape and np.linalg.svd(a.T @ b, compute_uv=False).min() > 1 - 1e-6


class TestSpace:
    @pytest.fixture(scope="class")
    def fitted(self, styled, styles):
        sizes = [len(features) for features in vocabulary_style(styled.vocabulary)]
        return lambda parents: reference_style.fit_space(MEMBERS, parents, styles, sizes)

    def test_form(self, styled, fitted):
        got, wanted = style_space(styled.vocabulary), fitted(PARENTS)
        for ours, theirs in zip(got.sets, wanted.sets, strict=True):
            assert same_directions(ours, theirs)
        assert same_form(got, wanted)

    def test_fine_tunes_alone_stretch_it(self, stemma, styled, fitted, tmp_path):
        """Without lineage it is another one; so are those with what was inferred from text, or distillation."""
        bare = tmp_path / "models.tsv"
        bare.write_text((styled.folder / "models.tsv").read_text(encoding="utf-8"), encoding="utf-8")
        signatures = [styled.signature(m.name) for m in MEMBERS]
        options = ("--metadata", bare, "--vocabulary", styled.folder / "words.stemma", "-o", tmp_path / "fitted")
        stemma("vocabulary", "fit-style", *signatures, *options)
        assert same_form(style_space(tmp_path / "fitted"), fitted({}))
        got = style_space(styled.vocabulary)
        assert not same_form(got, fitted({}))
        inferred = {m: [(r, p, "[seen]") for r, p, _ in links] for m, links in PARENTS.items()}
        distilled = {m: [("finetuned_from", p, e) for _, p, e in links] for m, links in PARENTS.items()}
        assert not same_form(got, fitted(inferred)) and not same_form(got, fitted(distilled))

    def test_order_of_signatures_does_not_matter(self, stemma, styled, tmp_path):
        signatures = [styled.signature(m.name) for m in MEMBERS][::-1]
        options = ("--vocabulary", styled.folder / "words.stemma", "-o", tmp_path / "fitted")
        stemma("vocabulary", "fit-style", *signatures, *options)
        assert (tmp_path / "fitted").read_bytes() == styled.vocabulary.read_bytes()

    def test_signatures_stay_comparable(self, stemma, styled, tmp_path):
        """The vocabulary's digest does not cover the space."""
        options = ("--vocabulary", styled.vocabulary, "-o", tmp_path / "heron")
        stemma("sign", styled.file("heron"), *styled.metadata, *options)
        assert (tmp_path / "heron").read_bytes() == styled.signature("heron").read_bytes()

    def test_too_few_groups(self, stemma, styled, tmp_path):
        few = [m for m in MEMBERS if not m.degenerate][:9]
        options = ("--vocabulary", styled.folder / "words.stemma", "-o", tmp_path / "fitted")
        wrong = stemma("vocabulary", "fit-style", *(styled.signature(m.name) for m in few), *options, code=2)
        assert "10 groups" in wrong.err and not (tmp_path / "fitted").exists()


def rounds_to(numbers: np.ndarray, exact: np.ndarray, unit: int) -> bool:
    """Whether the file's numbers are the exact ones rounded to 1/unit; halves may go either way."""
    return np.abs(numbers * unit - np.minimum(exact, 1) * unit).max() <= 0.5 + 1e-9


class TestPanel:
    def test_expectations(self, styled, panel):
        got = panel_style(styled.panel)
        assert got.by_prompt.any() and rounds_to(got.by_prompt, panel._by_prompt(), 255)
        assert got.by_length.any() and rounds_to(got.by_length, panel._by_length(), 65535)

    def test_points(self, styled, panel):
        got = panel_style(styled.panel)
        panel.take_tables(got.by_prompt, got.by_length)
        for mean, own in zip(got.means, panel.means, strict=True):
            assert np.abs(mean - own).max() < 1e-12
        for points, own in zip(got.points, panel.points, strict=True):
            assert np.abs(points - own).max() < 2**-24 + 1e-9  # numbers below 1 as float32
            assert np.allclose(np.sum(points**2, axis=1), 1)


def read_scores(text: str) -> dict[tuple[str, str], list[float]]:
    lines = [line.split("\t") for line in text.splitlines()]
    assert lines[0][2:] == ["score_weights", "score_distillation", "score_ranking", "n_prompts", "score_unpaired"]
    return {(c, r): [math.nan if v == "NA" else float(v) for v in values] for c, r, *values in lines[1:]}


def largest_difference(got, panel, candidates, lam=(0.5, 0.25, 1.0)) -> float:
    worst = 0.0
    for candidate in candidates:
        wanted = panel.scores(candidate, lam)
        assert {r for c, r in got if c == candidate.name} == set(wanted)
        for model, values in wanted.items():
            both = list(zip(got[candidate.name, model], values, strict=True))
            assert all(math.isnan(a) == math.isnan(b) for a, b in both), (candidate.name, model)
            assert both[3][0] == both[3][1], (candidate.name, model, "prompts")
            worst = max(worst, *(abs(a - b) for a, b in both if not math.isnan(a)))
    return worst


# Mean cosines of n-grams are kept to 2^-31, points of styles are taken from the file, and nine digits are printed. In
# standard deviations of .005 (n-grams) and .1 (styles) or more, with a rival's score taken off, that is below 1e-6.
class TestScores:
    @pytest.fixture(scope="class")
    def of_file(self, styled, panel):
        got = panel_style(styled.panel)
        panel.take_tables(got.by_prompt, got.by_length)
        panel.points = list(got.points)
        for model in STRANGERS:
            assert panel.centred(model)[1] > 0.005
            for points in panel.points:
                matrix = reference_style.unit(points) @ reference_style.unit(points).T
                assert panel.standardised(matrix, matrix[0], model)[1] > 0.1
        return panel

    def test_of_the_panels_own_models(self, stemma, styled, of_file):
        table = stemma("score", *(styled.signature(m.name) for m in MEMBERS), "--panel", styled.panel).out
        assert largest_difference(read_scores(table), of_file, MEMBERS) < 1e-6

    def test_of_strangers(self, stemma, styled, of_file):
        table = stemma("score", *(styled.signature(m.name) for m in STRANGERS), "--panel", styled.panel).out
        assert largest_difference(read_scores(table), of_file, STRANGERS) < 1e-6

    def test_rivals(self, stemma, styled, of_file):
        options = ("--rival-weights", 0, "--rival-distillation", 1, "--rival-ranking", 0.3)
        table = stemma("score", styled.signature("heron"), "--panel", styled.panel, *options).out
        assert largest_difference(read_scores(table), of_file, STRANGERS[:1], (0, 1, 0.3)) < 1e-6

    def test_of_few_prompts(self, stemma, styled, analysed, styles, tmp_path):
        """Some of the panel's, and some that it does not have."""
        lines = [json.loads(line) for line in styled.file("heron").read_text(encoding="utf-8").split("\n") if line]
        known = [r for r in lines if r["response"].strip()]
        moved = [r | {"prompt": r["prompt"] + " Really?"} for r in known[12:]]
        (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, known[:12] + moved)), encoding="utf-8")
        table = stemma("score", tmp_path / "in.jsonl", *styled.metadata, "--panel", styled.panel).out
        mine = {(p if k < 12 else p + " Really?"): a for k, (p, a) in enumerate(analysed["heron"].items())}
        keys = {p: prompt_key(p) for prompts in [*analysed.values(), mine] for p in prompts}
        renamed = {keys[p]: s for p, s in zip(mine, styles["heron"].values(), strict=True)}
        got = panel_style(styled.panel)
        few = StyledReference(
            MEMBERS,
            {m.name: analysed[m.name] for m in MEMBERS} | {"heron": mine},
            styles | {"heron": renamed},
            style_space(styled.vocabulary),
            keys,
            LEVELS,
        )
        few.take_tables(got.by_prompt, got.by_length)
        few.points = list(got.points)
        assert largest_difference(read_scores(table), few, STRANGERS[:1]) < 1e-6


class TestWithoutStyle:
    def test_score_is_of_ngrams_alone(self, stemma, styled, tmp_path):
        """A signature of a version that knew no style: all three scores by n-grams, none by styles."""
        parts = sections(styled.signature("heron"), "signature")
        write(tmp_path / "old", "signature", {k: v for k, v in parts.items() if k != "STYLE_A"})
        assert "style          none" in stemma("info", tmp_path / "old").out
        none = ("--rival-weights", 0, "--rival-distillation", 0, "--rival-ranking", 0)
        table = read_scores(stemma("score", tmp_path / "old", "--panel", styled.panel, *none).out)
        assert all(v[0] == v[1] == v[2] and math.isnan(v[4]) for v in table.values())
        with_style = read_scores(stemma("score", styled.signature("heron"), "--panel", styled.panel, *none).out)
        assert {k: v[0] for k, v in table.items()} == {k: v[0] for k, v in with_style.items()}
        assert all(v[0] != v[1] == v[2] for v in with_style.values())

    def test_a_panel_with_one_such_model_has_none(self, stemma, styled, tmp_path):
        parts = sections(styled.signature("cobalt"), "signature")
        write(tmp_path / "old", "signature", {k: v for k, v in parts.items() if k != "STYLE_A"})
        members = [styled.signature(m.name) for m in MEMBERS if m.name != "cobalt"]
        options = ("--vocabulary", styled.vocabulary, "-o", tmp_path / "panel")
        stemma("panel", "build", *members, tmp_path / "old", *options)
        assert "STYLE" not in sections(tmp_path / "panel", "panel")
        table = read_scores(stemma("score", styled.signature("heron"), "--panel", tmp_path / "panel").out)
        assert all(math.isnan(v[4]) and not math.isnan(v[1]) for v in table.values())


LABELS = SHARED / "data" / "labels"
# Models and prompts enough that the numbers of directions are bounded by the description and not by the data.
FITTED_MODELS, FITTED_PROMPTS = 80, 40


class Shares(dict):
    """{prompt key: Style}, without showing any."""

    def __repr__(self):
        return f"<{len(self)} answers' shares>"


def table(name: str) -> list[dict[str, str]]:
    needs(LABELS / name)
    head, *rows = [line.split("\t") for line in (LABELS / name).read_text(encoding="utf-8").splitlines()]
    return [dict(zip(head, row)) for row in rows]


class TestRealFiles:
    @pytest.fixture(scope="class")
    def bench(self, stemma, tmp_path_factory) -> Bench:
        """With the shipped vocabulary, and its space of styles."""
        vocabulary = SHIPPED / "vocabulary.stemma"
        needs(vocabulary)
        if "STYLESPC" not in sections(vocabulary, "vocabulary"):
            pytest.skip(f"{vocabulary} has no space of styles yet")
        return Bench(stemma, tmp_path_factory.mktemp("real"), vocabulary)

    @pytest.fixture(scope="class")
    def signed(self, bench):
        """Signatures, analysed answers and styles of some models; none shows an answer when printed."""
        features = Features(*vocabulary_style(bench.vocabulary))
        answers = {model: alpaca_eval(model) for model in ALPACA_EVAL}
        signatures = {model: bench.sign(model, texts) for model, texts in answers.items()}
        analysed = {model: bench.analyse(texts) for model, texts in answers.items()}
        styles = {
            m: Shares((p, reference_style.style_of([a.tokens for a in own], features)) for p, own in of_model.items())
            for m, of_model in analysed.items()
        }
        return signatures, analysed, styles

    @pytest.mark.parametrize("model", ALPACA_EVAL)
    def test_features(self, signed, model):
        signatures, _, styles = signed
        rows = read_signature(signatures[model], grams=False)
        wanted = {p: dict.fromkeys(np.flatnonzero(s.shares).tolist(), 1) for p, s in styles[model].items()}
        wrong = [p for p in wanted.keys() | rows.keys() if wanted.get(p) != (rows[p].style if p in rows else None)]
        assert wrong == [] and sum(map(len, wanted.values())) > 10 * len(wanted)

    def test_feature_lists(self, stemma, bench, signed):
        """Of more words than are kept."""
        files = [bench.write(f"fit-{m}", alpaca_eval(m)) for m in ALPACA_EVAL]
        (bench.folder / "brands").write_text("\n".join(vocabulary_brands(bench.vocabulary)), encoding="utf-8")
        stemma("vocabulary", "fit", *files, "--brands", bench.folder / "brands", "-o", bench.folder / "fitted")
        answers = [(p, a.tokens) for own in signed[1].values() for p, samples in own.items() for a in samples]
        wanted = reference_style.fit_features(answers)
        differing = [set(a) ^ set(b) for a, b in zip(vocabulary_style(bench.folder / "fitted"), wanted)]
        assert [len(d) for d in differing] == [0, 0]
        assert len(wanted[0]) == reference_style.WORDS and len(wanted[1]) > 600

    def test_space(self, stemma, bench, tmp_path):
        """Of many documented models, up to rotation."""
        split = {row["model"]: row for row in table("split.tsv")}
        families = {row["model"]: row for row in table("families.tsv")}
        names = sorted(split)[:FITTED_MODELS]
        needs(*(SHARED / "data" / "alpaca_eval" / f"{name}.json.zst" for name in names))
        paths = [bench.write(name, Answers(list(alpaca_eval(name).items())[:FITTED_PROMPTS])) for name in names]
        tables = [x for t in ("families", "split", "lineage") for x in ("--metadata", LABELS / f"{t}.tsv")]
        stemma("sign", *paths, *tables, "--vocabulary", bench.vocabulary, "-o", f"{tmp_path}/")
        signatures = [tmp_path / f"{name}.stemma" for name in names]
        stemma("vocabulary", "fit-style", *signatures, "--vocabulary", bench.vocabulary, "-o", tmp_path / "fitted")
        sizes = [len(features) for features in vocabulary_style(bench.vocabulary)]
        styles, models, parents = {}, [], {}
        for name, path in zip(names, signatures):
            styles[name] = {}
            for key, row in read_signature(path, grams=False).items():
                shares = np.zeros(sum(sizes))
                shares[list(row.style)] = 1
                styles[name][key] = Style(shares, row.tokens, row.samples)
            degenerate = families[name]["degenerate"].startswith("yes")
            models.append(Model(name, split[name]["group"], families[name]["developer"], degenerate=degenerate))
        for row in table("lineage.tsv"):
            parents.setdefault(row["model"], []).append((row["relation"], row["source_on_leaderboard"], row["evidence"]))
        got, wanted = style_space(tmp_path / "fitted"), reference_style.fit_space(models, parents, styles, sizes)
        assert [m.shape[1] for m in got.sets] == [50, 50] and got.last.shape == (100, 60)
        assert all(same_directions(a, b) for a, b in zip(got.sets, wanted.sets, strict=True))
        assert same_form(got, wanted)

    def test_scores(self, stemma, bench, signed):
        """Of every model against the others, and of a stranger."""
        signatures, analysed, styles = signed
        *members, _ = ALPACA_EVAL
        path, space = bench.folder / "styled", style_space(bench.vocabulary)
        options = ("--vocabulary", bench.vocabulary, "--index-bytes", 0, "-o", path)
        stemma("panel", "build", *(signatures[m] for m in members), *options)
        keys = {p: p for own in analysed.values() for p in own}
        panel = StyledReference([Model(m) for m in members], analysed, styles, space, keys, LEVELS)
        got = panel_style(path)
        assert rounds_to(got.by_prompt, panel._by_prompt(), 255)
        assert rounds_to(got.by_length, panel._by_length(), 65535)
        panel.take_tables(got.by_prompt, got.by_length)
        for points, own in zip(got.points, panel.points, strict=True):
            assert np.abs(points - own).max() < 2**-24 + 1e-9
        panel.points = list(got.points)
        scores = read_scores(stemma("score", *signatures.values(), "--panel", path).out)
        assert largest_difference(scores, panel, [Model(m) for m in ALPACA_EVAL]) < 1e-6
