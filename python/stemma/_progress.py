"""How long calls tell where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

__all__ = ["Progress", "check_threads", "reporting"]

# True for a bar of tqdm.auto, or a function of (stage, done, total); total is 0 where it is not known.
Progress = bool | Callable[[str, int, int], object]


class _Bars:
    """One bar a stage."""

    def __init__(self) -> None:
        self._make: Any = import_module("tqdm.auto").tqdm
        self._bar: Any = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = self._make(
                desc=stage, total=total or None, unit="B" if stage == "reading" else "it", unit_scale=True
            )
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def check_threads(threads: int) -> int:
    if threads < 0:
        raise ValueError(f"threads must be 0 (as many as the machine has) or more, got {threads}")
    return threads


@contextmanager
def reporting(progress: Progress) -> Iterator[Callable[[str, int, int], object] | None]:
    if callable(progress):
        yield progress
    elif progress:
        bars = _Bars()
        try:
            yield bars
        finally:
            bars.close()
    else:
        yield None
