"""Panels: many models' signatures, the population in which a likeness is common or rare."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from stemma import _core, _html
from stemma._data import given_or_shipped
from stemma._progress import Progress, check_threads, reporting
from stemma._result import Record, Result
from stemma.signature import Signature

__all__ = ["Panel", "as_panel"]

Path = str | os.PathLike[str]


class Panel(Result):
    """A panel. Fields as in a report: ``title``, ``models``, ``groups``, ``prompts`` (how many), ``digest``, ..."""

    __slots__ = ("_handle", "_path")
    _handle: _core.Panel
    _path: str

    def __init__(self, handle: _core.Panel, path: str) -> None:
        super().__init__(handle.describe())
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_path", path)

    @classmethod
    def open(cls, path: Path | None = None) -> Panel:
        """The panel in a file; without one the shipped panel."""
        found = given_or_shipped(path, "panel.stemma")
        return cls(_core.Panel.open(found), found)

    @classmethod
    def build(
        cls,
        path: Path,
        signatures: Iterable[Signature],
        *,
        vocabulary: Path | None = None,
        title: str = "",
        source: str = "",
        licence: str = "",
        threads: int = 0,
        progress: Progress = False,
    ) -> Panel:
        """Write a panel of these models to a file, and open it. It is not calibrated: audits give ranks and no verdict.

        path: the file, as ``stemma panel build`` writes it.
        signatures: one a model, signed with ``metadata`` that say of which organisation, family and group each is.
        vocabulary: the file that the signatures were made with, in place of the shipped one.
        title, source, licence: what the panel is called, where the responses are from, terms of what derives from them.
        """
        handles = [signature._handle for signature in signatures]
        known = _core.Vocabulary.read(given_or_shipped(vocabulary, "vocabulary.stemma"))
        target = os.fspath(path)
        with reporting(progress) as report:
            return cls(
                _core.Panel.build(target, handles, known, title, source, licence, check_threads(threads), report), target
            )

    def calibrate(
        self, path: Path, signatures: Iterable[Signature], *, threads: int = 0, progress: Progress = False
    ) -> Panel:
        """Write the panel with what turns its scores into likelihood ratios, and open that.

        path: another file, as ``stemma panel calibrate`` writes it of signatures.
        signatures: those of all its models. Each group is scored by a panel of the others, but words and features stay
            those that it had a part in choosing; the program chooses them anew where it is given the responses.

        Raises IncompatibleError where a model of the panel has no signature here.
        """
        handles = [signature._handle for signature in signatures]
        target = os.fspath(path)
        with reporting(progress) as report:
            return Panel(self._handle.calibrate(target, handles, check_threads(threads), report), target)

    def list_models(self) -> tuple[Record, ...]:
        """The panel's models and what is documented of them."""
        return tuple(map(Record, self._handle.list_models()))

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Panel.open, (self._path,)

    def __repr__(self) -> str:
        record = self._record
        return f"<stemma.Panel: {record['title']}, {record['models']} models in {record['groups']} groups, {record['prompts']} prompts>"

    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for model in self._handle.list_models():
            metadata = model.pop("metadata")
            rows.append({**model, **{key: value for key, value in metadata.items() if key != "lineage"}})
        return rows

    def _repr_html_(self) -> str:
        rows = ({"field": key, "value": value} for key, value in self.to_dict().items() if key != "vocabulary")
        return _html.table(repr(self)[1:-1], rows)


def as_panel(panel: Panel | Path | None) -> Panel:
    return panel if isinstance(panel, Panel) else Panel.open(panel)
