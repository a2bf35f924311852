"""The audit of one candidate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from stemma import _core, _html
from stemma._progress import Progress, check_threads, reporting
from stemma._result import Result
from stemma.panel import Panel, as_panel
from stemma.signature import candidate_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AuditReport", "audit"]

Path = str | os.PathLike[str]


class AuditReport(Result):
    """What an audit found. Fields as in the JSON's canonical part: ``headline``, ``candidate``, ``panel``, ``classes``, ...

    ``str`` gives the text, and ``digest`` names the canonical part.
    """

    __slots__ = ("_renderings",)
    _renderings: tuple[str, str, str, str]

    def __init__(self, renderings: Iterable[str]) -> None:
        page, html, text, markdown = renderings
        super().__init__({**json.loads(page)["canonical"], "digest": json.loads(page)["digest"]})
        object.__setattr__(self, "_renderings", (page, html, text, markdown))

    def __reduce__(self) -> tuple[type[AuditReport], tuple[tuple[str, str, str, str]]]:
        return AuditReport, (self._renderings,)

    def to_dict(self) -> dict[str, Any]:
        """What ``to_json`` says: canonical, digest, provenance."""
        fields: dict[str, Any] = json.loads(self.to_json())
        return fields

    def to_json(self) -> str:
        """The bytes that ``stemma audit --json - --no-provenance`` writes for the same responses."""
        return self._renderings[0]

    def to_html(self) -> str:
        """A page by itself, without script."""
        return self._renderings[1]

    def to_markdown(self) -> str:
        return self._renderings[3]

    def __str__(self) -> str:
        return self._renderings[2]

    def __repr__(self) -> str:
        headline = self._record["headline"]
        return f"<stemma.AuditReport: {self._record['candidate']['model']}, {headline['class']}: {headline['verdict']}>"

    def _repr_html_(self) -> str:
        return _html.framed_page(self.to_html(), repr(self)[1:-1])

    def _rows(self) -> list[dict[str, Any]]:
        """Every reference of either class."""
        rows = []
        for found in json.loads(self.to_json())["canonical"]["classes"]:
            for family in found["families"]:
                for reference in family["references"]:
                    rows.append({"class": found["class"], **_flat(family, skip="references"), **_flat(reference)})
        return rows

    def plot(
        self,
        ax: Axes | None = None,
        kind: Literal["innocents", "tree"] = "innocents",
        evidence_class: Literal["weights", "distillation"] | None = None,
    ) -> Axes:
        """The candidate among innocents, or the family tree. Without a class, that of the headline."""
        from stemma import plots

        if kind == "tree":
            return plots.family_tree(self, ax)
        if kind == "innocents":
            return plots.innocents(self, evidence_class or self._record["headline"]["class"], ax)
        raise ValueError(f"kind must be 'innocents' or 'tree', got {kind!r}")


def _flat(fields: dict[str, Any], skip: str = "") -> dict[str, Any]:
    """One level: what is nested is named after both, and lists are left out."""
    flat: dict[str, Any] = {}
    for key, value in fields.items():
        if key == skip or isinstance(value, list):
            continue
        if isinstance(value, dict):
            flat.update({f"{key}_{inner}": item for inner, item in _flat(value).items()})
        else:
            flat[key] = value
    return flat


def audit(
    candidate: Any,
    *,
    panel: Panel | Path | None = None,
    reference: str | Iterable[str] = (),
    prior: float | None = None,
    alpha: float = 0.05,
    embeddings: bool = True,
    mixture: bool = True,
    name: str = "",
    name_by_file: bool = False,
    skip_bad: bool = False,
    metadata: Path | Iterable[Path] = (),
    threads: int = 0,
    progress: Progress = False,
) -> AuditReport:
    """Audit one candidate against a panel.

    candidate: a signature, files of responses or signatures, or what ``read_responses`` takes or gives.
    panel: in place of the shipped one.
    reference: declared beforehand. Declare one only if you chose it before you saw any score: its p-value is then that
        of one test. Without one, the p-value is that of a search over all references.
    prior: what if a probability of H1 were this one, named beforehand.
    alpha: a p above this supports nothing.
    embeddings: measure what embeddings say, too, where ``embeddings.stemma`` stands in the panel's folder: of responses, and
        of a signature's file with its embeddings beside it. They enter no likelihood ratio and no verdict.
    mixture: warn where a mixture of models explains the responses better than any one.
    """
    of = as_panel(panel)
    model = candidate_of(
        candidate,
        of._handle,
        panel_embeddings=_core.embeddings_of_panel(of._path) if embeddings else "",
        name=name,
        name_by_file=name_by_file,
        skip_bad=skip_bad,
        metadata=metadata,
        threads=threads,
        progress=progress,
    )
    references = [reference] if isinstance(reference, str) else list(reference)
    for declared in references:
        if not of._handle.has_model(declared):
            raise ValueError(
                f"the panel has no model {declared!r}; Panel.list_models names the {of.models} that it has"
            )
    with reporting(progress) as report:
        return AuditReport(_core.audit(of._handle, model, references, prior, alpha, mixture, check_threads(threads), report))
