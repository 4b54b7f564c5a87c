"""facewright serve: a page and an API over datasets."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

SERVE_EXAMPLES = (
    "facewright serve my-faces",
    "facewright serve my-faces more-faces --port 8080 --open",
    "facewright serve my-faces --read-only",
    "facewright serve my-faces --host 0.0.0.0   # facewright token new NAME comes first",
)
_SEVERAL = Parameter(negative="")


def serve(
    *datasets: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    open: Annotated[bool, Parameter(negative="")] = False,
    read_only: Annotated[bool, Parameter(negative="")] = False,
    workdir: Path | None = None,
    token_file: Path | None = None,
    name: Annotated[tuple[str, ...], _SEVERAL] = (),
    url: str = "",
    origin: Annotated[tuple[str, ...], _SEVERAL] = (),
    rate: float | None = None,
    generators: Path | None = None,
) -> None:
    """Serve a page and an API over datasets until stopped.

    On this machine alone nobody needs a token. At any other address everybody does, and the
    connection should go through a proxy that speaks https.

    Args:
        datasets: folders of datasets. What was ordered from the page earlier is served with them.
        host: address to listen at.
        port: of the address; 0 takes a free one.
        open: open the page in the browser.
        read_only: nothing can be flagged, corrected, kept or made.
        workdir: where flags, labels, selections and jobs are kept; in the user's data by default.
        token_file: tokens, as `facewright token` makes them; named, it demands them here too.
        name: a further host name by which it is reached, repeatable.
        url: where others reach it through a proxy, as https://faces.example.
        origin: a page of others that may ask, as https://page.example; repeatable.
        rate: requests a second of each token or address. By default 200 where tokens are
            demanded, and any number where they are not.
        generators: TOML file of generators that may be ordered from, a table each: generator,
            quality, options. By default those that need no options.
    """
    from facewright.errors import UsageError
    from facewright.extras import not_installed

    if any(find_spec(name) is None for name in ("fastapi", "uvicorn")):
        raise not_installed("the server", "serve")
    from facewright.server.assembling import ServeOptions, assemble, usual_workdir
    from facewright.server.http.listening import address_of, listen, run
    from facewright.server.jobs.settings import JobSettings, load_generators

    if rate is not None and rate <= 0:
        raise UsageError("--rate must be above 0")
    jobs = JobSettings(generators=load_generators(generators)) if generators else JobSettings()
    options = ServeOptions(
        host=host,
        token_file=token_file,
        workdir=workdir or usual_workdir(),
        read_only=read_only,
        names=name,
        url=url,
        origins=origin,
        rate=rate,
        jobs=jobs,
    )
    for dataset in datasets:
        _check(dataset)
    app = assemble(datasets, options)
    with listen(host, port) as bound:
        address = address_of(bound)
        run(app, bound, lambda: _say(address, options.workdir, in_browser=open))


def _check(dataset: Path) -> None:
    """Say at once what is no dataset; the rest is read when the server runs."""
    from facewright.store.manifest import Manifest

    Manifest.load(dataset)


def _say(address: str, workdir: Path, *, in_browser: bool) -> None:
    print(f"Serving at {address} - stop with Ctrl+C")
    print(f"Flags, labels, selections and jobs are kept in {workdir}", flush=True)
    if in_browser:
        import webbrowser

        webbrowser.open(address)
