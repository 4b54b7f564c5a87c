"""Tokens: random keys with a scope, kept as hashes in a file of the user's.

A token is 256 random bits, so its SHA-256 is as hard to turn back as it is to guess; a slow hash
such as scrypt protects secrets that people choose, and would cost its time at every request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from facewright.errors import UsageError
from facewright.store.atomic import make_folder, write_atomic

Scope = Literal["read", "write"]

_BYTES: Final = 32
_PREFIX: Final = "fw_"
_LONGEST: Final = 200  # characters of what is looked at as a token


class Token(BaseModel):
    """What is kept of a token.

    id: names it where people must, without telling it. rate: requests a second; None for the
    server's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    name: Annotated[str, Field(max_length=80)]
    scope: Scope
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    created: str
    rate: Annotated[float, Field(gt=0)] | None = None


def usual_file() -> Path:
    """Where tokens are kept when nothing is said."""
    return Path(platformdirs.user_config_dir("facewright", appauthor=False)) / "tokens.json"


def make_token(name: str, scope: Scope, rate: float | None = None) -> tuple[str, Token]:
    """A new token: its text, which is kept nowhere, and what is kept of it.

    Raises:
        UsageError: the name is too long, or the rate is no rate.
    """
    text = f"{_PREFIX}{secrets.token_urlsafe(_BYTES)}"
    try:
        token = Token(
            id=secrets.token_hex(4),
            name=name,
            scope=scope,
            sha256=_hash(text),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            rate=rate,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"token: {first['loc'][0]}: {first['msg']}") from error
    return text, token


def load_tokens(path: Path) -> tuple[Token, ...]:
    """Tokens of a file; none where there is no file.

    Raises:
        UsageError: it cannot be read, or holds something else.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Token.model_validate(each) for each in data["tokens"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: no file of tokens; `facewright token new` makes one") from error


def save_tokens(path: Path, tokens: Sequence[Token]) -> None:
    """Write tokens, for the user's own eyes.

    Raises:
        StorageError: it cannot be written.
    """
    make_folder(path.parent)
    text = json.dumps({"tokens": [each.model_dump() for each in tokens]}, indent=1) + "\n"
    write_atomic(path, text.encode())
    path.chmod(0o600)


class Keys:
    """Tokens of a file, read again when it changes: a token that is taken away ends at once.

    Args:
        path: of the file; None: no token is known.

    Raises:
        UsageError: it cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp = self._stamped()
        self._tokens = load_tokens(path) if path is not None else ()

    def __len__(self) -> int:
        return len(self._fresh())

    def find(self, text: str) -> Token | None:
        """The token of a text.

        Every token is compared, each in a time that does not depend on what differs.
        """
        wanted = _hash(text[:_LONGEST])
        found = None
        for token in self._fresh():
            if hmac.compare_digest(token.sha256, wanted):
                found = token
        return found

    def of_id(self, token_id: str) -> Token | None:
        """A token by its id, if it still holds."""
        return next((token for token in self._fresh() if token.id == token_id), None)

    def _fresh(self) -> tuple[Token, ...]:
        with self._lock:
            stamp = self._stamped()
            if stamp != self._stamp and self._path is not None:
                try:
                    self._tokens = load_tokens(self._path)
                except UsageError:
                    self._tokens = ()  # a file that cannot be read lets nobody in
                self._stamp = stamp
            return self._tokens

    def _stamped(self) -> tuple[int, int]:
        try:
            found = self._path.stat() if self._path is not None else None
        except OSError:
            return (0, 0)
        return (0, 0) if found is None else (found.st_mtime_ns, found.st_ino)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
