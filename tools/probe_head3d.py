"""What makes this project's annotator read a rendered face older, or another sex: one change a row.

    python tools/probe_head3d.py [--people 6] [--quality draft]

Women and men from 58 to 78 are rendered once as they are and once for each change of the person or
the view; changes of the finished picture are made on the first rendering. Printed are the means of
the age that is read and of P(female) for women and men.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from facewright.annotators.pipeline import Pipeline
from facewright.generate.head3d.person import Person, sample_person
from facewright.generate.head3d.render import Quality, View, render
from facewright.vision.faces import find_faces
from facewright.vision.runtime import Runtime

ETHNICITIES = ("white", "black", "asian", "latino")


def _shifted(person: Person, feature: str, by: float) -> Person:
    """A person with one feature changed, on both sides."""
    names = {feature, f"r-{feature[2:]}"} & set(person.features)
    changed = {name: float(np.clip(person.features[name] + by, -1, 1)) for name in names}
    return replace(person, features=person.features | changed)


PERSONS: dict[str, Callable[[Person], Person]] = {
    "as drawn": lambda p: p,
    "brown hair": lambda p: replace(p, hair_colour="brown", brow_colour="brown"),
    "grey hair": lambda p: replace(p, hair_colour="grey", brow_colour="grey"),
    "skin two tones lighter": lambda p: replace(p, skin_tone=max(1, p.skin_tone - 2)),
    "brows half as dense": lambda p: replace(p, brow_density=p.brow_density / 2),
    "lower cheekbones": lambda p: _shifted(p, "l-cheek-bones", -0.35),
    "lower brows": lambda p: _shifted(p, "eyebrows-trans", -0.3),
    "no makeup": lambda p: replace(p, makeup=0.0),
    "skull and skin of thirty": lambda p: replace(p, age=30.0),
}
Picture = NDArray[np.uint8]
PICTURES: dict[str, Callable[[Picture], Picture]] = {
    "picture sharpened at 3 pixels": lambda x: _sharpened(x, 3.0, 0.8),
    "picture sharpened at 1 pixel": lambda x: _sharpened(x, 1.0, 0.8),
    "picture blurred by 1.2 pixels": lambda x: cv2.GaussianBlur(x, (0, 0), 1.2).astype(np.uint8),
    "picture darker": lambda x: _bytes((x / 255.0) ** 1.4),
    "picture less colourful": lambda x: _bytes(_faded(x / 255.0)),
}
"""Changes of the finished picture."""


def _bytes(shown: NDArray[np.floating]) -> Picture:
    out: Picture = (np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8)
    return out


def _sharpened(picture: Picture, sigma: float, amount: float) -> Picture:
    shown = picture / 255.0
    return _bytes(shown + amount * (shown - cv2.GaussianBlur(shown, (0, 0), sigma)))


def _faded(shown: NDArray[np.floating]) -> NDArray[np.floating]:
    grey = shown.mean(axis=2, keepdims=True)
    return np.asarray(grey + 0.6 * (shown - grey))


def main() -> None:
    """Render, change, read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--quality", choices=("draft", "standard"), default="draft")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    runtime, pipeline = Runtime(), Pipeline(("sex-age",))

    def show(name: str, pictures: list[Picture]) -> None:
        """Print a row."""
        seen = [read(picture, runtime, pipeline) for picture in pictures]
        by_sex = (seen[::2], seen[1::2])
        text = ["age {:.0f} P(female) {:.2f}".format(*np.nanmean(part, axis=0)) for part in by_sex]
        print(f"{name:32} women: {text[0]}   men: {text[1]}", flush=True)

    numbers = range(options.people)
    plain = [draw(k, PERSONS["as drawn"], "neutral", options.quality) for k in numbers]
    show("as drawn", plain)
    for name, change in PICTURES.items():
        show(name, [change(picture) for picture in plain])
    for name, alter in list(PERSONS.items())[1:]:
        show(name, [draw(k, alter, "neutral", options.quality) for k in numbers])
    same = PERSONS["as drawn"]
    show("mouth open", [draw(k, same, "surprise", options.quality) for k in numbers])


def draw(
    number: int, change: Callable[[Person], Person], expression: str, quality: Quality
) -> Picture:
    """A picture of an older person."""
    wanted = {
        "sex": ("female", "male")[number % 2],
        "ethnicity": ETHNICITIES[number // 2 % 4],
        "age": 58.0 + 20 * ((number * 0.618034) % 1),
        "beard": "none",
    }
    person = change(sample_person(wanted, 7000 + number))
    view = View(yaw=12.0 * (number % 3 - 1), expression=expression)
    return render(person, view, 256, quality, number).pixels


def read(picture: Picture, runtime: Runtime, pipeline: Pipeline) -> tuple[float, float]:
    """Age and P(female) as read; NaN where no face is found."""
    faces = find_faces([picture], runtime)
    if not len(faces):
        return float("nan"), float("nan")
    found = pipeline.annotate(faces.take([0]), runtime)
    sure = float(found["confidence.sex"][0])
    return float(found["age"][0]), sure if found["sex"][0] == "female" else 1 - sure


if __name__ == "__main__":
    main()
