"""What goes wrong, by what to do about it. All else is a built-in: ValueError, FileNotFoundError, PermissionError, ..."""

from __future__ import annotations

__all__ = ["CorruptFileError", "IncompatibleError", "NotFittedError"]


class IncompatibleError(ValueError):
    """What was given does not go together: other vocabularies, a panel that is too small."""


class NotFittedError(IncompatibleError, AttributeError):
    """A calibration is needed that nobody has fitted."""


class CorruptFileError(OSError):
    """A file that is cut off or altered, or of a newer format."""
