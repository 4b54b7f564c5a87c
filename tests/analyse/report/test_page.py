"""The page as a browser would take it: whole, alone, and safe."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from facewright.analyse.report.measure import Measured, measure
from facewright.analyse.report.page.whole import page
from facewright.analyse.report.study import Settings
from facewright.attributes.face_table import FaceTable
from facewright.engine.tabling import open_table
from facewright.store.dataset import Dataset

VOID = {"meta", "img", "br", "rect", "path", "circle"}


class Page(HTMLParser):
    """Checks that elements nest, and remembers what was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.said.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.said))


def parsed(measured: Measured) -> Page:
    seen = Page()
    seen.feed(page(measured))
    seen.close()
    assert seen.open == []
    return seen


@pytest.fixture(scope="module")
def seen(dataset_root: Path) -> Page:
    return parsed(measure([FaceTable.of(Dataset.open(dataset_root))], Settings()))


def test_it_loads_nothing_and_runs_nothing(seen: Page) -> None:
    for tag in ("script", "link", "iframe", "object"):
        assert not seen.all(tag)
    for tag, attributes in seen.elements:
        assert not any(key.startswith("on") for key in attributes), tag
        assert str(attributes.get("src", "data:")).startswith("data:")
        assert tag != "a" or str(attributes["href"]).startswith("#")
    policy = next(one for one in seen.all("meta") if one.get("http-equiv"))
    assert str(policy["content"]).startswith("default-src 'none'")


def test_contents_lead_to_sections_that_are_there(seen: Page) -> None:
    targets = {str(one["href"])[1:] for one in seen.all("a")}
    identities = [str(one["id"]) for _, one in seen.elements if "id" in one]
    assert targets <= set(identities)
    assert len(identities) == len(set(identities))
    assert {"essentials", "crossing", "people", "density", "pairs", "makers"} <= targets


def test_every_table_says_what_it_is(seen: Page) -> None:
    assert len(seen.all("caption")) == len(seen.all("table"))
    assert all("scope" in one for one in seen.all("th"))
    assert all(one.get("aria-label") for one in seen.all("svg") if one.get("role") == "img")


def test_faces_plots_and_numbers_are_in_it(seen: Page) -> None:
    assert any(str(one["alt"]).startswith("Face ") for one in seen.all("img"))
    assert len([one for one in seen.all("svg") if one.get("role") == "img"]) == 2
    assert "Largest gap:" in seen.text
    assert "FFHQ 0.4" in seen.text
    assert "apparent and estimated" in seen.text


def bare(path: Path, rows: list[str]) -> FaceTable:
    path.write_text("\n".join(rows) + "\n")
    return open_table(path)


def test_hostile_names_and_values_stay_text(tmp_path: Path) -> None:
    bad = "</td><script>alert(1)</script><img src=x onerror=alert(2)>"
    rows = ['<b>col</b>,"other ""quoted"" & co"', *[f"{bad},a\u202eb", f"{bad},c"] * 20]
    found = measure([bare(tmp_path / "<i>set & co.csv", rows)], Settings())
    seen = parsed(found)
    assert not seen.all("script")
    assert not seen.all("img")
    assert bad in seen.text
    assert "\u202e" not in seen.text
    assert "a\\u202eb" in seen.text


def test_several_datasets_lie_side_by_side(tmp_path: Path) -> None:
    rows = ["sex,age,head_pose.yaw,head_pose.pitch"]
    first = bare(tmp_path / "mine.csv", [*rows, *["female,30,5,1", "male,50,-20,3"] * 30])
    second = bare(tmp_path / "theirs.csv", [*rows, *["male,30,1,-10", "male,70,40,2"] * 30])
    seen = parsed(measure([first, second], Settings()))
    assert {"apart", "crossing"} <= {str(one["href"])[1:] for one in seen.all("a")}
    badges = [one for tag, one in seen.elements if tag == "b" and "badge" in str(one.get("class"))]
    assert {str(one["class"]) for one in badges} == {"badge s0", "badge s1"}
    assert "mine.csv and theirs.csv differ most in" in seen.text
    assert len([one for one in seen.all("svg") if one.get("role") == "img"]) == 4


@pytest.mark.parametrize("rows", [["sex,age", "female,30"], ["sex", '""', '""'], ["x,y", "1,2"]])
def test_little_is_a_page_too(tmp_path: Path, rows: list[str]) -> None:
    assert "faces counted" in parsed(measure([bare(tmp_path / "t.csv", rows)], Settings())).text


def test_an_empty_dataset_is_a_page_too(empty_dataset: Dataset) -> None:
    said = parsed(measure([FaceTable.of(empty_dataset)], Settings())).text
    assert "There is no face to count." in said


def test_a_users_density_is_the_reference(tmp_path: Path) -> None:
    stats = pytest.importorskip("scipy.stats")
    import pickle

    import numpy as np

    random = np.random.default_rng(0)
    kde: Any = stats.gaussian_kde(random.normal(np.pi / 2, 0.2, (2, 50)))
    path = tmp_path / "kde.pkl"
    path.write_bytes(pickle.dumps(kde))
    told = bare(tmp_path / "t.csv", ["head_pose.yaw,head_pose.pitch", *["3,4", "-5,6", "8,1"]])
    measured = measure([told], Settings(kde=path))
    assert measured.report.sets[0].pose is not None
    assert measured.report.sets[0].pose.reference == "kde.pkl (50 poses)"
    assert "kde.pkl 0.4" in parsed(measured).text
