"""What results have in common: they cannot be changed, and say the same in every form."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn, Self

from stemma import _html

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["KeptResult", "ProgramResult", "Record", "Result"]


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return Record(value)
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    return value


def _thaw(value: Any) -> Any:
    if isinstance(value, Record):
        return {key: _thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_thaw(item) for item in value]
    return value


class Record(Mapping[str, Any]):
    """An object of the report: its fields are items and attributes. A field that Python reserves (``class``) is an item."""

    __slots__ = ("_fields",)
    _fields: dict[str, Any]

    def __init__(self, fields: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_fields", {key: _freeze(value) for key, value in fields.items()})

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._fields[name]
        except KeyError:
            raise AttributeError(f"no field {name!r}; there are {', '.join(self._fields)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._fields]

    def __hash__(self) -> int:
        return hash(json.dumps(_thaw(self), sort_keys=True))

    def __repr__(self) -> str:
        return f"Record({', '.join(f'{key}={_shown(value)}' for key, value in self._fields.items())})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"results cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"results cannot be changed: {name}")

    def __reduce__(self) -> tuple[type[Record], tuple[dict[str, Any]]]:
        return Record, (_thaw(self),)

    def to_dict(self) -> dict[str, Any]:
        """A copy in dicts and lists."""
        fields: dict[str, Any] = _thaw(self)
        return fields


def _shown(value: Any) -> str:
    if isinstance(value, Record):
        return "{...}" if len(value) else "{}"
    if isinstance(value, tuple):
        return f"[{len(value)} items]" if value else "[]"
    return repr(value)


Backend = Literal["pandas", "polars"]


def make_frame(rows: list[dict[str, Any]], backend: Backend) -> pandas.DataFrame | polars.DataFrame:
    if backend == "pandas":
        import pandas

        return pandas.DataFrame.from_records(rows)
    if backend == "polars":
        import polars

        return polars.DataFrame(rows, infer_schema_length=None)
    raise ValueError(f"backend must be 'pandas' or 'polars', got {backend!r}")


class Result:
    """A result. Its fields are attributes, by the names that they have in the JSON."""

    __slots__ = ("_record",)
    _record: Record

    def __init__(self, fields: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_record", Record(fields))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._record, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._record]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"results cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"results cannot be changed: {name}")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Result) and self._record == other._record

    def __hash__(self) -> int:
        return hash(self._record)

    def to_dict(self) -> dict[str, Any]:
        """The fields, in dicts and lists of their own."""
        return self._record.to_dict()

    def to_json(self) -> str:
        """The fields as JSON, with a line end behind it."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"

    def _rows(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def to_frame(self, backend: Backend = "pandas") -> Any:
        """A data frame, of pandas or of polars."""
        return make_frame(self._rows(), backend)


class ProgramResult(Result):
    """What a command of the program finds, in the JSON and the text that it writes."""

    __slots__ = ("_renderings",)
    _renderings: tuple[str, str]

    def __init__(self, renderings: Iterable[str]) -> None:
        page, text = renderings
        super().__init__(json.loads(page))
        object.__setattr__(self, "_renderings", (page, text))

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[str, str]]]:
        return type(self), (self._renderings,)

    def to_json(self) -> str:
        """The bytes that the program writes with ``--json -``."""
        return self._renderings[0]

    def __str__(self) -> str:
        return self._renderings[1]

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class KeptResult(Result):
    """What the program keeps in a file: the extension holds it, and parses the file's bytes."""

    __slots__ = ("_handle",)
    _handle: Any
    _held_by: ClassVar[Any]  # the extension's type

    def __init__(self, handle: Any) -> None:
        super().__init__(handle.describe())
        object.__setattr__(self, "_handle", handle)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The inverse of ``to_bytes``."""
        return cls(cls._held_by.parse(data))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """From a file that ``write`` or the program made."""
        with open(path, "rb") as file:
            return cls.from_bytes(file.read())

    def to_bytes(self) -> bytes:
        """A file's content: the same as the program writes."""
        content: bytes = self._handle.to_bytes()
        return content

    def write(self, path: str | os.PathLike[str]) -> None:
        self._handle.write(os.fspath(path))

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return type(self).from_bytes, (self.to_bytes(),)

    def _repr_html_(self) -> str:
        rows = ({"field": key, "value": value} for key, value in self._rows()[0].items())
        return _html.table(repr(self)[1:-1], rows)
