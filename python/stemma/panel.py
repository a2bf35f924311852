"""Panels: many models' signatures, the population in which a likeness is common or rare."""

from __future__ import annotations

import os
from typing import Any

from stemma import _core, _html
from stemma._data import given_or_shipped
from stemma._result import Record, Result

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
