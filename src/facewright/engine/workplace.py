"""The folder in which a run works: one run at a time, tidied up when the work is done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from facewright.errors import UsageError
from facewright.store.atomic import make_folder, storage_error
from facewright.store.pending import settle

WORK = ".work"


@contextmanager
def locked(root: Path, *, keep: bool = False) -> Iterator[None]:
    """Make the folder and keep a second run out of it; tidy up when the work is done.

    keep: leave the work's own files for the next run.
    """
    make_folder(root / WORK)
    lock = FileLock(root / WORK / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise UsageError(f"another run is working on {root}; wait for it to end") from None
    except OSError as error:
        raise storage_error(root, error) from error
    try:
        settle(root)  # what a killed run had committed comes first
        yield
        if not keep:
            shutil.rmtree(root / WORK, ignore_errors=True)
    finally:
        lock.release()


def relative(photos: str | Path, root: Path) -> str:
    """Path of the source seen from the dataset: both can be moved, and no home is named."""
    try:
        return Path(os.path.relpath(Path(photos).absolute(), root.absolute())).as_posix()
    except ValueError:  # another drive
        return Path(photos).absolute().as_posix()
