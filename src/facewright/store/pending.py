"""Replace several files of a dataset at once: readers see all the old ones or all the new ones.

New files are written beside the work of a run. The mark that they are whole is one rename; from
then on readers take them from there, whether or not they have been moved to their places yet.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from facewright.store.atomic import make_folder, storage_error, write_atomic

_STAGE: Final = Path(".work") / "replacing"
_MARK: Final = "WHOLE"


def stage(root: Path) -> Path:
    """An empty folder for the new files, at the same relative paths as in the dataset.

    Raises:
        StorageError: it cannot be made.
    """
    folder = root / _STAGE
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    return folder


def commit(root: Path) -> None:
    """From now on the staged files are the dataset's; then move them to their places.

    Raises:
        StorageError: they cannot be marked (the old ones stay) or moved (the new ones are read).
    """
    write_atomic(root / _STAGE / _MARK, b"")
    settle(root)


def settle(root: Path) -> None:
    """Move what a killed run had committed to its places. Only one process may do so at a time.

    Raises:
        StorageError: a file cannot be moved; the new ones are read from where they are.
    """
    folder = root / _STAGE
    if not is_pending(root):
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _MARK:
            try:
                path.replace(root / path.relative_to(folder))
            except OSError as error:
                raise storage_error(root / path.relative_to(folder), error) from error
    shutil.rmtree(folder, ignore_errors=True)


def is_pending(root: Path) -> bool:
    """Whether there are committed files that are not at their places yet."""
    return (root / _STAGE / _MARK).exists()


def current(root: Path, relative: str) -> Path:
    """Where a file of a dataset is to be read: at its place, or where it is committed."""
    staged = root / _STAGE / relative
    return staged if is_pending(root) and staged.exists() else root / relative
