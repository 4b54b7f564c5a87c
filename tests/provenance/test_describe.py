import csv
import io
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facewright.errors import UsageError
from facewright.provenance.describe import describe, file_fact
from facewright.provenance.published import FFHQ, GENERATED, LPFF
from facewright.provenance.publisher import Publisher

FILES = {"croissant.json", "DATASHEET.md", "LICENCES.md", "ATTRIBUTION.csv"}
MARK = "To be filled in by the publisher"


def parquet(table):
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def export(dataset, names):
    """Files of an export as the engine writes them: pictures and the sidecar."""
    faces = dataset.table().append_column("layout_name", pa.array(names, pa.string()))
    found = {
        name: bytes(dataset.image(face_id))
        for name, face_id in zip(names, dataset.face_ids, strict=True)
        if name
    }
    found["facewright/faces.parquet"] = parquet(faces)
    found["facewright/photos.parquet"] = parquet(dataset.photos.arrow)
    return found


def described(dataset, names=None, **options):
    names = names if names is not None else [f"images/{i}.png" for i in dataset.face_ids]
    files = [file_fact(name, data) for name, data in export(dataset, names).items()]
    return describe(dataset, files, "ffhq", names, **options)


@pytest.fixture(scope="module")
def documents(dataset):
    return described(dataset)


def test_the_four_files(documents):
    assert set(documents) == FILES
    for name in ("DATASHEET.md", "LICENCES.md"):
        text = documents[name].decode()
        assert text.startswith("# ")
        assert "Samples &amp; friends" in text.splitlines()[0]
        assert "\n\n\n" not in text
        assert not re.search(r"None\b(?! (is|beyond))", text)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what mlcroissant calls
def test_mlcroissant_validates_and_reads_all_records(dataset, tmp_path):
    mlcroissant = pytest.importorskip("mlcroissant")
    names = [f"images/{i}.png" for i in dataset.face_ids]
    files = export(dataset, names)
    facts = [file_fact(name, data) for name, data in files.items()]
    said = Publisher("A library", "a@example.org", "https://example.org/faces", "2026-01-02")
    files |= describe(dataset, facts, "ffhq", names, publisher=said, terms=(FFHQ,))
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    read = mlcroissant.Dataset(tmp_path / "croissant.json")
    assert not read.metadata.ctx.issues.errors
    assert not read.metadata.ctx.issues.warnings
    faces = list(read.records("faces"))
    assert [face["faces/layout_name"].decode() for face in faces] == names
    first = dataset.record(dataset.face_ids[0])
    yaw = faces[0]["faces/head_pose"]["faces/head_pose/yaw"]
    assert yaw == pytest.approx(first["head_pose"]["yaw"], abs=1e-4)
    assert len(faces[0]["faces/mesh"]) == 478
    assert len(faces[0]["faces/crops"]) == 2
    assert len(list(read.records("photos"))) == len(dataset.photos)


def test_the_croissant_says_what_is_sensitive(documents):
    about = json.loads(documents["croissant.json"])
    sensitive = " ".join(about["rai:personalSensitiveInformation"])
    for word in ("Gender", "Age", "Ethnicity", "Skin tone", "Biometric"):
        assert word in sensitive
    assert about["conformsTo"][0] == "http://mlcommons.org/croissant/1.0"
    assert about["license"] == ["https://creativecommons.org/publicdomain/mark/1.0/"]
    (pictures,) = [each for each in about["distribution"] if each["@type"] == "cr:FileSet"]
    assert pictures["includes"] == ["images/*.png"]


def test_counts_in_the_datasheet_are_those_of_the_data(dataset, documents):
    text = documents["DATASHEET.md"].decode()
    counts = dataset.manifest.counts
    assert f"- {len(dataset)} faces from {counts.photos_used} photos" in text
    assert "| photo: `no_face` | 2 | no face was found |" in text
    women = len(dataset.where("sex = 'female'"))
    assert f"| female | {women} |" in text
    assert "apparent" in text
    assert "`sex-age`" in text


def test_nothing_tells_where_the_dataset_was_made(dataset, documents):
    home = str(Path(dataset.root).parent)
    for name, data in documents.items():
        assert home not in data.decode(), name
        assert str(Path(__file__).parents[2]) not in data.decode(), name


