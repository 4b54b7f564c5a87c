"""Packages that only some parts need: when one is missing, the line that installs it is said."""

from __future__ import annotations

from facewright.errors import UsageError


def not_installed(what: str, extra: str) -> UsageError:
    """The error to raise where a package cannot be imported.

    Args:
        what: lacks: "PyTorch".
        extra: of Facewright's that brings it: "torch".
    """
    return UsageError(f'{what} is missing: pip install "facewright[{extra}]"')
