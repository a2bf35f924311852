"""Scores of candidates against every model of a panel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from stemma import _core, _html
from stemma._progress import Progress, check_threads, reporting
from stemma._result import Result
from stemma.panel import Panel, as_panel
from stemma.signature import signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Scores", "score"]

Path = str | os.PathLike[str]
ScoreName = Literal["score_weights", "score_distillation", "score_ranking", "score_unpaired"]


class Scores(Result):
    """Scores, in standard deviations of unrelated pairs. They say nothing about error rates: for those, ``audit``.

    ``rows``: candidate, reference, score_weights, score_distillation, score_ranking, n_prompts, score_unpaired, as in the
    table of ``stemma score``. None stands for what could not be scored.
    """

    __slots__ = ()

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__({"rows": rows})

    def __reduce__(self) -> tuple[type[Scores], tuple[list[dict[str, Any]]]]:
        return Scores, (self._rows(),)

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.to_dict()["rows"]
        return rows

    def candidates(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row["candidate"] for row in self._record["rows"]))

    def __repr__(self) -> str:
        return f"<stemma.Scores: {', '.join(self.candidates())}: {len(self._record['rows'])} rows>"

    def _repr_html_(self) -> str:
        return "".join(
            _html.table(f"{candidate}: the 10 nearest by score_weights", self.nearest("score_weights", candidate, 10))
            for candidate in self.candidates()
        )

    def nearest(
        self, by: ScoreName = "score_weights", candidate: str | None = None, count: int = 10
    ) -> list[dict[str, Any]]:
        """The rows of the highest scores, the highest first; without a candidate's name, of the first one."""
        wanted = self.candidates()[0] if candidate is None else candidate
        rows = [row for row in self._rows() if row["candidate"] == wanted and row[by] is not None]
        return sorted(rows, key=lambda row: (-row[by], row["reference"]))[:count]

    def plot(self, ax: Axes | None = None, by: ScoreName = "score_weights", candidate: str | None = None) -> Axes:
        """The nearest references of one candidate."""
        from stemma import plots

        return plots.nearest(self, by, candidate, ax)


def score(
    candidates: Any,
    *,
    panel: Panel | Path | None = None,
    rival_weights: float = 0.5,
    rival_distillation: float = 0.25,
    rival_ranking: float = 1.0,
    name: str = "",
    name_by_file: bool = False,
    skip_bad: bool = False,
    metadata: Path | Iterable[Path] = (),
    threads: int = 0,
    progress: Progress = False,
) -> Scores:
    """Score candidates: signatures, files of responses or signatures, or what ``read_responses`` takes or gives.

    rival_weights, rival_distillation, rival_ranking: how much of the best rival's score is taken off each.
    """
    for option, share in (
        ("rival_weights", rival_weights),
        ("rival_distillation", rival_distillation),
        ("rival_ranking", rival_ranking),
    ):
        if not 0 <= share <= 1:
            raise ValueError(f"{option} must be in [0, 1], got {share}")
    of = as_panel(panel)
    models = signed(
        candidates,
        of._handle.vocabulary,
        name=name,
        name_by_file=name_by_file,
        skip_bad=skip_bad,
        metadata=metadata,
        threads=threads,
        progress=progress,
    )
    with reporting(progress) as report:
        return Scores(
            _core.score(
                of._handle, models, rival_weights, rival_distillation, rival_ranking, check_threads(threads), report
            )
        )
