"""A picture out of a request, held in memory and nowhere else.

The usual form parsers write what is larger than a megabyte to a temporary file; this one does not.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from facewright.server.http.problems import ProblemError

FIELD: Final = "picture"
_FORM_BYTES: Final = 64 * 1024  # of a form, besides its picture


async def picture_of(request: Request, most: int) -> bytes:
    """The picture of a multipart form, or a body that is a picture.

    Raises:
        ProblemError: 413, it is larger than `most` bytes; 415, no picture's type; 422, the form
            holds no picture.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        data = await _of_form(request, most)
    elif kind.startswith("image/") or kind == "application/octet-stream":
        data = await _of_body(request, most)
    else:
        raise ProblemError(415, "send a picture, as multipart/form-data or as it is", "picture")
    if not data:
        raise ProblemError(422, f"send a picture in the field {FIELD!r}", "picture")
    return data


async def _of_body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        _check(len(data), most)
    return bytes(data)


async def _of_form(request: Request, most: int) -> bytes:
    stream = _counted(request, most + _FORM_BYTES)
    parser = _InMemory(request.headers, stream, max_files=1, max_fields=4)
    try:
        form = await parser.parse()
    except (MultiPartException, MultipartParseError) as error:
        raise ProblemError(422, f"the form cannot be read: {_words(error)}", "picture") from error
    found = form.get(FIELD) or next((v for v in form.values() if isinstance(v, UploadFile)), None)
    if not isinstance(found, UploadFile):
        return b""
    try:
        _check(found.size or 0, most)
        return await found.read()
    finally:
        await form.close()


class _InMemory(MultiPartParser):
    """Starlette's parser, held in memory."""

    spool_max_size = 0  # bytes from which on a file is written to disk; 0: never


async def _counted(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in request.stream():
        taken += len(chunk)
        _check(taken, most)
        yield chunk


def _check(size: int, most: int) -> None:
    if size > most:
        raise ProblemError(
            413, f"the picture is larger than {most // 1024 // 1024} MB", "too-large"
        )


def _words(error: Exception) -> str:
    return str(getattr(error, "message", error))[:200] or "it is no multipart form"
