"""facewright generate: an order in, a dataset of synthetic faces out."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from facewright.engine.generating import GenerateReport
    from facewright.generate.memorised_report import MemorisedReport
    from facewright.generate.spec import Spec

GENERATE_EXAMPLES = (
    "facewright generate order.toml my-people",
    'facewright generate my-people --count 100 --target "equal over sex x ethnicity"',
    "facewright generate one --persons 1 --views 9 --expressions 8 --set sex=female --set age=34",
    "facewright generate more --count 20 --set age=20..40 --set pose=left --quality draft",
)


def generate(
    order_and_out: Annotated[list[Path], Parameter(name="ORDER OUT", negative="")],
    /,
    *,
    count: int | None = None,
    size: int | None = None,
    seed: int | None = None,
    target: str | None = None,
    set: Annotated[list[str] | None, Parameter(negative="")] = None,
    persons: int | None = None,
    views: int | None = None,
    expressions: int | None = None,
    generator: str | None = None,
    quality: Literal["draft", "standard", "hq"] | None = None,
    attempts: int | None = None,
    against: Path | None = None,
    option: Annotated[list[str] | None, Parameter(negative="")] = None,
    workers: int | None = None,
    device: str = "cpu",
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> int:
    """Make synthetic faces to order, with truth; offline.

    The same order gives the same pixels. Run the same command again after any interruption: it
    goes on where it stopped. Every picture is marked as synthetic, in its file and in the tables.

    Args:
        order_and_out: TOML file of the order (docs/generate.md; `facewright balance --order`
            writes one) and folder of the dataset; the folder alone where options say it all.
        count: pictures.
        size: side of a picture in pixels; 256 by default.
        seed: another number gives other people; 0 by default.
        target: how attributes are shared out, as a sentence or a file; see docs/balance.md.
        set: attribute and value, repeatable: sex=female, age=20..40,
            hair_color=black,brown (each as often).
        persons: different people, each in all views and expressions; one a picture by default.
        views: poses of each person: 9 are three yaws by three pitches.
        expressions: of each person in each view, 1 to 8.
        generator: who makes them; head3d by default.
        quality: draft, standard or hq; standard by default.
        attempts: how often a picture that the annotators contradict is tried; 4 by default.
        against: dataset, as the photographs that a network was trained on: faces too near to one
            of it are rejected, and memorised.json and memorised.jpg say how near the rest is.
        option: name=value that only the generator understands, repeatable.
        workers: processes; one a core by default.
        device: where annotators run: cpu, cuda, auto.
        json: print one line of JSON at the end and progress as JSON lines on stderr.
    """
    from facewright.cli.progress import noting, progress_for
    from facewright.engine.generating import generate as run
    from facewright.errors import UsageError

    if len(order_and_out) not in (1, 2):
        raise UsageError("give the order's file and the folder to make, or the folder alone")
    *files, out = order_and_out
    near = None if against is None else str(against)
    given = _stated(count=count, size=size, seed=seed, target=target, generator=generator,
                    persons=persons, views=views, expressions=expressions, quality=quality,
                    attempts=attempts, against=near)  # fmt: skip
    spec = _spec(files[0] if files else None, given, set or [], option or [])
    where = str(files[0]) if files else "the order"
    with progress_for(as_json=json) as on_progress:
        report = run(
            spec,
            out,
            workers=workers,
            device=device,
            where=where,
            on_progress=on_progress,
            on_note=noting(as_json=json),
        )
    _tell(report, spec.against, as_json=json)
    return 0


def _stated(**flags: Any) -> dict[str, Any]:
    """Flags that were given."""
    return {name: value for name, value in flags.items() if value is not None}


def _tell(report: GenerateReport, against: str | None, *, as_json: bool) -> None:
    """Say what was made; draw what is near to a reference, where there is one."""
    if report.memorised is not None and against:
        _write_pairs(report.root, against, report.memorised)
    if as_json:
        print(_as_json(report))
        return
    from facewright.cli.made import print_made

    print_made(report)
    if against:
        print(f"How near they are to {against}: memorised.json, memorised.jpg there")


def _write_pairs(root: Path, against: str, report: MemorisedReport) -> None:
    from facewright.analyse.pair_sheet import write_pair_sheet
    from facewright.store.dataset import Dataset

    left, right = (Dataset.open(path, dropped=True) for path in (root, against))
    write_pair_sheet(left, right, report, root / "memorised.jpg")


def _spec(file: Path | None, flags: dict[str, Any], sets: list[str], options: list[str]) -> Spec:
    """The file's order with what the flags say instead."""
    from facewright.generate.spec import Spec

    base = Spec.load(file).model_dump(exclude_unset=True) if file else {}
    set_ = {name: _listed(value) for name, value in (_pair(text, "--set") for text in sets)}
    attributes = {**base.get("attributes", {}), **set_}
    more = {**base.get("options", {}), **dict(_pair(text, "--option") for text in options)}
    data = {**base, **flags, "attributes": attributes, "options": more}
    return Spec.from_dict(data, str(file) if file else "the order")


def _listed(value: str) -> str | list[str]:
    """Several values between commas come each as often."""
    return [part.strip() for part in value.split(",")] if "," in value else value


def _pair(text: str, flag: str) -> tuple[str, str]:
    from facewright.errors import UsageError

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{flag} {text}: write name=value")
    return name.strip(), value.strip()


def _as_json(report: GenerateReport) -> str:
    found = report.memorised
    data = {
        **asdict(replace(report, memorised=None)),
        "memorised": None if found is None else {"too_near": len(found.near_ids), **found.cosines},
        "root": str(report.root),
        "counts": report.counts.model_dump(),
        "share_rejected": round(report.share_rejected, 4),
        "seconds": round(report.seconds, 3),
    }
    return json.dumps(data)