def test_what_only_the_publisher_knows_is_marked_until_it_is_said(dataset, documents):
    bare = documents["DATASHEET.md"].decode().count(MARK)
    said = Publisher("A library", "a@example.org", "https://e.org", "2026-01-02", "To learn.")
    full = described(dataset, publisher=said)
    assert full["DATASHEET.md"].decode().count(MARK) < bare
    assert MARK in documents["LICENCES.md"].decode()
    assert MARK not in full["LICENCES.md"].decode()
    assert "a@example.org" in full["LICENCES.md"].decode()
    rows = list(csv.DictReader(io.StringIO(full["ATTRIBUTION.csv"].decode())))
    assert {row["removal_contact"] for row in rows} == {"a@example.org"}


def test_repeats_and_left_out_faces(dataset):
    first, second, third = dataset.face_ids[:3]
    chosen = dataset.select([first, first, second, third])
    found = described(chosen, ["a.png", "b.png", "", "c.png"])
    rows = list(csv.DictReader(io.StringIO(found["ATTRIBUTION.csv"].decode())))
    assert [(row["file"], row["face_id"]) for row in rows] == [
        ("a.png", first), ("b.png", first), ("c.png", third)
    ]  # fmt: skip
    text = found["DATASHEET.md"].decode()
    assert "- 3 faces from" in text
    assert "1 of these are repeats: 2 faces" in text or "1 of these is a repeat: 2 faces" in text


def test_names_must_fit(dataset):
    with pytest.raises(UsageError, match="1 names were given for"):
        describe(dataset, [], "ffhq", ["a"])


def test_terms_of_sets_are_told(dataset):
    found = described(dataset, terms=(FFHQ, LPFF))
    page = found["LICENCES.md"].decode()
    assert "CC BY-NC-SA 4.0" in page
    assert "as FFHQ and LPFF ask." in page
    assert "Cite LPFF" in page
    assert "**not allowed** for the dataset as a whole" in page
    about = json.loads(found["croissant.json"])
    assert about["license"] == ["https://creativecommons.org/licenses/by-nc-sa/4.0/"]
    assert "arXiv:1812.04948" in about["citeAs"]
    inside = described(dataset, terms=(GENERATED,))
    assert "**Only within the institution.**" in inside["LICENCES.md"].decode()
    assert "only within the institution" in inside["DATASHEET.md"].decode()


def test_the_same_data_give_the_same_bytes(dataset, documents):
    assert described(dataset) == documents


@dataclass
class Stand:
    """A dataset of tables in memory."""

    faces: object
    photos: object
    manifest: object
    root: Path = Path("hostile <b>|`set`")


@dataclass
class Held:
    arrow: pa.Table


def test_hostile_words_stay_words(dataset, make):
    evil = "</td><script>alert(1)</script> | [x](javascript:y) `a`\n# Head"
    shown = make(
        [
            {"licence": evil, "author": evil, "title": evil},
            {"licence": "CC BY-ND 2.0"},
            {
                "licence": "CC BY-NC 2.0",
                "licence_url": "https://creativecommons.org/licenses/by/2.0/",
            },
        ],
        [{"photo_id": str(i), "layout": None if i else "ffhq"} for i in range(3)],
    )
    manifest = dataset.manifest.model_copy(update={"layout": "ffhq", "annotators": ()})
    stand = Stand(Held(shown.faces), Held(shown.photos), manifest)
    files = [file_fact("images/0.png", b"")]
    found = describe(stand, files, "ffhq", shown.names)
    for name in ("DATASHEET.md", "LICENCES.md"):
        text = found[name].decode()
        assert "<script" not in text
        assert not re.search(r"(?<!\\)\]\(javascript", text)
        assert not re.search(r"^# Head", text, re.MULTILINE)
    page = found["LICENCES.md"].decode()
    assert "not as crops" in page
    assert "Take out 1 photo before this is passed on" in page
    assert "**Ask first**" in page
    assert "If they are those sets' own" in page
    assert "researchinquiries@nvidia.com" in page
    sheet = found["DATASHEET.md"].decode()
    assert "taken over and not estimated by Facewright" in sheet
    assert "No attribute is known of any face here." in sheet
    both = describe(stand, [], "ffhq", shown.names, terms=(FFHQ, LPFF))["ATTRIBUTION.csv"].decode()
    contacts = [row["removal_contact"] for row in csv.DictReader(io.StringIO(both))]
    assert contacts == [FFHQ.removal, "", ""]
    bare = describe(stand, [], "ffhq-features", shown.names)
    assert "No picture is in it" in bare["LICENCES.md"].decode()
    assert "- No pictures: records only." in bare["DATASHEET.md"].decode()
    assert bare["ATTRIBUTION.csv"].count(b"no picture") == 3
    mine = describe(replace(stand), [], "ffhq", shown.names, terms=())
    assert "FFHQ" not in mine["LICENCES.md"].decode()
