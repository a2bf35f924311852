"""Signatures: what the library keeps of a model's responses, no sentence and no word of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from stemma import _core, _html
from stemma._data import given_or_shipped, shipped_or_none
from stemma._inputs import as_paths
from stemma._progress import Progress, check_threads, reporting
from stemma._result import Result
from stemma.responses import Responses, read_responses

__all__ = ["Signature", "sign"]

Path = str | os.PathLike[str]


class Signature(Result):
    """One model's signature. Fields: ``model``, ``metadata``, ``signature_digest``, ``responses``, ``prompts``, ..."""

    __slots__ = ("_handle",)
    _handle: _core.SignedModel

    def __init__(self, handle: _core.SignedModel) -> None:
        super().__init__(handle.describe())
        object.__setattr__(self, "_handle", handle)

    @classmethod
    def from_bytes(cls, data: bytes) -> Signature:
        """The inverse of ``to_bytes``. What was left out while reading is not in a signature, and so not known then."""
        return cls(_core.SignedModel.parse(data))

    @classmethod
    def read(cls, path: Path) -> Signature:
        """From a file that ``write`` or ``stemma sign`` made."""
        with open(path, "rb") as file:
            return cls.from_bytes(file.read())

    def to_bytes(self) -> bytes:
        """A file's content: the same as ``stemma sign`` writes."""
        return self._handle.to_bytes()

    def write(self, path: Path) -> None:
        self._handle.write(os.fspath(path))

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return Signature.from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        record = self._record
        return f"<stemma.Signature: {record['model']}, {record['responses']} responses to {record['prompts']} prompts>"

    def _rows(self) -> list[dict[str, Any]]:
        fields = self.to_dict()
        return [{**{key: fields[key] for key in fields if key != "metadata"}, **_flat(fields["metadata"])}]

    def _repr_html_(self) -> str:
        rows = ({"field": key, "value": value} for key, value in self._rows()[0].items())
        return _html.table(repr(self)[1:-1], rows)


def _flat(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key != "lineage"}


def sign(
    data: Any,
    *,
    vocabulary: Path | None = None,
    name: str = "",
    name_by_file: bool = False,
    skip_bad: bool = False,
    metadata: Path | Iterable[Path] = (),
    threads: int = 0,
    progress: Progress = False,
) -> tuple[Signature, ...]:
    """One signature a model, sorted by name.

    data: what ``read_responses`` takes or gives.
    vocabulary: a file in place of the shipped one.
    metadata: tab-separated tables about models.
    threads: 0 for as many as the machine has.
    """
    known = _core.Vocabulary.read(given_or_shipped(vocabulary, "vocabulary.stemma"))
    responses = _responses(data, name, name_by_file, skip_bad)
    with reporting(progress) as report:
        return tuple(
            map(Signature, _core.sign(responses._handle, known, _paths(metadata), check_threads(threads), report))
        )


def _responses(data: Any, name: str, name_by_file: bool, skip_bad: bool) -> Responses:
    if not isinstance(data, Responses):
        return read_responses(data, name=name, name_by_file=name_by_file, skip_bad=skip_bad)
    if name or name_by_file or skip_bad:
        raise ValueError("name, name_by_file and skip_bad are for read_responses, which has read these")
    return data


def _paths(given: Path | Iterable[Path]) -> list[str]:
    return [os.fspath(given)] if isinstance(given, (str, os.PathLike)) else [os.fspath(path) for path in given]


def signed(
    candidates: Any,
    vocabulary: _core.Vocabulary,
    *,
    name: str,
    name_by_file: bool,
    skip_bad: bool,
    metadata: Path | Iterable[Path],
    threads: int,
    progress: Progress,
) -> list[_core.SignedModel]:
    """Signatures of whatever stands for candidates, as the program's commands take files of either kind."""
    if isinstance(candidates, Signature):
        return [candidates._handle]
    if isinstance(candidates, (list, tuple)) and candidates and all(isinstance(c, Signature) for c in candidates):
        return [candidate._handle for candidate in candidates]
    paths = as_paths(candidates)
    with reporting(progress) as report:
        if paths is not None:
            return _core.sign_files(
                paths, vocabulary, name, name_by_file, skip_bad, _paths(metadata), check_threads(threads), report
            )
        responses = _responses(candidates, name, name_by_file, skip_bad)
        return _core.sign(responses._handle, vocabulary, _paths(metadata), check_threads(threads), report)


def candidate_of(
    candidate: Any,
    panel: _core.Panel,
    *,
    panel_embeddings: str,
    name: str,
    name_by_file: bool,
    skip_bad: bool,
    metadata: Path | Iterable[Path],
    threads: int,
    progress: Progress,
) -> _core.SignedModel:
    """The one candidate of an audit, with its embeddings where the panel has some: ``panel_embeddings``, or none if empty."""
    if isinstance(candidate, Signature):
        return candidate._handle
    if isinstance(candidate, (list, tuple)) and candidate and all(isinstance(c, Signature) for c in candidate):
        if len(candidate) > 1:
            names = " ".join(sorted(c.to_dict()["model"] for c in candidate))
            raise ValueError(f"an audit takes one candidate; the inputs hold {len(candidate)}: {names}")
        only: Signature = candidate[0]
        return only._handle
    embedder = shipped_or_none("embedder.stemma") if panel_embeddings else ""
    paths = as_paths(candidate)
    with reporting(progress) as report:
        if paths is not None:
            return _core.candidate_of_files(
                paths,
                panel,
                panel_embeddings,
                embedder,
                name,
                name_by_file,
                skip_bad,
                _paths(metadata),
                check_threads(threads),
                report,
            )
        responses = _responses(candidate, name, name_by_file, skip_bad)
        return _core.candidate(
            responses._handle, panel, panel_embeddings, embedder, _paths(metadata), check_threads(threads), report
        )
