"""What earlier runs of LPFF's path told of each photo, so that none is made twice."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from facewright.engine.lpff_told import PhotoTold
from facewright.engine.workplace import WORK
from facewright.errors import UsageError
from facewright.store.atomic import storage_error, write_atomic

NAME = "lpff-made.jsonl"


class Journal:
    """A line a photo, after one that says what the run was asked for.

    Args:
        root: the output folder.
        asked: fingerprint of source and settings.

    Raises:
        UsageError: the folder was made from something else, in another way, or by something else.
    """

    def __init__(self, root: Path, asked: str) -> None:
        self._path = root / WORK / NAME
        self._known: dict[str, PhotoTold] = {}
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        if not lines:
            _check_empty(root)
            write_atomic(self._path, json.dumps({"asked": asked}).encode() + b"\n")
            return
        if json.loads(lines[0]) != {"asked": asked}:
            raise UsageError(
                f"{root} was made from other photos or in another way; choose a new folder, or"
                " delete that one"
            )
        for line in lines[1:]:
            try:
                told = PhotoTold.parse(json.loads(line))
            except ValueError:  # the machine stopped in the middle of this line
                continue
            self._known[told.key] = told

    def before(self, key: str) -> PhotoTold | None:
        """What an earlier run told of a photo."""
        return self._known.get(key)

    def note(self, told: PhotoTold) -> None:
        """Remember what was made, if it is news.

        Raises:
            StorageError: it cannot be written.
        """
        if told == self._known.get(told.key):
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(told)) + "\n")
        except OSError as error:
            raise storage_error(self._path, error) from error


def _check_empty(root: Path) -> None:
    """Raises UsageError: the folder holds something that no run here made."""
    if any(path.name != WORK for path in root.iterdir()):
        raise UsageError(f"{root} is not empty and not of this command; choose another folder")
