"""facewright directions: along what styles of a network an attribute changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
from cyclopts import Parameter

from facewright.cli.commands import add_command, examples_text

if TYPE_CHECKING:
    from facewright.generate.directions import Direction
    from facewright.generate.fit_directions import Styled

FIT_EXAMPLES = (
    "facewright directions fit ffhq.pkl --attribute sex --level male -o male.npz",
    "facewright directions fit ffhq.pkl --attribute age --apart-from male.npz --samples 2000",
    "facewright directions fit ffhq512.pkl --generator eg3d --attribute smile --level yes",
)
SHOW_EXAMPLES = ("facewright directions show male.npz age.npz",)

app = cyclopts.App(
    help_format="markdown",
    name="directions",
    help="Fit and show directions: they steer your own StyleGAN and EG3D weights by attributes.",
    help_epilogue=examples_text((*FIT_EXAMPLES, *SHOW_EXAMPLES)),
)


def fit(
    weights: Path,
    /,
    *,
    attribute: str,
    level: str | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    samples: int = 500,
    apart_from: Annotated[list[Path] | None, Parameter(negative="")] = None,
    layers: str | None = None,
    generator: str = "stylegan",
    seed: int = 0,
    device: str = "cpu",
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Fit the direction of an attribute, and say how well it separates faces.

    Pictures are sampled from the network, annotated, and their styles separated by a linear
    boundary. The AUC is of pictures that the boundary was not fitted on: 1 separates, .5 guesses.

    Args:
        weights: the network, .pkl or .safetensors.
        attribute: any that `facewright balance` counts: sex, age, glasses, smile, ...
        level: the class to lead to, as male; none for a number.
        output: file to write; ATTRIBUTE.npz or ATTRIBUTE-LEVEL.npz by default.
        samples: pictures; 2000 give a direction that holds.
        apart_from: directions that are left as they are, repeatable.
        layers: which layers are moved, as 0-8 (without the last); all by default.
        generator: stylegan or eg3d.
        seed: of the first picture.
        device: where the network runs: cpu, cuda.
        json: print the direction's facts as one line of JSON.
    """
    from facewright.annotators.learn.fitting import scikit_learn
    from facewright.cli.progress import telling
    from facewright.errors import UsageError
    from facewright.generate.directions import Direction
    from facewright.generate.fit_directions import FEWEST, fit_direction, sample_styles
    from facewright.store.jsonrecord import dumps

    if samples < 2 * FEWEST:
        raise UsageError(f"--samples {samples} are too few: {FEWEST} faces a side are needed")
    scikit_learn()  # said before minutes of sampling
    moved = _layers(layers)
    others = [Direction.load(path) for path in apart_from or []]
    network = _network(generator, weights, device)
    stray = [each.attribute for each in others if each.network != network.sha256]
    if stray:
        raise UsageError(f"--apart-from: {', '.join(stray)} was fitted on other weights")
    with telling() as tell:
        sample = sample_styles(
            network, samples, seed=seed, progress=lambda done: tell("pictures", done, samples)
        )
    direction = fit_direction(sample, attribute, level, layers=moved, apart_from=others)
    path = output or Path(f"{'-'.join(n for n in (attribute, direction.level) if n)}.npz")
    direction.save(path)
    if json:
        print(dumps({"file": str(path), "faceless": sample.faceless, **_facts(direction)}))
        return
    _print([(path, direction)])
    if sample.faceless:
        print(f"{sample.faceless} of {samples} pictures had no face and were left out")
    print(f"\n{path}: give it to an order: --option directions={path}")


def show(
    *files: Path,
    json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Show what directions lead to, how well they separate, and which weights they belong to.

    Args:
        files: .npz files of directions.
        json: print a line of JSON each.
    """
    from facewright.errors import UsageError
    from facewright.generate.directions import Direction
    from facewright.store.jsonrecord import dumps

    if not files:
        raise UsageError("name a direction: facewright directions show age.npz")
    found = [(path, Direction.load(path)) for path in files]
    if json:
        for path, direction in found:
            print(dumps({"file": str(path), **_facts(direction)}))
    else:
        _print(found)


def _network(generator: str, weights: Path, device: str) -> Styled:
    from facewright.errors import UsageError
    from facewright.generate.stylegan.loading import load_generator

    if generator in {"stylegan", "stylegan2", "stylegan3"}:
        return load_generator(weights, device=device)
    if generator == "eg3d":
        from facewright.generate.eg3d.loading import load_eg3d

        return load_eg3d(weights, device=device)
    raise UsageError(f"--generator is stylegan or eg3d, not {generator}")


def _layers(text: str | None) -> tuple[int, int] | None:
    from facewright.errors import UsageError

    if text is None:
        return None
    first, dash, last = text.partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and int(first) < int(last)):
        raise UsageError(f"--layers {text}: write the first and the one after the last, as 0-8")
    return int(first), int(last)


def _facts(direction: Direction) -> dict[str, object]:
    """What a direction says of itself, without its vector."""
    return {
        "attribute": direction.attribute,
        "level": direction.level,
        "against": direction.against,
        "auc": round(direction.auc, 4),
        "samples": direction.samples,
        "layers": None if direction.layers is None else list(direction.layers),
        "network": direction.network,
    }


def _print(found: list[tuple[Path, Direction]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("file", "leads to", "AUC", "faces", "layers", "network"):
        table.add_column(name, justify="right" if name in {"AUC", "faces"} else "left")
    for path, each in found:
        ends = " against ".join(end for end in (each.level, each.against or "any other") if end)
        leads = f"{each.attribute}: {ends}" if each.level else f"{each.attribute}: a larger number"
        layers = "all" if each.layers is None else f"{each.layers[0]}-{each.layers[1]}"
        auc = f"{each.auc:.3f}"
        table.add_row(path.name, leads, auc, f"{each.samples}", layers, each.network[:12])
    Console().print(table)


add_command(app, fit, FIT_EXAMPLES)
add_command(app, show, SHOW_EXAMPLES, takes="FILE...")
