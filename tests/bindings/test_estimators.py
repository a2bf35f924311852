"""The estimators keep to scikit-learn's protocol, and give the numbers of the rest of the package."""

import numpy as np
import pytest

import stemma

sklearn = pytest.importorskip("sklearn")

from sklearn.base import clone  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import FunctionTransformer  # noqa: E402
from sklearn.utils import estimator_checks as checks  # noqa: E402

# Those that need no matrix of several columns, which neither takes.
APPLY = [
    "check_do_not_raise_errors_in_init_or_set_param",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_get_params_invariance",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
]


@pytest.mark.parametrize("name", APPLY)
@pytest.mark.parametrize("estimator", [stemma.FingerprintTransformer(), stemma.LikelihoodRatioCalibrator()])
def test_scikit_learns_own_checks(name, estimator):
    check = getattr(checks, name, None)
    if check is None:
        pytest.skip(f"this scikit-learn has no {name}")
    check(type(estimator).__name__, estimator)


def two_classes(seed: int = 1):
    random = np.random.default_rng(seed)
    scores = np.concatenate([random.normal(3, 1, 60), random.normal(0, 1, 200)])
    return scores.reshape(-1, 1), np.repeat([1, 0], [60, 200])


def test_the_calibration_of_normal_scores():
    """Of two normal classes, 3 apart with deviation 1, the log10 LR is (3 s - 4.5) / ln 10. Of 260 values a slope is
    within a quarter of that: its standard error is some 0.1 of it (seed fixed)."""
    scores, derived = two_classes()
    fitted = stemma.LikelihoodRatioCalibrator(l2=0.01).fit(scores, derived)
    assert fitted.slope_ == pytest.approx(3 / np.log(10), rel=0.25)
    llrs = fitted.transform(scores)
    assert llrs.shape == scores.shape
    np.testing.assert_array_equal(llrs, fitted.slope_ * scores + fitted.intercept_)


def test_the_calibration_does_not_depend_on_order_or_labels():
    scores, derived = two_classes()
    turned = stemma.LikelihoodRatioCalibrator().fit(scores[::-1], np.where(derived[::-1], "yes", "no"))
    straight = stemma.LikelihoodRatioCalibrator().fit(scores, derived)
    assert (turned.slope_, turned.intercept_) == (straight.slope_, straight.intercept_)


def test_clones_and_pipelines():
    scores, derived = two_classes()
    pipeline = make_pipeline(FunctionTransformer(), stemma.LikelihoodRatioCalibrator(l2=0.5))
    assert clone(pipeline)[-1].get_params() == {"l2": 0.5}
    expected = stemma.LikelihoodRatioCalibrator(l2=0.5).fit(scores, derived).transform(scores)
    np.testing.assert_array_equal(pipeline.fit(scores, derived).transform(scores), expected)
    assert list(pipeline[-1].get_feature_names_out()) == ["llr_log10"]


@pytest.mark.parametrize(
    ("scores", "labels"),
    [([[1.0], [2.0]], [1, 1]), ([[1.0, 2.0], [2.0, 3.0]], [0, 1]), ([[np.nan], [2.0]], [0, 1]), ([[1.0]] * 2, [0, 1])],
)
def test_what_cannot_be_calibrated(scores, labels):
    with pytest.raises(ValueError):
        stemma.LikelihoodRatioCalibrator().fit(scores, labels)


def test_what_is_not_fitted():
    for estimator in (stemma.FingerprintTransformer(), stemma.LikelihoodRatioCalibrator()):
        with pytest.raises(NotFittedError):
            estimator.transform([[1.0]])


def test_fingerprints_are_the_scores(demo):
    transformer = clone(stemma.FingerprintTransformer(by="score_distillation", threads=1))
    signature = stemma.Signature.read(demo)
    rows = transformer.fit().transform([signature, str(demo)])
    assert rows.shape == (2, 142)
    np.testing.assert_array_equal(rows[0], rows[1])
    names = list(transformer.get_feature_names_out())
    for row in stemma.score(signature).rows:
        assert rows[0, names.index(row.reference)] == row.score_distillation
    with pytest.raises(ValueError, match="by must be one of"):
        stemma.FingerprintTransformer(by="nothing").fit()
