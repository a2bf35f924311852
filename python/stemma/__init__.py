"""stemma: how strongly a language model's stored responses point to descent from another, or that nobody can tell.

>>> import stemma
>>> report = stemma.audit("candidate.jsonl")
>>> report.headline.verdict
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stemma.auditing import AuditReport, audit
from stemma.comparing import SameResult, same
from stemma.embedding import Embedder, EmbeddingSignature, sign_embeddings
from stemma.errors import CorruptFileError, IncompatibleError, NotFittedError
from stemma.evaluation import Evaluation, evaluate
from stemma.mixing import MixtureReport, mixture
from stemma.panel import Panel
from stemma.responses import Responses, read_responses
from stemma.scoring import Scores, score
from stemma.signature import Signature, sign

if TYPE_CHECKING:
    from stemma.estimators import FingerprintTransformer, LikelihoodRatioCalibrator

__version__ = "0.1.0"
__all__ = [
    "AuditReport",
    "CorruptFileError",
    "Embedder",
    "EmbeddingSignature",
    "Evaluation",
    "FingerprintTransformer",
    "IncompatibleError",
    "LikelihoodRatioCalibrator",
    "MixtureReport",
    "NotFittedError",
    "Panel",
    "Responses",
    "SameResult",
    "Scores",
    "Signature",
    "audit",
    "evaluate",
    "mixture",
    "read_responses",
    "same",
    "score",
    "sign",
    "sign_embeddings",
]


def __getattr__(name: str) -> Any:
    # Those need scikit-learn, which takes long to load and need not be there.
    if name in ("FingerprintTransformer", "LikelihoodRatioCalibrator"):
        from stemma import estimators

        return getattr(estimators, name)
    raise AttributeError(f"module 'stemma' has no attribute {name!r}")
