"""The whole server: page, API, notes, jobs, look-alikes and the guard before them."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from fastapi import FastAPI

from facewright.errors import UsageError
from facewright.server.app import create_app
from facewright.server.auth.guard import GuardSettings
from facewright.server.auth.hosts import Names, host_name, is_loopback
from facewright.server.auth.part import guarding
from facewright.server.auth.rates import Rate
from facewright.server.auth.tokens import Keys, usual_file
from facewright.server.jobs.part import doing_jobs, made_datasets
from facewright.server.jobs.settings import JobSettings
from facewright.server.notes.book import Book
from facewright.server.notes.part import noting
from facewright.server.page import put_page
from facewright.server.settings import ServeSettings
from facewright.server.uploads.part import looking_alike
from facewright.server.uploads.settings import UploadSettings
from facewright.server.v1.routes import put_v1


def usual_workdir() -> Path:
    """Where notes, jobs and what they make are kept when nothing is said."""
    return Path(platformdirs.user_data_dir("facewright", appauthor=False)) / "serve"


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a server is run.

    Attributes:
        host: address to listen at; any but this machine's own demands tokens.
        token_file: of tokens; named, it makes them be demanded anywhere.
        workdir: of notes and jobs.
        read_only: nothing can be changed.
        names: further names by which it is reached.
        url: where others reach it through a proxy, as "https://faces.example".
        origins: pages of others that may ask, as "https://page.example".
        rate: requests a second of each token or, where none is shown, address; None: the usual.
        serving, uploads, jobs: what requests may cost.
    """

    host: str = "127.0.0.1"
    token_file: Path | None = None
    workdir: Path = field(default_factory=usual_workdir)
    read_only: bool = False
    names: Sequence[str] = ()
    url: str = ""
    origins: Sequence[str] = ()
    rate: float | None = None
    serving: ServeSettings = field(default_factory=ServeSettings)
    uploads: UploadSettings = field(default_factory=UploadSettings)
    jobs: JobSettings = field(default_factory=JobSettings)


def assemble(datasets: Sequence[Path], options: ServeOptions | None = None) -> FastAPI:
    """The app of a whole server.

    Args:
        datasets: folders; those that orders of this workdir have made are served with them.
        options: how.

    Raises:
        UsageError: a token is demanded and there is none, or a dataset is named twice.
        StorageError: the workdir cannot be used.
    """
    options = options or ServeOptions()
    settings, keys = _guard(options)
    book = Book(options.workdir)
    parts = (
        put_page,
        put_v1,
        noting(book, options.workdir / "notes", read_only=options.read_only),
        doing_jobs(book, options.workdir, options.jobs, read_only=options.read_only),
        looking_alike(options.uploads),
        guarding(settings, keys),
    )
    named = {root.resolve() for root in datasets}
    made = [root for root in made_datasets(book) if root.resolve() not in named]
    return create_app([*datasets, *made] if datasets else [], options.serving, parts)


def _guard(options: ServeOptions) -> tuple[GuardSettings, Keys]:
    demands = not is_loopback(options.host) or options.token_file is not None
    file = options.token_file or usual_file()
    keys = Keys(file if demands else None)
    if demands and not len(keys):
        raise UsageError(
            f"{options.host} can be reached by others, and {file} holds no token: make one with"
            " `facewright token new NAME`"
            if options.token_file is None
            else f"{file} holds no token: make one with `facewright token new NAME --file {file}`"
        )
    rate = None if options.rate is None else Rate(options.rate, 10 * options.rate)
    usual = GuardSettings()
    return GuardSettings(
        names=Names(_hosts(options), frozenset(options.origins)),
        demands_token=demands,
        read_only=options.read_only,
        key_rate=rate or usual.key_rate,
        address_rate=rate or (usual.key_rate if demands else None),
        url=options.url.rstrip("/"),
    ), keys


def _hosts(options: ServeOptions) -> frozenset[str]:
    own = () if is_loopback(options.host) else (options.host, socket.gethostname())
    found = set()
    reached = (_host_of(options.url),) if options.url else ()
    for name in (*own, *options.names, *reached):
        host = host_name(name) if ":" not in name or name.startswith("[") else name
        if host is None:
            raise UsageError(f"{name!r} is no name of a host")
        found.add(host.lower())
    return frozenset(found)


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise UsageError(f"{url!r} is no address of a server; write https://faces.example")
    return parts.hostname
