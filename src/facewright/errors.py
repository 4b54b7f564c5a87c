"""Every error that Facewright raises on purpose.

    FacewrightError            what, which file, what to do: one line
    ├── UsageError             the call or a setting is wrong            (exit code 2)
    │   ├── RecipeError        a recipe does not say what it should
    │   └── LicenceError       the licences of what goes in forbid what is to come out
    ├── SourceError            the photographs cannot be listed or read  (exit code 3)
    ├── PhotoError             one photograph cannot be used; carries a reason
    ├── ModelError             a model's file is missing or is not the one expected
    ├── DatasetError           a folder is not a dataset, or is broken
    ├── LayoutError            a published layout is not what its name says, or is broken
    └── StorageError           writing failed: disk full, read-only, taken away

A `PhotoError` never ends a run: the engine writes its reason into the photo table.
"""

from __future__ import annotations


class FacewrightError(Exception):
    """Base of the tree: its text is one line that says what, which file and what to do."""

    exit_code = 3


class UsageError(FacewrightError):
    """The call or a setting is wrong."""

    exit_code = 2


class RecipeError(UsageError):
    """A recipe does not say what it should."""


class LicenceError(UsageError):
    """The licences of what goes in forbid what is to come out."""


class SourceError(FacewrightError):
    """The photographs cannot be listed or read."""


class PhotoError(FacewrightError):
    """One photograph cannot be used.

    Args:
        reason: one of the reasons of `facewright.record.PHOTO_REASONS`, e.g. "truncated".
        detail: what was found, for people.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[PhotoError], tuple[str, str]]:
        """Travel between processes whole."""
        return (PhotoError, (self.reason, self.detail))


class ModelError(FacewrightError):
    """A model's file is missing or is not the one expected."""


class DatasetError(FacewrightError):
    """A folder is not a dataset, or is broken."""


class LayoutError(FacewrightError):
    """A published layout is not what its name says, or its metadata are broken."""


class StorageError(FacewrightError):
    """Writing failed: disk full, read-only, taken away. What was committed stays readable."""
