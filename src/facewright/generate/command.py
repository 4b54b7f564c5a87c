"""Generator `command`: any program that reads a JSON order and writes a picture.

Started once a worker, it reads one order a line from its standard input and answers each with
one line on its standard output:

    {"key": "000012", "identity": "person-000003", "seed": 1, "person_seed": 2, "size": 256,
     "attributes": {"sex": "female", "age": 34.0}, "output": "/tmp/.../000012.png"}
    {"key": "000012", "truth": {"sex": "female", "head_pose.yaw": -3.5}}

By the time it answers, the file `output` holds a PNG, JPEG or WebP of that size. `truth` is
what it knows of the picture, by the leaves of `facewright.truth.Truth`; it may be left out.
`{"key": ..., "error": "why"}` refuses the one picture. What it writes to its standard error is
shown when it fails. The program is not run in a shell.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from facewright.errors import FacewrightError, PhotoError, UsageError
from facewright.generate.base import GeneratorCard, Made, check_options
from facewright.generate.vocabulary import VOCABULARY
from facewright.generate.wanted import Wanted
from facewright.limits import Limits
from facewright.schema import leaves, to_table
from facewright.truth import Truth
from facewright.vision.decode import decode_photo

_KNOWN: Final = ("command", "timeout", "licence", "attributes")
_SECONDS: Final = 600.0
_TOLD: Final = 400


@dataclass(slots=True)
class Command:
    """A program that makes pictures.

    Attributes:
        words: the program and its arguments.
        timeout: seconds that one picture may take.
        licence: of its pictures, as the user states it.
        attributes: that it understands.
    """

    words: tuple[str, ...]
    timeout: float = _SECONDS
    licence: str = "unstated"
    attributes: frozenset[str] = frozenset(VOCABULARY)
    _running: _Program | None = field(default=None, repr=False)

    @property
    def card(self) -> GeneratorCard:
        """What it is."""
        return GeneratorCard(
            "command",
            "1",
            f"the program {self.words[0]}",
            self.licence,
            None,
            {"command": list(self.words)},
            self.attributes,
        )

    def refuse(self, wanted: Wanted) -> str | None:
        """Nothing is refused ahead: only the program knows."""
        del wanted
        return None

    def make(self, wanted: Wanted) -> Made:
        """Have one picture made.

        Raises:
            FacewrightError: the program failed, was too slow, or answered something else.
        """
        if self._running is None:
            self._running = _Program(self.words)
        with tempfile.TemporaryDirectory(prefix="facewright-") as folder:
            output = Path(folder) / f"{wanted.key}.png"
            order = {
                "key": wanted.key,
                "identity": wanted.identity,
                "seed": wanted.seed,
                "person_seed": wanted.person_seed,
                "size": wanted.size,
                "attributes": dict(wanted.attributes),
                "output": str(output),
            }
            answer = self._running.ask(order, self.timeout)
            return Made(_picture(self.words[0], output, wanted.size), _truth(answer))

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a worker without the program that runs here."""
        return Command, (self.words, self.timeout, self.licence, self.attributes)


class _Program:
    """A running program, asked line by line."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._name = words[0]
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the program runs
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the user's own program, no shell
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                encoding="utf-8",
            )
        except OSError as error:
            self._errors.close()
            raise UsageError(f"cannot start the generator {words[0]}: {error.strerror}") from error
        weakref.finalize(self, _end, self._process, self._errors)

    def ask(self, order: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
        """Send one order and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        late = threading.Timer(timeout, self._process.kill)
        late.start()
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (BrokenPipeError, UnicodeDecodeError):
            line = ""
        finally:
            late.cancel()
        return self._answer(line, str(order["key"]))

    def _answer(self, line: str, key: str) -> Mapping[str, Any]:
        if not line:
            raise FacewrightError(f"the generator {self._name} ended: {self._last_words()}")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or answer.get("key") != key:
            said = line.strip()[:_TOLD]
            raise FacewrightError(
                f'the generator {self._name} must answer {{"key": "{key}"}}, not {said!r}'
            )
        if "error" in answer:
            raise FacewrightError(
                f"the generator {self._name}, picture {key}: {str(answer['error'])[:_TOLD]}"
            )
        return answer

    def _last_words(self) -> str:
        code = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip()
        return f"exit code {code}; {said[-_TOLD:] or 'it said nothing'}".replace("\n", " | ")


def _end(process: subprocess.Popen[str], errors: IO[bytes]) -> None:
    """Close what a program reads and writes, and see it off."""
    for pipe in (process.stdin, process.stdout, errors):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.kill()
    process.wait()


def _picture(program: str, path: Path, size: int) -> Any:
    """Pixels of the file that a program wrote, with the caps of hostile input."""
    side = size * size
    try:
        data = path.read_bytes()
        pixels = decode_photo(data, Limits(max_pixels=side)).pixels
    except OSError as error:
        raise FacewrightError(f"the generator {program} wrote no file {path.name}") from error
    except PhotoError as error:
        raise FacewrightError(f"the generator {program} wrote no picture: {error}") from error
    if pixels.shape[:2] != (size, size):
        height, width = pixels.shape[:2]
        raise FacewrightError(
            f"the generator {program} made {width} x {height} pixels, not {size} x {size}"
        )
    return pixels


def _truth(answer: Mapping[str, Any]) -> dict[str, Any]:
    stated = answer.get("truth", {})
    known = {name for name, _ in leaves(Truth)}
    if not isinstance(stated, dict) or set(stated) - known:
        raise FacewrightError(f"a generator's truth may say {', '.join(sorted(known))}")
    try:
        to_table(Truth, {name: [value] for name, value in stated.items()}, 1)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise FacewrightError(f"a generator's truth does not fit: {error}") from error
    return stated


def command(quality: str, options: Mapping[str, Any]) -> Command:
    """Make the generator from the options of an order.

    Args:
        quality: passed over; the program has its own arguments.
        options: command (a line, or a list of words), timeout in seconds, licence, attributes
            (names that it understands; all by default).

    Raises:
        UsageError: an option is unknown or wrong, or no program is named.
    """
    del quality
    check_options("command", options, _KNOWN)
    given = options.get("command")
    words = shlex.split(given) if isinstance(given, str) else given
    if not isinstance(words, list) or not words or not all(isinstance(w, str) for w in words):
        raise UsageError('options: command = "program --argument" is missing, or no list of words')
    timeout, names = options.get("timeout", _SECONDS), options.get("attributes", list(VOCABULARY))
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise UsageError(f"options: timeout must be seconds above 0, not {timeout!r}")
    if not isinstance(names, list) or set(names) - set(VOCABULARY):
        raise UsageError(f"options: attributes must be names among {', '.join(VOCABULARY)}")
    licence = str(options.get("licence", "unstated"))
    return Command(tuple(words), float(timeout), licence, frozenset(names))
