"""The queue of pictures that wait for the process."""

from __future__ import annotations

from facewright.server.http.workers import Workers


class Pictures(Workers):
    """One thread, as there is one process; a further picture is refused when too many wait."""
