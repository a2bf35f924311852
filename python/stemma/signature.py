"""Signatures: what the library keeps of a model's responses, no sentence and no word of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

from stemma import _core
from stemma._data import given_or_shipped, shipped_or_none
from stemma._inputs import as_paths
from stemma._progress import Progress, check_threads, reporting
from stemma._result import KeptResult
from stemma.responses import Responses, read_responses

__all__ = ["Signature", "sign"]

Path = str | os.PathLike[str]


class Signature(KeptResult):
    """One model's signature. Fields: ``model``, ``metadata``, ``signature_digest``, ``responses``, ``prompts``, ...

    ``to_bytes`` gives what ``stemma sign`` writes. What was left out while reading is not in it, and so not known once it is read.
    """

    __slots__ = ()
    _handle: _core.SignedModel
    _held_by = _core.SignedModel

    def __repr__(self) -> str:
        record = self._record
        return f"<stemma.Signature: {record['model']}, {record['responses']} responses to {record['prompts']} prompts>"

    def _rows(self) -> list[dict[str, Any]]:
        fields = self.to_dict()
        return [{**{key: fields[key] for key in fields if key != "metadata"}, **_flat(fields["metadata"])}]


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


def _given(candidates: Any) -> Sequence[Signature]:
    """A signature or a list of them; none where something else stands for candidates."""
    several = candidates if isinstance(candidates, (list, tuple)) else (candidates,)
    return several if all(isinstance(candidate, Signature) for candidate in several) else ()


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
    given = _given(candidates)
    if given:
        return [signature._handle for signature in given]
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
    given = _given(candidate)
    if len(given) > 1:
        names = " ".join(sorted(signature.model for signature in given))
        raise ValueError(f"an audit takes one candidate; the inputs hold {len(given)}: {names}")
    if given:
        return given[0]._handle
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
