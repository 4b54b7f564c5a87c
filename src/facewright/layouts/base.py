"""What a layout is: photos and faces read from a published format, and written into one.

A layout knows its format and nothing else. Reading, it yields what the files say, as columns of
the Record; `facewright.engine.importing` makes the tables, copies the pictures' bytes as they
are, and puts back what the sidecar of an export kept. Writing, it is given faces in order and a
place for files; `facewright.engine.exporting` adds the sidecar, licences and descriptions, and
lets the result appear whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, cast, runtime_checkable

from facewright import plugins
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.items import PhotoItem
from facewright.layouts.seam.sink import Sink
from facewright.layouts.seam.tree import Tree

GROUP = "layouts"


@runtime_checkable
class Layout(Protocol):
    """A published format. Implementations are frozen values without state."""

    @property
    def name(self) -> str:
        """What commands call it."""

    @property
    def summary(self) -> str:
        """One line for people."""

    def recognises(self, tree: Tree) -> bool:
        """Whether this looks like the layout: by names only, without reading pictures."""

    def read(self, tree: Tree) -> Iterator[PhotoItem]:
        """Yield what the layout holds, always in the same order.

        Entries that cannot be used come with a `problem`, so that nothing is lost in silence.

        Raises:
            LayoutError: the layout as a whole cannot be read; names file and key.
        """

    def write(self, export: Export, sink: Sink) -> list[str]:
        """Write faces in the order of `export.rows()`.

        Returns:
            The name of each face in the layout, as `read` gives it in `FaceItem.name`; "" for a
            face that the layout leaves out.

        Raises:
            UsageError: the faces lack what the layout cannot do without, or an option is wrong.
        """


def layout_names() -> tuple[str, ...]:
    """Names of the layouts that are installed, sorted."""
    return plugins.names(GROUP)


def layout(name: str) -> Layout:
    """The layout registered under this name.

    Raises:
        UsageError: there is none; the message lists those that exist.
    """
    return cast("Layout", plugins.load(GROUP, name))
