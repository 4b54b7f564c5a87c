"""Library: the opened datasets, and the catalogue that shows them now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from facewright.errors import UsageError
from facewright.server.catalogue.catalogue import Catalogue, Label
from facewright.server.catalogue.further import new_reads
from facewright.server.catalogue.shelf import Shelf, open_shelf, signature_of

_MOST = 255  # datasets, as their codes are bytes

LabelsOf = Callable[[Catalogue], tuple[Sequence[Label], str]]
"""Audited labels of the faces of a catalogue, later ones last, and their version."""

FlaggedOf = Callable[[Catalogue], Sequence[str]]
"""Public ids of the faces of a catalogue that are flagged."""


class Library:
    """Datasets by name. Its methods may be called from any thread.

    Args:
        roots: folders of datasets; they are named as their folders, with a number where two are
            named the same.

    Attributes:
        labels_of: asked for audited labels whenever datasets change; a part may set it. Without
            one, those of `label` hold.
        flagged_of: asked for flagged faces whenever datasets or flags change; a part may set it.

    Raises:
        UsageError: none, too many, or the same folder twice.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        if not roots:
            raise UsageError("name a dataset to serve")
        if len(roots) > _MOST:
            raise UsageError(f"at most {_MOST} datasets can be served together")
        self._roots: dict[str, Path] = {}
        for root in roots:
            self._name(root)
        self._shelves: dict[str, Shelf] = {}
        self._reads = new_reads()
        self.labels_of: LabelsOf | None = None
        self.flagged_of: FlaggedOf | None = None
        self._labels: tuple[tuple[Label, ...], str] = ((), "")
        self._bare: Catalogue | None = None
        self._catalogue: Catalogue | None = None
        self._lock = threading.Lock()

    @property
    def catalogue(self) -> Catalogue | None:
        """What is shown now; None before the first `refresh`."""
        return self._catalogue

    @property
    def roots(self) -> dict[str, Path]:
        """Folders by name."""
        return dict(self._roots)

    def refresh(self) -> bool:
        """Open the datasets that are new or have changed; whether there was any.

        Raises:
            DatasetError: one is broken.
        """
        with self._lock:
            changed = [name for name, root in self._roots.items() if self._has_changed(name, root)]
            for name in changed:
                self._shelves[name] = open_shelf(self._roots[name], name)
            if changed or self._bare is None:
                self._bare = self._numbered()
                self._show()
            return bool(changed)

    def name_of(self, root: Path) -> str | None:
        """Name of a dataset that is served; None where it is not."""
        wanted = root.resolve()
        roots = self.roots.items()
        return next((name for name, each in roots if each.resolve() == wanted), None)

    def add(self, root: Path) -> str:
        """Serve another dataset too; its name. One that is served already is looked at again.

        Raises:
            UsageError: there are too many.
            DatasetError: it is none.
        """
        with self._lock:
            known = self.name_of(root)
        if known is not None:
            self.refresh()
            return known
        with self._lock:
            if len(self._roots) >= _MOST:
                raise UsageError(f"at most {_MOST} datasets can be served together")
            name = self._name(root)
        self.refresh()
        return name

    def remove(self, root: Path) -> None:
        """Serve a dataset no more; one that is not served is none of its business."""
        with self._lock:
            name = self.name_of(root)
            if name is None:
                return
            del self._roots[name]
            if self._shelves.pop(name, None) is not None and self._shelves:
                self._bare = self._numbered()
                self._show()

    def label(self, labels: Iterable[Label], version: str) -> None:
        """Audited labels that win over estimates from now on; all of them, later ones last.

        Args:
            labels: in the order in which they were given.
            version: changes when they do.
        """
        with self._lock:
            self._labels = (tuple(labels), version)
            self._show()

    def relabel(self) -> None:
        """Ask for labels and flags again: one was given or taken back."""
        with self._lock:
            self._show()

    def _has_changed(self, name: str, root: Path) -> bool:
        if name not in self._shelves:
            return True
        if not (root / "dataset.json").exists():
            return False  # gone; the others are served on
        return self._shelves[name].signature != signature_of(root)

    def _numbered(self) -> Catalogue:
        there = [self._shelves[name] for name in self._roots if name in self._shelves]
        return Catalogue.of(there, self._reads)

    def _show(self) -> None:
        if self._bare is None:
            return
        labels, version = self._labels if self.labels_of is None else self.labels_of(self._bare)
        shown = self._bare.with_labels(labels, version) if labels else self._bare
        flagged = () if self.flagged_of is None else self.flagged_of(self._bare)
        self._catalogue = shown.with_flags(flagged) if flagged else shown

    def _name(self, root: Path) -> str:
        resolved = root.resolve()
        if resolved in (each.resolve() for each in self._roots.values()):
            raise UsageError(f"{root} is named twice")
        base = name = resolved.name or "dataset"
        number = 1
        while name in self._roots:
            number += 1
            name = f"{base}-{number}"
        self._roots[name] = root
        return name
