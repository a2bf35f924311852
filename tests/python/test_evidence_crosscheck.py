"""`stemma selftest`, and the statistics of evidence against SciPy, scikit-learn and statsmodels.

Of each statistic 200 random inputs. What has one right value agrees to 1e-9 (relative to it, or absolute where it is
small). The random inputs have ties, weights, and few as well as many values; half of them lie on a grid of 1/64, where
sums of doubles are exact, so that ties are ties for everyone.
"""

from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import sklearn.isotonic
import sklearn.linear_model
import sklearn.metrics
import statsmodels.stats.multitest

from conftest import call_of_probe

INPUTS = 200
EXACT = {"rtol": 1e-9, "atol": 1e-9}
GRID = 64


@pytest.fixture(scope="module")
def probe():
    """Calls the program that tests/evidence builds, which lies in the build tree of the program under test."""
    return call_of_probe("evidence/evidence_probe", "STEMMA_PROBE")


def generator(kind: str) -> np.random.Generator:
    return np.random.default_rng(list(kind.encode()))


def random_values(rng, size: int, k: int) -> np.ndarray:
    """Of every second input on the grid, some of them with hardly a value that is there once."""
    values = rng.normal(0, rng.choice([0.05, 1.0, 3.0]), size)
    return np.round(values * GRID) / GRID if k % 2 == 0 else values


def random_size(rng, least: int, most: int) -> int:
    """As often few as many."""
    return int(np.exp(rng.uniform(np.log(least), np.log(most + 1))))


def random_sample(rng, k: int) -> dict:
    """Both classes; of every third input all weights are alike, of the others some are 0."""
    sample = {}
    for side, shift in (("h1", rng.uniform(-0.5, 2)), ("h2", 0)):
        size = random_size(rng, 2, 300)
        values = random_values(rng, size, k) + np.round(shift * GRID) / GRID
        weights = np.ones(size) if k % 3 == 0 else rng.integers(0, 4, size) * rng.choice([1.0, 0.37])
        weights[0] = 1
        sample |= {side: values, f"weights_{side}": weights}
    return sample


def stacked(sample: dict, within_class: bool):
    """Scores, labels and weights; those of a class sum to 1 where only shares within it count."""
    weights = [sample[f"weights_{side}"] for side in ("h1", "h2")]
    if within_class:
        weights = [w / w.sum() for w in weights]
    labels = np.repeat([1, 0], [len(w) for w in weights])
    return np.concatenate([sample["h1"], sample["h2"]]), labels, np.concatenate(weights)


def test_selftest_recomputes_every_reference_number(stemma):
    brief, full = stemma("selftest").out, stemma("selftest", "--all").out
    count = int(brief.splitlines()[-1].split()[0])
    assert count >= 60
    assert brief.splitlines()[-1].startswith(f"{count} of {count} reference numbers hold")
    assert full.splitlines()[-1] == brief.splitlines()[-1]
    assert sum(line.startswith("  ok ") for line in full.splitlines()) == count
    assert "FAILED" not in brief + full


def test_auc_is_that_of_scikit_learn(probe):
    rng = generator("auc")
    cases = [random_sample(rng, k) for k in range(INPUTS)]
    for case, auc in zip(cases, probe("auc", cases)):
        scores, labels, weights = stacked(case, within_class=False)
        np.testing.assert_allclose(auc, sklearn.metrics.roc_auc_score(labels, scores, sample_weight=weights), **EXACT)


def test_isotonic_regression_is_that_of_scipy_and_scikit_learn(probe):
    rng = generator("isotonic")
    cases = []
    for k in range(INPUTS):
        size = random_size(rng, 1, 500)
        values = random_values(rng, size, k) + rng.uniform(0, 3) * np.linspace(0, 1, size)
        cases.append({"values": values, "weights": np.ones(size) if k % 3 == 0 else rng.uniform(0.1, 5, size)})
    for case, fitted in zip(cases, probe("isotonic", cases)):
        values, weights = case["values"], case["weights"]
        by_scipy = scipy.optimize.isotonic_regression(values, weights=weights).x
        by_scikit_learn = sklearn.isotonic.isotonic_regression(values, sample_weight=weights)
        np.testing.assert_allclose(fitted, by_scipy, **EXACT)
        np.testing.assert_allclose(fitted, by_scikit_learn, **EXACT)


def test_pav_calibration_is_isotonic_regression_of_labels(probe):
    """With classes of equal weight the odds are the LR; 0 and 1 become infinite LLRs of either sign."""
    rng = generator("pav")
    cases = [random_sample(rng, k) for k in range(INPUTS)]
    infinite = 0
    for case, llrs in zip(cases, probe("pav", cases)):
        scores, labels, weights = stacked(case, within_class=True)
        there = weights > 0
        isotonic = sklearn.isotonic.IsotonicRegression()
        share = isotonic.fit(scores[there], labels[there], sample_weight=weights[there]).predict(scores[there])
        with np.errstate(divide="ignore"):
            expected = np.log10(share) - np.log10(1 - share)
        infinite += int(np.isinf(expected).any())
        np.testing.assert_allclose(np.array(llrs, dtype=float)[there], expected, **EXACT)
    assert infinite > INPUTS / 2


