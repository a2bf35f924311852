"""The program against the reimplementation, on a made-up corpus: tokens, n-grams, word list, scores."""

import math

import pytest

import made_up_corpus
import reference
import reference_score
from reference_score import Answer, Kept
from stemma_files import (
    GRAM_BITS,
    gram_key,
    hash64,
    prompt_key,
    read_signature,
    sample_thresholds,
    strip,
    vocabulary_words,
)

LEVELS = 4095  # steps that a panel's squared weights are rounded to
STRANGERS = [h.model for h in made_up_corpus.CANDIDATES]
ALL = [h.model for h in made_up_corpus.HABITS + made_up_corpus.CANDIDATES]


@pytest.fixture(scope="module")
def kept(corpus) -> Kept:
    return Kept(vocabulary_words(corpus.vocabulary))


@pytest.fixture(scope="module")
def analysed(corpus, brands, kept):
    return {
        model: {
            prompt: [reference_score.analyse(strip(text), brands, kept) for text in texts]
            for prompt, texts in prompts.items()
        }
        for model, prompts in corpus.answers.items()
    }


def test_word_list(corpus, analysed):
    fitted = {
        h.model.name: {p: [a.tokens for a in answers] for p, answers in analysed[h.model.name].items()}
        for h in made_up_corpus.HABITS
        if not h.model.degenerate
    }
    assert vocabulary_words(corpus.vocabulary) == reference_score.fit_words(fitted)


@pytest.mark.parametrize("model", [m.name for m in ALL])
def test_tokens_and_grams(corpus, analysed, model):
    rows, prompts = read_signature(corpus.signature(model)), analysed[model]
    assert sorted(rows) == sorted(map(prompt_key, prompts))
    for prompt, answers in prompts.items():
        row, texts = rows[prompt_key(prompt)], [strip(t) for t in corpus.answers[model][prompt]]
        assert row.text_hashes == [hash64(t) for t in texts]
        assert row.code_points == sum(map(len, texts))
        assert row.tokens == sum(len(a.tokens) for a in answers)
        assert row.token_hashes == [a.copy_hash for a in answers]
        counts = {}
        for gram in (g for a in answers for g in a.grams):
            counts[gram] = counts.get(gram, 0) + 1
        assert row.grams == counts


def test_info_counts_what_the_file_holds(stemma, corpus):
    rows = read_signature(corpus.signature("garnet"))
    shown = dict(line.split(None, 1) for line in stemma("info", corpus.signature("garnet")).out.splitlines())
    assert int(shown["prompts"]) == len(rows)
    assert int(shown["tokens"]) == sum(r.tokens for r in rows.values())
    assert int(shown["characters"]) == sum(r.code_points for r in rows.values())
    assert int(shown["n-grams"].split(",")[0]) == sum(len(r.grams) for r in rows.values())


def test_grams_of_tuples_and_of_hashes_are_as_many(analysed, kept):
    """The reference's own n-grams, as tuples, collide nowhere by more than 24 bits let expect."""
    answers = [a for prompts in analysed.values() for samples in prompts.values() for a in samples]
    tuples = sum(len(reference.grams(reference.mask(a.tokens, kept))) for a in answers)
    assert 0 <= tuples - sum(len(a.grams) for a in answers) <= 1e-3 * tuples


@pytest.fixture(scope="module")
def panel_models():
    return [h.model for h in made_up_corpus.HABITS]


def read_scores(text: str) -> dict[tuple[str, str], list[float]]:
    lines = [line.split("\t") for line in text.splitlines()]
    return {(c, r): [math.nan if v == "NA" else float(v) for v in values] for c, r, *values in lines[1:]}


RIVALS = ("--rival-weights", "0.5", "--rival-distillation", "0.25", "--rival-ranking", "0.5")


@pytest.fixture(scope="module")
def scores(stemma, corpus):
    return read_scores(stemma("score", *(corpus.signature(m.name) for m in ALL), "--panel", corpus.panel, *RIVALS).out)


def expected(panel, candidate) -> dict[str, list[float]]:
    """Scores as `stemma score` with RIVALS prints them, by reference."""
    centred, _, n_prompts = panel.centred(candidate)
    out = {}
    for model, score, n in zip(panel.models, centred, n_prompts):
        if model.name != candidate.name:
            any_rival, known_rival = (panel.best_rival(centred, candidate, model, known) for known in (False, True))
            out[model.name] = [score - 0.5 * any_rival, score - 0.25 * any_rival, score - 0.5 * known_rival, n]
    return out


def largest_difference(scores, panel, candidates) -> float:
    worst = 0.0
    for candidate in candidates:
        wanted = expected(panel, candidate)
        assert {r for c, r in scores if c == candidate.name} == set(wanted)
        for model, values in wanted.items():
            got = scores[candidate.name, model]
            assert got[3] == values[3], (candidate.name, model, "prompts")
            worst = max(worst, *(abs(a - b) for a, b in zip(got[:3], values[:3])))
    return worst


# To 1e-6 with weights rounded as the panel's file rounds them, to a thousandth of a standard deviation without.
@pytest.mark.parametrize(("levels", "tolerance"), [(LEVELS, 1e-6), (None, 1e-3)], ids=["rounded", "exact"])
class TestScores:
    def test_of_the_panels_own_models(self, scores, analysed, panel_models, levels, tolerance):
        panel = reference_score.Reference(panel_models, analysed, levels)
        assert largest_difference(scores, panel, panel_models) < tolerance

    def test_of_strangers(self, scores, analysed, panel_models, levels, tolerance):
        panel = reference_score.Reference(panel_models, analysed, levels)
        assert largest_difference(scores, panel, STRANGERS) < tolerance


def test_scores_from_a_sample(stemma, corpus, analysed, panel_models, tmp_path):
    """A panel that keeps some n-grams only: of each prompt those with keys below its threshold."""
    members = [corpus.signature(m.name) for m in panel_models]
    options = ("--vocabulary", corpus.vocabulary, "--index-bytes", 12)
    stemma("panel", "build", *members, *options, "-o", tmp_path / "panel")
    thresholds = sample_thresholds(tmp_path / "panel")
    assert 1 < sum(t < 1 << GRAM_BITS for t in thresholds.values())

    def sample(prompt: str, answer: Answer) -> Answer:
        key = prompt_key(prompt)
        grams = {g for g in answer.grams if gram_key(g, key) < thresholds.get(key, 0)}
        return Answer(answer.tokens, grams, answer.copy_hash)

    sampled = {
        m: {p: [sample(p, a) for a in answers] for p, answers in prompts.items()} for m, prompts in analysed.items()
    }
    table = stemma("score", *(corpus.signature(m.name) for m in ALL), "--panel", tmp_path / "panel", *RIVALS).out
    panel = reference_score.Reference(panel_models, sampled, LEVELS)
    assert largest_difference(read_scores(table), panel, ALL) < 1e-6
