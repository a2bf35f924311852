"""Which makers' models seem to have written which share of the responses."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stemma import _core
from stemma._progress import Progress, check_threads, reporting
from stemma._result import ProgramResult
from stemma.panel import Panel, as_panel
from stemma.signature import signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MixtureReport", "mixture"]

Path = str | os.PathLike[str]
LEAST_DRAWS, MOST_DRAWS = 40, 100_000


class MixtureReport(ProgramResult):
    """Relayed shares. Fields as in the JSON: ``components``, ``other``, ``copies``, ``prompts``, ``warnings``, ...

    A relayed share is the share of prompts whose responses are like a maker's models: no dose of distillation, and no
    verdict. ``str`` gives the text.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        record = self._record
        makers = ", ".join(component["maker"] for component in record["components"]) or "no maker stands out"
        return f"<stemma.MixtureReport: {record['candidate']}: {makers}>"

    def _rows(self) -> list[dict[str, Any]]:
        """Every used prompt with its likeliest component, None for "other"."""
        rows: list[dict[str, Any]] = self.to_dict()["prompts"]
        return rows

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares with their intervals."""
        from stemma import plots

        return plots.shares(self, ax)


def mixture(
    candidate: Any,
    *,
    panel: Panel | Path | None = None,
    leave_out: str | Iterable[str] = (),
    draws: int = 200,
    seed: int = 1,
    name: str = "",
    name_by_file: bool = False,
    skip_bad: bool = False,
    metadata: Path | Iterable[Path] = (),
    threads: int = 0,
    progress: Progress = False,
) -> MixtureReport:
    """Fit a mixture of makers to one candidate's responses.

    candidate: a signature, files of responses or signatures, or what ``read_responses`` takes or gives.
    leave_out: models of the panel that count as not being there.
    draws: of prompts, behind intervals; 40 to 100,000.

    Raises IncompatibleError where too few prompts are shared with the panel.
    """
    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise ValueError(f"draws must be in [{LEAST_DRAWS}, {MOST_DRAWS}], got {draws}")
    of = as_panel(panel)
    models = signed(
        candidate,
        of._handle.vocabulary,
        name=name,
        name_by_file=name_by_file,
        skip_bad=skip_bad,
        metadata=metadata,
        threads=threads,
        progress=progress,
    )
    if len(models) != 1:
        raise ValueError(f"a mixture is fitted to one candidate at a time, got {len(models)} (name it with name=)")
    left_out = [leave_out] if isinstance(leave_out, str) else list(leave_out)
    with reporting(progress) as report:
        return MixtureReport(
            _core.mixture(of._handle, models[0], left_out, draws, seed, check_threads(threads), report)
        )
