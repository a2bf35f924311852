"""The measures of embeddings against NumPy and SciPy, to 1e-9 (relative, or absolute where a value is small).

Each oracle is the textbook formula on whole matrices and shares nothing with the library.
"""

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats

from conftest import call_of_probe

INPUTS = 60
EXACT = {"rtol": 1e-9, "atol": 1e-9}


@pytest.fixture(scope="module")
def probe():
    """Calls the program that tests/score builds, which lies in the build tree of the program under test."""
    return call_of_probe("score/embedding_probe", "STEMMA_EMBEDDING_PROBE")


def generator(kind: str) -> np.random.Generator:
    return np.random.default_rng(list(kind.encode()))


def sent(points: np.ndarray) -> dict:
    """As the probe reads it: NaN is null."""
    values = [None if np.isnan(value) else value for value in points.ravel().tolist()]
    return {"values": values, "dims": points.shape[1]}


def random_clouds(rng) -> tuple[np.ndarray, np.ndarray]:
    """Apart or not, of unequal sizes, some with points that are there more than once."""
    dims = int(rng.integers(1, 20))
    x, y = (rng.normal(shift, rng.uniform(0.2, 3), (int(rng.integers(2, 60)), dims)) for shift in (0, rng.choice([0, 0.3, 5])))
    if rng.random() < 0.3:
        y[: len(y) // 2] = x[rng.integers(0, len(x), len(y) // 2)]
    return x, y


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def double_centred(matrix: np.ndarray, groups: np.ndarray, self: int) -> np.ndarray:
    """Scores of a model on all: less both typicalities, in standard deviations of pairs of other groups."""
    n = len(groups)
    members = np.array([np.sum((groups == g) & (np.arange(n) != self)) for g in groups])
    weights = np.where(np.arange(n) == self, 0, 1 / np.maximum(members, 1))
    unrelated = groups[:, None] != groups[None, :]
    typicality = np.array([np.average(matrix[m][unrelated[m]], weights=weights[unrelated[m]]) for m in range(n)])
    pairs = np.triu(unrelated, 1)
    pair_weights = np.outer(weights, weights)[pairs]
    overall = np.average(matrix[pairs], weights=pair_weights)
    centred = matrix - typicality[:, None] - typicality[None, :] + overall
    mean = np.average(centred[pairs], weights=pair_weights)
    deviation = np.sqrt(np.average((centred[pairs] - mean) ** 2, weights=pair_weights))
    return centred[self] / deviation


def test_prompt_centred_cosines_and_their_scores(probe):
    """Every second input lacks answers, so that prompts have centres of different models."""
    rng = generator("centred")
    cases, expected = [], []
    for k in range(INPUTS):
        models, prompts, dims = (int(rng.integers(low, high)) for low, high in ((5, 10), (8, 30), (1, 12)))
        points = rng.normal(0, 1, (models, prompts, dims)) + rng.normal(0, 2, (prompts, dims))
        groups = np.arange(models) % int(rng.integers(4, models + 1))
        weights = 1 / np.bincount(groups)[groups]
        answered = rng.random((models, prompts)) > (0.15 if k % 2 else 0)
        answered[:, :3] = True
        points[~answered] = np.nan
        centre = np.stack(
            [np.average(points[answered[:, p], p], axis=0, weights=weights[answered[:, p]]) for p in range(prompts)]
        )
        directions = unit(points - centre)
        cosines = np.nanmean(np.einsum("apd,bpd->abp", directions, directions), axis=2)
        self = int(rng.integers(models))
        cases.append({"models": [sent(model) for model in points], "weights": weights.tolist(), "groups": groups.tolist(), "self": self})
        expected.append((cosines, double_centred(cosines, groups, self)))
    for (cosines, scores), found in zip(expected, probe("centred", cases)):
        np.testing.assert_allclose(np.reshape(found["cosines"], cosines.shape), cosines, **EXACT)
        # Divided by a deviation: near 0 where all cosines are 1 or -1, of a single dimension.
        np.testing.assert_allclose(found["scores"], scores, rtol=1e-8, atol=1e-8)


def test_linear_cka_is_that_of_gram_matrices(probe):
    """By kernels: the Hilbert-Schmidt independence criterion of centred Gram matrices."""
    rng = generator("cka")
    cases, expected = [], []
    for _ in range(INPUTS):
        rows = int(rng.integers(2, 50))
        x = rng.normal(rng.uniform(-5, 5), 1, (rows, int(rng.integers(1, 20))))
        y = rng.normal(0, 1, (rows, int(rng.integers(1, 20)))) + rng.uniform(0, 2) * x[:, :1]
        centring = np.eye(rows) - 1 / rows
        k, l = (centring @ (points @ points.T) @ centring for points in (x, y))
        expected.append(np.trace(k @ l) / np.sqrt(np.trace(k @ k) * np.trace(l @ l)))
        cases.append({"x": sent(x), "y": sent(y)})
    np.testing.assert_allclose(probe("cka", cases), expected, **EXACT)


def test_mmd_is_the_unbiased_statistic_at_the_median_distance(probe):
    rng = generator("mmd")
    cases, expected = [], []
    for k in range(INPUTS):
        x, y = random_clouds(rng)
        bandwidth = float(np.median(scipy.spatial.distance.pdist(np.vstack([x, y]))))
        case = {"x": sent(x), "y": sent(y)}
        if k % 2:
            bandwidth = case["bandwidth"] = float(rng.uniform(0.1, 10))
        kernel = [np.exp(-scipy.spatial.distance.cdist(a, b, "sqeuclidean") / (2 * bandwidth**2)) for a, b in ((x, x), (y, y), (x, y))]
        within = [(gram.sum() - np.trace(gram)) / (len(gram) * (len(gram) - 1)) for gram in kernel[:2]]
        expected.append((bandwidth, sum(within) - 2 * kernel[2].mean()))
        cases.append(case)
    np.testing.assert_allclose(probe("mmd", cases), expected, **EXACT)


def test_energy_distance_is_that_of_scipy_in_one_dimension(probe):
    rng = generator("energy-1")
    clouds = [tuple(cloud[:, :1] for cloud in random_clouds(rng)) for _ in range(INPUTS)]
    expected = [scipy.stats.energy_distance(x.ravel(), y.ravel()) for x, y in clouds]
    found = probe("energy", [{"x": sent(x), "y": sent(y)} for x, y in clouds])
    np.testing.assert_allclose(np.square(found), np.square(expected), **EXACT)


def test_energy_distance_is_that_of_the_formula_in_more(probe):
    rng = generator("energy-n")
    clouds = [random_clouds(rng) for _ in range(INPUTS)]
    distance = scipy.spatial.distance.cdist
    expected = [2 * distance(x, y).mean() - distance(x, x).mean() - distance(y, y).mean() for x, y in clouds]
    found = probe("energy", [{"x": sent(x), "y": sent(y)} for x, y in clouds])
    np.testing.assert_allclose(np.square(found), expected, **EXACT)


def test_a_signature_keeps_means_and_covariance_of_rounded_vectors(probe):
    """Vectors are rounded in NumPy as the format says; what is made of them then has one right value."""
    rng = generator("signature")
    cases, expected = [], []
    for _ in range(INPUTS):
        samples, dims, bits = (int(rng.integers(low, high)) for low, high in ((1, 40), (1, 50), (3, 15)))
        vectors = rng.normal(0, rng.uniform(0.01, 100), (samples, dims))
        prompts = np.sort(rng.integers(0, 10, samples))
        rounded = np.round(unit(vectors) * 2**bits) / 2**bits
        means = [rounded[prompts == prompt].mean(axis=0) for prompt in np.unique(prompts)]
        leading = rounded[:, :32]
        expected.append((means, rounded.mean(axis=0), np.atleast_2d(np.cov(leading, rowvar=False, bias=True))))
        cases.append({"samples": sent(vectors), "prompts": prompts.tolist(), "stored": dims, "fraction_bits": bits})
    for (means, mean, covariance), found in zip(expected, probe("signature", cases)):
        np.testing.assert_allclose(found["means"], means, **EXACT)
        np.testing.assert_allclose(found["mean"], mean, **EXACT)
        np.testing.assert_allclose(np.reshape(found["covariance"], covariance.shape), covariance, **EXACT)
