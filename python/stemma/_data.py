"""Where the shipped files are."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["given_or_shipped", "shipped_or_none"]


def given_or_shipped(given: str | os.PathLike[str] | None, name: str) -> str:
    """``given``; without it the file in the folder that STEMMA_DATA names, or else the package's own."""
    if given is not None:
        return os.fspath(given)
    folder = os.environ.get("STEMMA_DATA")
    path = (Path(folder) if folder else Path(__file__).parent / "data") / name
    if not path.exists():
        raise FileNotFoundError(f"{name} was not found (looked for {path}); set STEMMA_DATA to its folder")
    return str(path)


def shipped_or_none(name: str) -> str:
    """The file in that folder; empty where it is not there."""
    try:
        return given_or_shipped(None, name)
    except FileNotFoundError:
        return ""
