"""The pictures of a StyleGAN archive: numbered, and all of one size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from threadpoolctl import ThreadpoolController

from facewright.errors import UsageError
from facewright.layouts.archives.one_picture import Made, make_files
from facewright.layouts.seam.export import Export
from facewright.layouts.seam.sink import Sink

_FOLDER = 1000  # pictures in a folder


def picture_name(number: int) -> str:
    """Path of a picture: 1234 is 00001/img00001234.png."""
    return f"{number // _FOLDER:05d}/img{number:08d}.png"


def write_pictures(
    export: Export, sink: Sink, check_side: Callable[[int], None], *, mirror: bool = False
) -> list[tuple[str, ...]]:
    """Write all pictures.

    Args:
        export: the faces; those that are left out are added to its list, and their numbers stay
            unused, as in the published tool.
        sink: where to.
        check_side: raises UsageError for a side in pixels that the format does not have.
        mirror: write each picture's mirror after it, with the next number.

    Returns:
        Names of each face's files, none for a face that was left out.

    Raises:
        UsageError: pictures of several sizes, or of a wrong one.
    """
    options, each = export.options, 2 if mirror else 1
    if options.size is not None:
        check_side(options.size)
    ids = export.dataset.face_ids
    pictures = (export.picture(face_id).data for face_id in ids)
    make = partial(make_files, options=options, mirror=mirror)
    names: list[tuple[str, ...]] = []
    side: int | None = None
    with ThreadpoolController().limit(limits=1, user_api="blas"):
        for face_id, made in zip(ids, export.in_order(make, pictures), strict=True):
            if made.problem and not made.fatal:
                export.left_out.append((face_id, made.problem))
                names.append(())
                continue
            if side is None and not made.fatal:
                check_side(made.side)
                side = made.side
            _check(face_id, made, side)
            first = len(names) * each
            names.append(tuple(picture_name(first + n) for n in range(each)))
            for name, file in zip(names[-1], made.files, strict=True):
                sink.write(name, *file.parts, crc32=file.crc32)
    return names


def _check(face_id: str, made: Made, side: int | None) -> None:
    if made.fatal:
        raise UsageError(f"face {face_id}: {made.problem}; choose another crop")
    if made.side != side:
        raise UsageError(
            f"face {face_id} has {made.side} pixels a side, others {side}; give one size for all"
        )