def test_logistic_calibration_is_that_of_scikit_learn(probe):
    """To 1e-6, not 1e-9: scikit-learn stops where its gradient is small, a few steps before the end."""
    rng = generator("logistic")
    cases = [random_sample(rng, k) | {"l2": float(rng.choice([0.1, 1, 10]))} for k in range(INPUTS)]
    level = 0
    for case, line in zip(cases, probe("logistic", cases)):
        scores, labels, weights = stacked(case, within_class=True)
        there = weights > 0
        scores, labels, weights = scores[there], labels[there], weights[there] * there.sum() / 2
        mean = np.average(scores, weights=weights)
        deviation = np.sqrt(np.average((scores - mean) ** 2, weights=weights))
        model = sklearn.linear_model.LogisticRegression(
            C=1 / case["l2"], solver="newton-cholesky", tol=1e-10, max_iter=1000
        )
        model.fit(((scores - mean) / deviation)[:, None], labels, sample_weight=weights)
        # Where higher scores speak for H2 the slope is held at 0.
        slope = max(model.coef_[0, 0], 0) / deviation
        intercept = model.intercept_[0] - slope * mean if slope > 0 else 0
        level += slope == 0
        np.testing.assert_allclose(line, np.array([slope, intercept]) / np.log(10), rtol=1e-6, atol=1e-6)
    assert 0 < level < INPUTS / 2


def difference_in_means(first, second, axis):
    return np.mean(first, axis=axis) - np.mean(second, axis=axis)


def by_scipy(samples: tuple, resamples, rng):
    if len(samples) == 1:
        statistic, kind = np.mean, "samples"
    else:
        statistic, kind = difference_in_means, "independent"
    return scipy.stats.permutation_test(
        samples,
        statistic,
        permutation_type=kind,
        alternative="greater",
        n_resamples=resamples,
        rng=rng,
        vectorized=True,
    )


def permutation_cases(rng, sizes, **options) -> list[dict]:
    """`sizes` gives that of one sample of differences, or those of two samples."""
    cases = []
    for k in range(INPUTS):
        values = [random_values(rng, size, k) + np.round(rng.uniform(-0.2, 0.6) * GRID) / GRID for size in sizes(k)]
        names = ("differences",) if len(values) == 1 else ("first", "second")
        cases.append(dict(zip(names, values)) | options | {"seed": k})
    return cases


def samples_of(case: dict) -> tuple:
    return tuple(case[name] for name in ("differences", "first", "second") if name in case)


@pytest.mark.parametrize("kind", ["sign_flips", "two_samples"])
def test_exact_permutation_tests_are_those_of_scipy(probe, kind):
    rng = generator(f"exact {kind}")

    def sizes(_):
        return (rng.integers(2, 12),) if kind == "sign_flips" else tuple(rng.integers(2, 6, 2))

    cases = permutation_cases(rng, sizes, max_exact=32, draws=1)
    for case, test in zip(cases, probe(kind, cases)):
        expected = by_scipy(samples_of(case), np.inf, rng)
        assert test["arrangements"] == len(expected.null_distribution)
        np.testing.assert_allclose(test["p"], expected.pvalue, **EXACT)


@pytest.mark.parametrize("kind", ["sign_flips", "two_samples"])
def test_drawn_permutation_tests_are_those_of_scipy(probe, kind):
    """Both draw from the same arrangements: given how many of all draws reach the observed difference, how many of
    these are ours is hypergeometric. Fisher's test rejects that in any of 200 inputs with probability at most 1e-8."""
    rng = generator(f"drawn {kind}")

    def sizes(_):
        return (rng.integers(33, 60),) if kind == "sign_flips" else tuple(rng.integers(17, 40, 2))

    draws = 4_999
    cases = permutation_cases(rng, sizes, max_exact=32, draws=draws)
    between = 0
    for case, test in zip(cases, probe(kind, cases)):
        expected = by_scipy(samples_of(case), draws, rng)
        theirs = round(expected.pvalue * (draws + 1)) - 1
        assert test["arrangements"] == draws
        table = [[test["at_least"], draws - test["at_least"]], [theirs, draws - theirs]]
        assert scipy.stats.fisher_exact(table).pvalue >= 1e-8 / INPUTS
        between += 100 < theirs < draws - 100
    assert between > INPUTS / 4


