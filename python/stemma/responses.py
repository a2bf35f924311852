"""Stored responses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stemma import _core, _html
from stemma._inputs import as_paths, as_table
from stemma._progress import Progress, reporting
from stemma._result import Result

__all__ = ["Responses", "read_responses"]


class Responses(Result):
    """Responses that were read and checked once: where they are, how many each model has, what was wrong with which.

    Fields: ``responses``, ``models``, ``inputs``, ``bad_records``. The text itself is not kept but stays where it was:
    in its files, which must not change, or in the table.
    """

    __slots__ = ("_handle",)
    _handle: _core.Responses

    def __init__(self, handle: _core.Responses) -> None:
        super().__init__(handle.describe())
        object.__setattr__(self, "_handle", handle)

    def __repr__(self) -> str:
        models = self._record["models"]
        names = ", ".join(model["model"] for model in models[:3]) + (", ..." if len(models) > 3 else "")
        return f"<stemma.Responses: {self._record['responses']} of {len(models)} model(s): {names}>"

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.to_dict()["models"]
        return rows

    def _repr_html_(self) -> str:
        return _html.table(repr(self)[1:-1], self._rows())


def read_responses(
    data: Any,
    *,
    prompt: Any = None,
    prompt_id: Any = None,
    sample: Any = None,
    columns: Mapping[str, str] | None = None,
    name: str = "",
    name_by_file: bool = False,
    skip_bad: bool = False,
    progress: Progress = False,
) -> Responses:
    """Read stored responses, and check them.

    data: one path or several (JSON Lines, AlpacaEval or chat records, plain, gzip or Zstandard); or a table with the
        columns model, prompt or prompt_id, response, sample, reasoning, system, language (or instruction, output,
        generator): of pandas, polars, pyarrow, Hugging Face ``datasets``, a dict of columns, a list of dicts; or, where
        ``prompt`` or ``prompt_id`` is given, the responses alone: a list of str, an array, a series.
    prompt, prompt_id, sample: columns beside ``data``.
    columns: by field, the table's own name of its column.
    name: call the model so, whatever the records say. name_by_file: call each model as its file.
    skip_bad: go on after malformed records, and count them.
    progress: True for a bar, or a function of (stage, done, total).

    Raises ValueError for what is malformed, naming the place; FileNotFoundError, PermissionError, CorruptFileError.
    """
    beside = {"prompt": prompt, "prompt_id": prompt_id, "sample": sample}
    paths = as_paths(data) if prompt is None and prompt_id is None else None
    table = None if paths is not None else as_table(data, beside, columns)
    if paths is not None and (columns or sample is not None):
        raise ValueError("columns and sample are for tables, and the data are files")
    with reporting(progress) as report:
        return Responses(_core.read(paths or [], table, name, name_by_file, skip_bad, report))
