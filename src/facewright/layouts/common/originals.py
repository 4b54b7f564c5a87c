"""The photographs behind a dataset's crops, read again from where they were taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from facewright.errors import PhotoError, SourceError, UsageError
from facewright.limits import Limits
from facewright.sources.base import Entry, Source
from facewright.sources.opening import open_source
from facewright.store.dataset import Dataset


class Originals:
    """Photos of a dataset by their rows of the photo table, as far as they can be had.

    Args:
        dataset: whose photos they are; its manifest says where they were taken from.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def read(self, photo: Mapping[str, Any], crops: Iterable[bytes] = ()) -> bytes:
        """The photo's file, the very one that the dataset was made from. Safe in threads.

        Args:
            photo: row of the photo table.
            crops: pictures of its faces, for sets whose crops are all that is there.

        Raises:
            PhotoError: the source or the photo is no longer there, is another one now, or is one
                of the crops.
        """
        source, entries = self._opened
        entry = entries.get(photo["key"])
        if source is None or entry is None or photo["sha256"] is None:
            raise PhotoError("missing", "the photo is not in the dataset's source")
        data = source.read(entry, self._limits)
        if hashlib.sha256(data).hexdigest() != photo["sha256"]:
            raise PhotoError("checksum", "the photo is another one than the dataset was made from")
        if data in crops:
            raise PhotoError("missing", "the crop is all there is of its photo")
        return data

    @cached_property
    def _opened(self) -> tuple[Source | None, dict[str, Entry]]:
        place = self._dataset.root / self._dataset.manifest.source_path
        try:
            source = open_source(place)
            return source, {entry.key: entry for entry in source.entries()}
        except (SourceError, UsageError):
            return None, {}

    @property
    def _limits(self) -> Limits:
        return self._dataset.manifest.recipe.photos
