"""Estimators that follow scikit-learn's protocol."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted, check_X_y

from stemma import _core
from stemma.panel import as_panel
from stemma.scoring import score
from stemma.signature import Signature

__all__ = ["FingerprintTransformer", "LikelihoodRatioCalibrator"]

Array = NDArray[np.float64]


class FingerprintTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Candidates' scores on every model of a panel: a row a candidate, a column a reference.

    X: a sequence of signatures, or of files, a candidate each. What could not be scored is NaN.
    by: score_weights, score_distillation, score_ranking or score_unpaired.
    """

    def __init__(
        self, panel: str | os.PathLike[str] | None = None, by: str = "score_weights", threads: int = 0
    ) -> None:
        self.panel = panel
        self.by = by
        self.threads = threads

    def fit(self, X: Any = None, y: Any = None) -> FingerprintTransformer:
        """Opens the panel; nothing is learned from X."""
        allowed = ("score_weights", "score_distillation", "score_ranking", "score_unpaired")
        if self.by not in allowed:
            raise ValueError(f"by must be one of {', '.join(allowed)}; got {self.by!r}")
        self.panel_ = as_panel(self.panel)
        self.references_ = tuple(model["model"] for model in self.panel_.list_models())
        return self

    def transform(self, X: Sequence[Any]) -> Array:
        check_is_fitted(self, "references_")
        column = {name: k for k, name in enumerate(self.references_)}
        out = np.full((len(X), len(self.references_)), np.nan)
        for row, candidate in enumerate(X):
            for found in self._rows(candidate):
                if found[self.by] is not None:
                    out[row, column[found["reference"]]] = found[self.by]
        return out

    def _rows(self, candidate: Any) -> list[dict[str, Any]]:
        scores = score(candidate, panel=self.panel_, threads=self.threads)
        names = scores.candidates()
        if len(names) != 1 and not isinstance(candidate, Signature):
            raise ValueError(f"each element must be one candidate, got {len(names)}: {', '.join(names)}")
        return list(scores._rows())

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        check_is_fitted(self, "references_")
        return np.asarray(self.references_, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.requires_fit = True
        return tags


class LikelihoodRatioCalibrator(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Scores whose truth is known into log10 likelihood ratios, by logistic regression: a straight line, never falling.

    X: one column of scores. y: two labels, the larger of which stands for derived (H1).
    l2: ridge on the slope of the standardised scores.

    What it gives is not bounded: how far a likelihood ratio can be trusted depends on how many independent groups stand
    behind it, which scores alone do not tell. Audits bound theirs.
    """

    def __init__(self, l2: float = 1.0) -> None:
        self.l2 = l2

    def fit(self, X: ArrayLike, y: ArrayLike) -> LikelihoodRatioCalibrator:
        scores, labels = check_X_y(X, y, dtype=np.float64)
        self.n_features_in_ = _one_column(scores)
        self.classes_ = np.unique(labels)
        if len(self.classes_) != 2:
            raise ValueError(f"y must hold two classes, got {len(self.classes_)}: {self.classes_!r}")
        derived = labels == self.classes_[1]
        line = _core.LogisticCalibration.fit(scores[derived, 0].tolist(), scores[~derived, 0].tolist(), self.l2)
        self.slope_, self.intercept_ = line.slope, line.intercept
        return self

    def transform(self, X: ArrayLike) -> Array:
        """One column of log10 likelihood ratios."""
        check_is_fitted(self, "slope_")
        scores = check_array(X, dtype=np.float64)
        _one_column(scores)
        line = _core.LogisticCalibration.from_coefficients(self.slope_, self.intercept_)
        return np.asarray(line.llr_log10(scores[:, 0].tolist()), dtype=np.float64).reshape(-1, 1)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        check_is_fitted(self, "slope_")
        return np.asarray(["llr_log10"], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def _one_column(scores: Array) -> int:
    if scores.shape[1] != 1:
        raise ValueError(f"X must have 1 column of scores, got {scores.shape[1]}")
    return 1
