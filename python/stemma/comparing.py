"""Do two sets of answers come from one model under one setting?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from stemma import _core
from stemma._data import given_or_shipped
from stemma._inputs import as_paths
from stemma._progress import Progress, check_threads, reporting
from stemma._result import ProgramResult
from stemma.embedding import Embedder, as_embedder
from stemma.responses import Responses, read_responses
from stemma.signature import Signature

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    Run = str | _core.Responses | _core.SignedModel

__all__ = ["SameResult", "same"]

Path = str | os.PathLike[str]


class SameResult(ProgramResult):
    """What the test of two endpoints found. Fields as in the JSON: ``verdict``, ``p_value``, ``statistics``, ``equivalence``, ...

    ``verdict`` is "same_within_margin", "different" or "inconclusive"; ``str`` gives the text.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        record = self._record
        return f"<stemma.SameResult: {record['a']['model']} and {record['b']['model']}: {record['verdict']}, p {record['p_value']:.3g}>"

    def _rows(self) -> list[dict[str, Any]]:
        """Every statistic; of a stream, which has none, what it came to."""
        fields = self.to_dict()
        if fields["mode"] == "stream":
            return [{key: value for key, value in fields.items() if not isinstance(value, (dict, list))}]
        return [
            {
                **{key: statistic[key] for key in ("kernel", "design", "standardised")},
                **{f"effect_{key}": value for key, value in statistic["effect"].items()},
                **{f"detectable_{at['prompts']}": at["value"] for at in statistic["detectable"]},
            }
            for statistic in fields["statistics"]
        ]

    def plot(self, ax: Axes | None = None, kind: Literal["effects", "unlikeness"] = "effects") -> Axes:
        """Effects with their intervals; or how unlike B is, beside the margin, where A has several samples a prompt."""
        from stemma import plots

        if kind == "effects":
            return plots.effects(self, ax)
        if kind == "unlikeness":
            return plots.unlikeness(self, ax)
        raise ValueError(f"kind must be 'effects' or 'unlikeness', got {kind!r}")


def same(
    a: Any,
    b: Any,
    *,
    also_a: Any = (),
    also_b: Any = (),
    alpha: float = 0.05,
    margin: float = 0.1,
    stream: bool = False,
    draws: int = 9_999,
    seed: int = 1,
    vocabulary: Path | None = None,
    embedder: Embedder | Path | None = None,
    skip_bad: bool = False,
    threads: int = 0,
    progress: Progress = False,
) -> SameResult:
    """Test whether two sets of answers come from one model under one setting.

    a: responses of the model as it is known. b: of what is to be checked. Each is a file of responses or a signature,
        what ``read_responses`` takes or gives, or a signature of one sample a prompt.
    also_a, also_b: further runs of either, one or a list. Sameness can be shown only where A has several samples a prompt.
    alpha: how often a difference may be found where there is none.
    margin: how unlike B may be to count as the same: 0 as a rerun of A, 1 as answers to other prompts; to be fixed
        before looking.
    stream: take prompts one by one, as they come in ``b``, and stop as soon as they differ.
    draws: random dealings, where there are too many to look at all; a stream has none.
    embedder: in place of the shipped one.
    """
    known = _core.Vocabulary.read(given_or_shipped(vocabulary, "vocabulary.stemma"))
    with reporting(progress) as report:
        return SameResult(
            _core.same(
                _side("a", a, also_a, skip_bad),
                _side("b", b, also_b, skip_bad),
                known,
                _embedder_or_none(embedder),
                skip_bad,
                alpha,
                margin,
                stream,
                draws,
                seed,
                check_threads(threads),
                report,
            )
        )


def _embedder_or_none(embedder: Embedder | Path | None) -> _core.Embedder | None:
    """Without a name, the shipped one where there is one: the other kernels do without."""
    try:
        return as_embedder(embedder)._handle
    except FileNotFoundError:
        if embedder is None:
            return None
        raise


def _side(which: str, first: Any, more: Any, skip_bad: bool) -> list[Run]:
    runs = list(more) if isinstance(more, (list, tuple)) else [more]
    return [_run(which, run, skip_bad) for run in (first, *runs)]


def _run(which: str, data: Any, skip_bad: bool) -> Run:
    if isinstance(data, Signature):
        return data._handle
    paths = as_paths(data)
    if paths is not None:
        if len(paths) > 1:
            raise ValueError(f"{which} is one file, got {len(paths)}; give further runs as also_{which}")
        return paths[0]
    responses = data if isinstance(data, Responses) else read_responses(data, skip_bad=skip_bad)
    return responses._handle
