from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from facewright.analyse.summary import page, write_summary
from facewright.errors import StorageError
from facewright.record import PHOTO_REASONS, Photo
from facewright.store.dataset import Dataset
from facewright.store.manifest import Manifest

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Checks that elements nest, and remembers what was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.said: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        self._in_cell = tag in {"td", "th"} or (self._in_cell and tag != "tr")
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in {"td", "th"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.said.append(data)
        if self._in_cell:
            self.rows[-1][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.said))


def parsed(html: str) -> Page:
    seen = Page()
    seen.feed(html)
    seen.close()
    assert seen.open == []
    return seen


@pytest.fixture(scope="module")
def seen(dataset_root: Path) -> Page:
    return parsed(page(Dataset.open(dataset_root)))


def test_headline_counts(seen: Page) -> None:
    for words in (
        "photos read 5",
        "photos used 3 60.0 %",
        "photos excluded 2 40.0 %",
        "faces found 7",
        "faces kept 6 85.7 %",
        "faces dropped 1 14.3 %",
    ):
        assert words in seen.text


def test_tables_hold_counts_and_shares_with_unknown_named(seen: Page) -> None:
    assert ["female", "", "3", "50.0 %"] in seen.rows
    assert ["30 to 40", "", "1", "16.7 %"] in seen.rows
    assert seen.rows.count(["unknown", "", "1", "16.7 %"]) >= 8


def test_losses_name_reasons_meanings_and_files(seen: Page) -> None:
    files = "photos/coffee.png, photos/rocket.jpg"
    assert ["no_face", PHOTO_REASONS["no_face"], "2", files] in seen.rows
    assert any(row[0] == "min_face_size" and row[2:] == ["1", "group_05"] for row in seen.rows)


def test_credits_makers_limits_and_notice(seen: Page, dataset_root: Path) -> None:
    manifest = Manifest.load(dataset_root)
    assert ["NASA", "Public domain (US Government work)", "1", "photos/astronaut.png"] in seen.rows
    hashed = manifest.annotators[0].models[0].sha256
    assert any(hashed[:12] in row[1] for row in seen.rows if row[0].startswith("detector"))
    assert manifest.notice in seen.text
    assert "Drawn, sculpted and printed faces are found as faces." in seen.text
    assert "ffhq-fast:256" in seen.text


def test_faces_are_pictures_with_alternative_texts(seen: Page) -> None:
    pictures = seen.all("img")
    assert [one["alt"] for one in pictures][:2] == ["Face astronaut_01", "Face grace_hopper_01"]
    assert len(pictures) == 6
    kind, _, data = str(pictures[0]["src"]).partition(",")
    assert kind == "data:image/webp;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.size == (128, 128)
        assert np.asarray(picture).std() > 20
    assert "f 34±5, happiness .93" in seen.text


def test_nothing_is_loaded_and_nothing_runs(seen: Page) -> None:
    assert not seen.all("script")
    assert not seen.all("link")
    for tag, attributes in seen.elements:
        assert not any(key.startswith("on") for key in attributes), tag
        assert tag == "a" or "href" not in attributes
        assert str(attributes.get("src", "data:")).startswith("data:")
    policy = next(one for one in seen.all("meta") if one.get("http-equiv"))
    assert str(policy["content"]).startswith("default-src 'none'")


def test_tables_are_accessible(seen: Page) -> None:
    assert len(seen.all("caption")) == len(seen.all("table"))
    assert all("scope" in one for one in seen.all("th"))
    assert {"lang": "en"} in seen.all("html")


def test_sample_links_are_web_links(seen: Page) -> None:
    addresses = [str(one["href"]) for one in seen.all("a")]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)


def hostile_photo(number: int, **fields: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(Photo.model_fields),
        "photo_id": f"p{number}",
        "key": f"{number}.jpg",
        "status": "used",
        "faces": 0,
        "notes": [],
        **fields,
    }


def test_hostile_text_stays_text(tmp_path: Path, tables: Any) -> None:
    bad = "</td><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202egpj.exe"
    photos = [
        hostile_photo(
            1, author=bad, licence=bad, licence_url="javascript:alert(3)", source_url="data:x"
        ),
        hostile_photo(2, key=bad, status="excluded", reason="corrupt"),
        hostile_photo(3, author="محمد", licence="$notice ${x} CC0"),
    ]
    root = tmp_path / "<b>set & co"
    tables(root, photos, {}, 0, source=f"folder {bad}")
    seen = parsed(page(Dataset.open(root)))
    assert not seen.all("script")
    assert not seen.all("img")
    assert not seen.all("a")
    shown = bad.replace("\u202e", "\\u202e")
    assert [shown, shown, "1", "1.jpg"] in seen.rows
    assert ["corrupt", PHOTO_REASONS["corrupt"], "1", shown] in seen.rows
    assert ["محمد", "$notice ${x} CC0", "1", "3.jpg"] in seen.rows
    assert "<b>set & co" in seen.text


def test_an_unstated_author_is_said_to_be(tmp_path: Path, tables: Any) -> None:
    tables(tmp_path / "set", [hostile_photo(1)], {}, 0)
    rows = parsed(page(Dataset.open(tmp_path / "set"))).rows
    assert ["not stated", "not stated", "1", "1.jpg"] in rows


def test_an_empty_dataset_has_a_page(empty_dataset: Dataset, tmp_path: Path) -> None:
    write_summary(empty_dataset, tmp_path / "a.html")
    seen = parsed((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert "photos read 0" in seen.text
    assert "No face was kept." in seen.text
    assert "No photo was excluded." in seen.text


def test_a_dataset_being_built_says_so(dataset_root: Path, tmp_path: Path) -> None:
    manifest = Manifest.load(dataset_root)
    building = manifest.model_copy(update={"state": "building", "chunks": 3})
    root = tmp_path / "begun"
    root.mkdir()
    building.save(root)
    seen = parsed(page(Dataset.open(root)))
    assert "still being built: 0 of 3 chunks" in seen.text
    assert "Nothing is committed yet." in seen.text


def test_a_place_that_cannot_be_written(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_summary(dataset, tmp_path / "no" / "folder" / "a.html")
