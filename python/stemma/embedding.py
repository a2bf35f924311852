"""Responses as vectors: by the built-in embedder, or whoever made them."""

from __future__ import annotations

import csv
import os
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from stemma import _core, _html
from stemma._data import given_or_shipped
from stemma._inputs import as_ids, as_texts
from stemma._progress import Progress, check_threads, reporting
from stemma._result import KeptResult, Record, Result
from stemma.signature import _flat, _paths, _responses

if TYPE_CHECKING:
    import numpy
    import numpy.typing

__all__ = ["Embedder", "EmbeddingSignature", "sign_embeddings"]

Path = str | os.PathLike[str]
Reduction = Literal["leading", "signs"]


class Embedder(Result):
    """The built-in embedder: a text's vector is the weighted mean of its tokens' vectors. Fields: ``name``, ``digest``, ``dims``.

    A vector tells which words stand in a text, not their order. The table knows English best.
    """

    __slots__ = ("_handle", "_path")
    _handle: _core.Embedder
    _path: str

    def __init__(self, handle: _core.Embedder, path: str) -> None:
        super().__init__(handle.describe())
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_path", path)

    @classmethod
    def open(cls, path: Path | None = None) -> Embedder:
        """The embedder in a file; without one the shipped one."""
        found = given_or_shipped(path, "embedder.stemma")
        return cls(_core.Embedder.read(found), found)

    def embed(
        self, texts: Any, *, threads: int = 0, progress: Progress = False
    ) -> numpy.typing.NDArray[numpy.float32]:
        """Vectors [texts, dims] of unit length; zeros for a text without a word that the embedder knows.

        texts: one text, a list or column of them. They are taken as they are: no reasoning is split off.
        """
        with reporting(progress) as report:
            return self._handle.embed(as_texts(texts), check_threads(threads), report)

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of a text, by their rows in the table."""
        return tuple(self._handle.tokens(text))

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Embedder.open, (self._path,)

    def __repr__(self) -> str:
        return f"<stemma.Embedder: {self._record['name']}, {self._record['dims']} dimensions>"

    def _rows(self) -> list[dict[str, Any]]:
        return [self.to_dict()]

    def _repr_html_(self) -> str:
        return _html.table(repr(self)[1:-1], self._rows())


class EmbeddingSignature(KeptResult):
    """One model's responses as vectors, a vector a prompt.

    Fields: ``model``, ``metadata``, ``signature_digest``, ``embedder``, ``input_dims``, ``dims``, ``reduction``, ...
    Signatures of different embedders, reductions or dimensions cannot be compared. ``to_bytes`` gives what
    ``stemma sign-embeddings`` writes.
    """

    __slots__ = ()
    _handle: _core.EmbeddingSignature
    _held_by = _core.EmbeddingSignature

    def prompt_keys(self) -> tuple[str, ...]:
        """What each row of ``vectors`` is of."""
        return tuple(self._handle.prompt_keys())

    def vectors(self) -> numpy.typing.NDArray[numpy.float64]:
        """By prompt the mean of its samples' vectors, as they are kept: [prompts, dims]."""
        return self._handle.means()

    def compare(self, other: EmbeddingSignature) -> Record:
        """How alike two models' vectors are: measures, not evidence, since unrelated models are alike, too.

        Fields: ``shared_prompts``; ``mean_cosine`` and ``linear_cka`` over them; ``mmd_squared`` (at ``bandwidth``) and
        ``energy_distance`` over all prompts of each.
        """
        return Record(self._handle.compare(other._handle))

    def __repr__(self) -> str:
        record = self._record
        return (
            f"<stemma.EmbeddingSignature: {record['model']}, {record['responses']} vectors of {record['prompts']} prompts "
            f"in {record['dims']} dimensions, by {record['embedder']['name']}>"
        )

    def _rows(self) -> list[dict[str, Any]]:
        fields = self.to_dict()
        nested = {f"embedder_{key}": value for key, value in fields["embedder"].items()}
        plain = {key: value for key, value in fields.items() if key not in ("metadata", "embedder")}
        return [{**plain, **nested, **_flat(fields["metadata"])}]


def as_embedder(embedder: Embedder | Path | None) -> Embedder:
    return embedder if isinstance(embedder, Embedder) else Embedder.open(embedder)


