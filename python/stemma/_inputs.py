"""Whatever holds responses, as what the library reads: paths, or a table whose text is read where it stands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stemma import _core

__all__ = ["FIELDS", "as_ids", "as_paths", "as_table", "as_texts"]

FIELDS = ("model", "prompt", "prompt_id", "response", "sample", "reasoning", "system", "language")
# What rows of a user's vectors are of.
ID_FIELDS = ("model", "prompt", "prompt_id", "prompt_key", "sample")
# As collections call them, where a table does not use the names above.
OTHER_NAMES = {"response": "output", "prompt": "instruction", "model": "generator", "reasoning": "reasoning_content"}

Columns = Mapping[str, str]


def as_paths(data: object) -> list[str] | None:
    """The paths that ``data`` is, or None."""
    if isinstance(data, (str, os.PathLike)):
        return [os.fspath(data)]
    if isinstance(data, (list, tuple)) and data and all(isinstance(item, (str, os.PathLike)) for item in data):
        return [os.fspath(item) for item in data]
    return None


def as_table(data: Any, fields: Mapping[str, Any], columns: Columns | None) -> _core.TextTable:
    """``data``: a table, or the responses alone; ``fields``: columns beside it, or one value for all rows."""
    found = _columns_of(data, columns or {}, FIELDS)
    rows = len(next(iter(found.values()))) if found else 0
    for field, value in fields.items():
        if value is not None:
            found[field] = _column(_repeated(value, rows), field)
    return _core.TextTable(found)


def as_ids(data: Any, columns: Columns | None) -> dict[str, _core.Column]:
    """By field, the columns of a table that says what each row of vectors is of."""
    return _columns_of(data, columns or {}, ID_FIELDS)


def as_texts(data: Any) -> _core.Column:
    return _column([data] if isinstance(data, str) else data, "texts")


def _repeated(value: Any, rows: int) -> Any:
    return [value] * rows if isinstance(value, (str, int)) else value


def _columns_of(data: Any, columns: Columns, fields: Sequence[str]) -> dict[str, _core.Column]:
    unknown = set(columns) - set(fields)
    if unknown:
        raise ValueError(f"columns may name {', '.join(fields)}, got {', '.join(sorted(unknown))}")
    data = _without_wrapping(data)
    if isinstance(data, Mapping):
        return {field: _column(data[name], field) for field, name in _names(list(data), columns, fields).items()}
    if _is_frame_of_pandas(data):
        names_of_frame = _names(list(data.columns), columns, fields)
        return {field: _column(data[name], field) for field, name in names_of_frame.items()}
    if _speaks_arrow(data) and not _is_series_of_pandas(data):
        arrow = _core.Arrow(data)
        if not arrow.names:
            return {"response": arrow.column()}
        return {field: arrow.column(name) for field, name in _names(arrow.names, columns, fields).items()}
    if _is_rows(data):
        rows: list[Mapping[str, Any]] = list(data)
        names = list(dict.fromkeys(name for row in rows for name in row))
        return {
            field: _column([row.get(name) for row in rows], field) for field, name in _names(names, columns, fields).items()
        }
    return {"response": _column(data, "response")}


def _names(present: Sequence[Any], columns: Columns, fields: Sequence[str]) -> dict[str, str]:
    """By field, the table's column. One that ``columns`` gives to a field is no other field's, whatever its name."""
    names: dict[str, str] = {}
    free = set(present) - set(columns.values())
    for field in fields:
        if field in columns:
            if columns[field] not in present:
                raise ValueError(f"the table has no column {columns[field]!r}; it has {', '.join(map(str, present))}")
            names[field] = columns[field]
        elif field in free:
            names[field] = field
        elif OTHER_NAMES.get(field) in free:
            names[field] = OTHER_NAMES[field]
    return names


def _column(values: Any, field: str) -> _core.Column:
    if _is_series_of_pandas(values):
        return _column_of_pandas(values, field)
    if _speaks_arrow(values):
        return _core.Arrow(values).column()
    if hasattr(values, "to_numpy") or hasattr(values, "tolist"):
        values = values.tolist() if hasattr(values, "tolist") else values.to_numpy().tolist()
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"{field} must be a sequence or a column, got {type(values).__name__}")
    return _core.column([_plain(value) for value in values], field)


def _column_of_pandas(series: Any, field: str) -> _core.Column:
    """Its Arrow array, where it is one; else its values, with what is missing as None."""
    array = getattr(series.array, "_pa_array", None)
    if array is not None and _speaks_arrow(array):
        return _core.Arrow(array).column()
    return _core.column([_plain(value) for value in series.astype(object).where(series.notna(), None).tolist()], field)


def _plain(value: Any) -> Any:
    """NumPy's and pandas' scalars as Python's own."""
    if value is None or type(value) in (str, int):
        return value
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _speaks_arrow(data: Any) -> bool:
    return hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")


def _is_of(data: Any, library: str) -> bool:
    return type(data).__module__.partition(".")[0] == library


def _is_frame_of_pandas(data: Any) -> bool:
    return _is_of(data, "pandas") and hasattr(data, "columns")


def _is_series_of_pandas(data: Any) -> bool:
    return _is_of(data, "pandas") and not hasattr(data, "columns")


def _without_wrapping(data: Any) -> Any:
    """A data set of Hugging Face as the Arrow table behind it; its rows may be a choice of that table's."""
    if _is_of(data, "datasets") and hasattr(data, "with_format"):
        return data.with_format("arrow")[:]
    return data


def _is_rows(data: Any) -> bool:
    return isinstance(data, (list, tuple)) and bool(data) and all(isinstance(row, Mapping) for row in data)
