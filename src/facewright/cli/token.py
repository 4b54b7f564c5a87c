"""facewright token: keys for a server that others can reach."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import cyclopts
from cyclopts import Parameter

from facewright.cli.commands import add_command, examples_text

NEW_EXAMPLES = ("facewright token new anna", "facewright token new grid --scope read --rate 50")
LIST_EXAMPLES = ("facewright token list",)
REVOKE_EXAMPLES = ("facewright token revoke 1f0a9c3e",)

app = cyclopts.App(
    help_format="markdown",
    name="token",
    help="Make, list and revoke tokens of facewright serve.",
    help_epilogue=examples_text((*NEW_EXAMPLES, *LIST_EXAMPLES, *REVOKE_EXAMPLES)),
)

_File = Annotated[Path | None, Parameter(name="--file")]


def new(
    name: str,
    /,
    *,
    scope: Literal["read", "write"] = "write",
    rate: float | None = None,
    file: _File = None,
) -> None:
    """Make a token and print it, once: what is kept is its hash.

    Args:
        name: whose it is; notes that come with it are signed so.
        scope: read: look and search; write: also flag, label, keep, order and export.
        rate: requests a second, where they should be other than the server's.
        file: where tokens are kept; in the user's settings by default.
    """
    from facewright.server.auth.tokens import load_tokens, make_token, save_tokens

    path = _path(file)
    text, token = make_token(name, scope, rate)
    save_tokens(path, (*load_tokens(path), token))
    print(text)


def list_(*, file: _File = None) -> None:
    """List tokens: id, scope, when they were made, whose they are.

    Args:
        file: where they are kept; in the user's settings by default.
    """
    from facewright.server.auth.tokens import load_tokens

    for token in load_tokens(_path(file)):
        print(f"{token.id}  {token.scope:5}  {token.created}  {token.name}")


def revoke(token_id: str, /, *, file: _File = None) -> None:
    """Take a token away; servers that run forget it at once.

    Args:
        token_id: as `facewright token list` prints it.
        file: where tokens are kept; in the user's settings by default.
    """
    from facewright.errors import UsageError
    from facewright.server.auth.tokens import load_tokens, save_tokens

    path = _path(file)
    tokens = load_tokens(path)
    rest = [token for token in tokens if token.id != token_id]
    if len(rest) == len(tokens):
        raise UsageError(f"{path} holds no token {token_id}; `facewright token list` shows them")
    save_tokens(path, rest)


def _path(file: Path | None) -> Path:
    from facewright.server.auth.tokens import usual_file

    return file or usual_file()


add_command(app, new, NEW_EXAMPLES)
add_command(app, list_, LIST_EXAMPLES, name="list")
add_command(app, revoke, REVOKE_EXAMPLES)