def sign_embeddings(
    data: Any,
    *,
    embedder: Embedder | Path | None = None,
    ids: Any = None,
    columns: Mapping[str, str] | None = None,
    embedder_name: str = "",
    embedder_digest: str = "",
    dims: int = 64,
    reduction: Reduction | None = None,
    fraction_bits: int = 9,
    name: str = "",
    name_by_file: bool = False,
    skip_bad: bool = False,
    metadata: Path | Iterable[Path] = (),
    threads: int = 0,
    progress: Progress = False,
) -> tuple[EmbeddingSignature, ...]:
    """One embedding signature a model, sorted by name: of responses, or with ``ids`` of vectors that somebody made.

    data: what ``read_responses`` takes or gives; or vectors [responses, dims] of float32 or float64, an array or a .npy file.
    embedder: in place of the shipped one.
    ids: what each vector is of: a table with the columns model (or give ``name``), prompt (its text), prompt_id or
        prompt_key, and sample (or rows of one prompt are counted); or the file that ``stemma embed --ids`` writes.
    columns: by field, the ids' own name of its column.
    embedder_name, embedder_digest: what made the vectors, and a hash of its weights, 32 hexadecimal digits. Only
        signatures that agree in both are compared.
    dims: how many dimensions are kept.
    reduction: how vectors of more dimensions are brought to as many: "leading", which suits dimensions that are ordered
        by variance (the built-in embedder's), or "signs", a random projection (the default of vectors with ids).
    fraction_bits: numbers are rounded to multiples of 2^-fraction_bits.

    Raises ValueError naming row and column for vectors that are not finite or have no direction.
    """
    if reduction not in (None, "leading", "signs"):
        raise ValueError(f"reduction must be 'leading' or 'signs', got {reduction!r}")
    if ids is not None:
        if name_by_file or skip_bad or embedder is not None:
            raise ValueError("name_by_file, skip_bad and embedder are for responses, and ids were given")
        if not embedder_name or not embedder_digest:
            raise ValueError(
                "vectors need embedder_name and embedder_digest, which say what they may be compared with"
            )
        with reporting(progress) as report:
            signatures = _core.sign_vectors(
                _vectors(data),
                as_ids(_id_columns(ids), columns),
                name,
                embedder_name,
                embedder_digest,
                dims,
                reduction or "signs",
                fraction_bits,
                _paths(metadata),
                report,
            )
        return tuple(map(EmbeddingSignature, signatures))
    if embedder_name or embedder_digest or columns:
        raise ValueError("embedder_name, embedder_digest and columns are of vectors, which need ids")
    responses = _responses(data, name, name_by_file, skip_bad)
    with reporting(progress) as report:
        signatures, left_out = _core.sign_texts(
            responses._handle,
            as_embedder(embedder)._handle,
            dims,
            reduction or "leading",
            fraction_bits,
            _paths(metadata),
            check_threads(threads),
            report,
        )
    if left_out:
        warnings.warn(f"left out {left_out} responses without a word that the embedder knows", stacklevel=2)
    return tuple(map(EmbeddingSignature, signatures))


def _vectors(data: Any) -> numpy.typing.NDArray[Any]:
    import numpy

    array = numpy.load(data, allow_pickle=False) if isinstance(data, (str, os.PathLike)) else numpy.asarray(data)
    if array.ndim != 2 or array.dtype not in (numpy.float32, numpy.float64):
        raise ValueError(
            f"vectors must be [responses, dims] of float32 or float64, got {list(array.shape)} of {array.dtype}"
        )
    return numpy.ascontiguousarray(array)


def _id_columns(ids: Any) -> Any:
    """The table itself; of the program's file, whose prompts are keys, its columns."""
    if not isinstance(ids, (str, os.PathLike)):
        return ids
    with open(ids, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    missing = {"model", "prompt", "sample"} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f"{os.fspath(ids)}: no column {', '.join(sorted(missing))}; needed are model, prompt and sample")
    for line, row in enumerate(rows, start=2):
        if not (row["sample"] or "").isdecimal():
            raise ValueError(f"{os.fspath(ids)}:{line}: the sample must be a whole number, got {row['sample']!r}")
    return {
        "model": [row["model"] for row in rows],
        "prompt_key": [row["prompt"] for row in rows],
        "sample": [int(row["sample"]) for row in rows],
    }
