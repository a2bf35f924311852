"""How well a calibrated panel tells its own models apart, as strangers."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Literal

from stemma import _core
from stemma._progress import Progress, check_threads, reporting
from stemma._result import ProgramResult
from stemma.errors import NotFittedError
from stemma.panel import Panel, as_panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Evaluation", "evaluate"]


class Evaluation(ProgramResult):
    """Fields as in the JSON of ``stemma evaluate``: ``panel``, ``classes`` and, where it was tested, ``level``."""

    __slots__ = ()

    def __repr__(self) -> str:
        figures = (f"Cllr {found['class']} {_shown(found['cllr']['value'])}" for found in self._record["classes"])
        return f"<stemma.Evaluation: {self._record['panel']['title']}: {', '.join(figures)}>"

    def _rows(self) -> list[dict[str, Any]]:
        """Every judged pair of either class."""
        classes: list[dict[str, Any]] = json.loads(self.to_json())["classes"]
        return [{"class": found["class"], **pair} for found in classes for pair in found["pairs"]]

    def plot(
        self,
        ax: Axes | None = None,
        kind: Literal["tippett", "ece"] = "tippett",
        evidence_class: Literal["weights", "distillation"] = "weights",
    ) -> Axes:
        """The Tippett plot of bounded likelihood ratios, or the empirical cross-entropy of unbounded ones."""
        from stemma import plots

        if kind == "tippett":
            return plots.tippett(self, evidence_class, ax)
        if kind == "ece":
            return plots.cross_entropy(self, evidence_class, ax)
        raise ValueError(f"kind must be 'tippett' or 'ece', got {kind!r}")


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def evaluate(
    panel: Panel | str | os.PathLike[str] | None = None,
    *,
    level: bool = False,
    splits: int = 200,
    threads: int = 0,
    progress: Progress = False,
) -> Evaluation:
    """Judge a calibrated panel by its own models.

    level: test, too, how often unrelated candidates get a small p; takes about a minute.
    splits: how often the groups are dealt into halves for that.

    Raises NotFittedError for a panel that is not calibrated.
    """
    of = as_panel(panel)
    if not of._record["calibrated"]:
        raise NotFittedError("the panel is not calibrated; see stemma panel calibrate")
    with reporting(progress) as report:
        return Evaluation(_core.evaluate(of._handle, level, splits, check_threads(threads), report))