@pytest.mark.parametrize("kind, method", [("holm", "holm"), ("benjamini_hochberg", "fdr_bh")])
def test_adjusted_p_values_are_those_of_statsmodels(probe, kind, method):
    rng = generator(kind)
    cases = []
    for k in range(INPUTS):
        p = rng.uniform(0, 1, random_size(rng, 1, 300)) ** rng.choice([1, 3, 8])
        cases.append({"p": np.round(p, 2) if k % 2 == 0 else p})
    for case, adjusted in zip(cases, probe(kind, cases)):
        expected = statsmodels.stats.multitest.multipletests(case["p"], method=method)[1]
        np.testing.assert_allclose(adjusted, expected, **EXACT)


def bca_by_scipy(values: np.ndarray, draws: np.ndarray, level: float):
    """SciPy's limits from draws that were made before."""
    return scipy.stats.bootstrap(
        (values,),
        np.mean,
        method="BCa",
        confidence_level=level,
        n_resamples=0,
        bootstrap_result=SimpleNamespace(bootstrap_distribution=draws),
    ).confidence_interval


def test_bca_is_that_of_scipy(probe):
    """Two sets of 9,999 draws give limits that differ by .04 of the draws' standard deviation and more, so SciPy reads
    its limits off the draws of the probe. Then all that may differ is where between two draws a quantile lies: SciPy's
    is the one at (B - 1) q + 1 of B, ours at (B + 1) q, up to one draw further out. Neighbouring draws lie up to some
    1e-3 of the values' range apart where BCa moves a limit far out, and 5e-3 of it is allowed.

    The draws themselves are held against what resampling must give: the values' mean and their variance / n, within
    six standard errors (2e-9 each for normal ones, 1e-6 over all inputs; the seeds are fixed)."""
    rng = generator("bca")
    draws, cases = 9_999, []
    for k in range(INPUTS):
        size = random_size(rng, 8, 80)
        values = rng.exponential(1, size) if k % 2 == 0 else rng.normal(0, 1, size)
        # On the grid, where a draw equal to the observed mean is that for both.
        values = np.round(values * GRID) / GRID
        cases.append({"values": values, "draws": draws, "level": float(rng.choice([0.8, 0.9, 0.95])), "seed": k})
    for case, found in zip(cases, probe("bca", cases)):
        values, means = case["values"], np.sort(found["draws"])
        for ours, theirs in zip((found["lower"], found["upper"]), bca_by_scipy(values, means, case["level"])):
            assert abs(ours - theirs) <= 5e-3 * np.ptp(values)
            # The tighter form: at most two draws apart.
            below, above = np.searchsorted(means, theirs, "left"), np.searchsorted(means, theirs, "right")
            assert means[max(below - 2, 0)] <= ours <= means[min(above + 1, draws - 1)]
        variance = values.var() / len(values)
        assert abs(means.mean() - values.mean()) <= 6 * np.sqrt(variance / draws)
        error = np.sqrt((scipy.stats.kurtosis(means) + 2) / draws)
        assert abs(means.var() / variance - 1) <= 6 * error


def test_error_rates_are_those_of_scipy(probe):
    """Both Clopper-Pearson limits, and the one-sided bound that a report prints."""
    rng = generator("error rates")
    cases = []
    for k in range(INPUTS):
        n = random_size(rng, 1, 5_000)
        errors = int({0: 0, 1: n}.get(k % 10, rng.integers(0, n + 1)))
        cases.append({"errors": errors, "n": n, "level": float(rng.choice([0.5, 0.9, 0.95, 0.999]))})
    for case, limits in zip(cases, probe("error_rate", cases)):
        test = scipy.stats.binomtest(case["errors"], case["n"], alternative="two-sided")
        two_sided = test.proportion_ci(case["level"], method="exact")
        test = scipy.stats.binomtest(case["errors"], case["n"], alternative="less")
        one_sided = test.proportion_ci(case["level"], method="exact")
        np.testing.assert_allclose(limits, [*two_sided, one_sided.high], **EXACT)


def test_normal_quantiles_are_those_of_scipy(probe):
    """Far into both tails; the relative error alone counts, for shares also where they are tiny."""
    rng = generator("normal")
    cases = []
    for k in range(INPUTS):
        share = rng.uniform(0, 1) ** rng.choice([1, 10, 100])
        cases.append({"probability": share if k % 2 == 0 else 1 - share, "x": rng.normal(0, 8)})
    cases += [{"probability": 0.0, "x": -40.0}, {"probability": 1.0, "x": 40.0}, {"probability": 0.5, "x": 0.0}]
    for case, (quantile, share) in zip(cases, probe("normal", cases)):
        np.testing.assert_allclose(float(quantile), scipy.stats.norm.ppf(case["probability"]), **EXACT)
        np.testing.assert_allclose(float(share), scipy.stats.norm.cdf(case["x"]), rtol=1e-9, atol=0)
