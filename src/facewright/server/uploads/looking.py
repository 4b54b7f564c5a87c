"""The process that looks at pictures of visitors: bytes in, boxes and embeddings out.

It can write no file and leave no core dump, it has a limit on memory, and whoever started it ends
it when its time is up. Nothing of a picture is said anywhere but in the answer.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facewright.engine.process import one_thread
from facewright.errors import FacewrightError, PhotoError
from facewright.limits import Limits
from facewright.server.uploads.settings import UploadSettings

Boxes = NDArray[np.float32]
Vectors = NDArray[np.float32]

_EMBEDDING: Final = "embedding"
_MOST_FACES: Final = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """Faces of a picture, largest first.

    Attributes:
        boxes: (N, 4) x, y, width, height in pixels of the upright picture.
        vectors: (N, D) embeddings.
        size: width and height of the picture.
    """

    boxes: Boxes
    vectors: Vectors
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no answer. reason: of `facewright.record.PHOTO_REASONS`, or "failed"."""

    reason: str
    detail: str


def look(pipe: Connection, settings: UploadSettings) -> None:
    """Answer pictures until the pipe ends.

    Args:
        pipe: gives bytes, takes `Seen` or `Refused`; first of all it takes None: ready.
        settings: limits.
    """
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # the server ends it when the server ends
    with suppress(EOFError, BrokenPipeError, OSError), one_thread():
        eye = _Eye(settings.limits)
        _confine(settings.memory)
        pipe.send(None)
        while True:
            pipe.send(eye.answer(pipe.recv_bytes(settings.max_bytes)))


class _Eye:
    """Models, loaded once."""

    def __init__(self, limits: Limits) -> None:
        from facewright.engine.workshop import Workshop
        from facewright.recipe import Recipe
        from facewright.sources.folder import FolderSource

        self._limits = limits
        recipe = Recipe(crops=(), annotators=(_EMBEDDING,), photos=limits)
        self._workshop = Workshop(FolderSource(Path()), recipe)
        self._workshop.warm()
        self._see(np.full((256, 256, 3), 128, np.uint8))

    def answer(self, data: bytes) -> Seen | Refused:
        """Look at one picture."""
        from facewright.vision.decode import decode_photo

        try:
            return self._see(decode_photo(data, self._limits).pixels)
        except PhotoError as error:
            return Refused(error.reason, error.detail)
        except FacewrightError as error:
            return Refused("failed", str(error))
        except MemoryError:
            return Refused("failed", "the picture takes more memory than it may")

    def _see(self, pixels: NDArray[np.uint8]) -> Seen:
        height, width = pixels.shape[:2]
        found = self._workshop.find([pixels])
        sizes = found.boxes[:, 2] * found.boxes[:, 3]
        order = np.argsort(-sizes, kind="stable")[:_MOST_FACES]
        faces = found.take(order.tolist())
        vectors = np.zeros((0, 0), np.float32)
        if len(faces):
            columns = self._workshop.pipeline.annotate(faces, self._workshop.runtime)
            vectors = np.asarray(columns[_EMBEDDING], np.float32)
        return Seen(faces.boxes.astype(np.float32), vectors, (width, height))


def _confine(memory: int) -> None:
    """Limit what this process can do, as far as the system knows how."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform.startswith("linux"):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
