import json

import pyarrow as pa
import pytest

from facewright.provenance.croissant import RecordFile, croissant
from facewright.provenance.croissant_fields import described, fields
from facewright.provenance.croissant_files import MOST_FILES, FileFact, divided, mime_of
from facewright.provenance.licences import CC0
from facewright.provenance.publisher import Publisher
from facewright.record import Photo, Record
from facewright.schema import arrow_schema


def fact(path, sha256="0" * 64):
    return FileFact(path, sha256, 10, mime_of(path))


def test_pictures_are_sets_and_tables_are_files():
    files = [fact(f"images/0000{i}/{i}.png", None) for i in range(3)]
    files += [fact("images/top.png", None), fact("dataset.json"), fact("facewright/faces.parquet")]
    named, sets = divided(files)
    assert [file.path for file in named] == ["dataset.json", "facewright/faces.parquet"]
    (pictures,) = sets
    assert pictures["includes"] == ["images/**/*.png", "images/*.png"]
    assert pictures["encodingFormat"] == "image/png"
    assert pictures["description"] == "4 files, 40 bytes"


def test_many_files_are_sets_even_when_their_hashes_are_known():
    named, sets = divided([fact(f"json/{i:05d}.json") for i in range(MOST_FILES + 1)])
    assert named == []
    assert sets[0]["includes"] == ["json/*.json"]
    named, sets = divided([fact(f"{i:05d}/img.png", None) for i in range(50)])
    assert [each["includes"] for each in sets] == [["**/*.png"]]


def test_every_leaf_of_the_record_has_a_type_but_maps():
    def walk(found):
        for field in found:
            if "subField" in field:
                yield from walk(field["subField"])
            else:
                assert field["dataType"].startswith("sc:")
                yield field["@id"]

    for model in (Record, Photo):
        schema = arrow_schema(model)
        ids = list(walk(fields(schema, "r", "f")))
        assert len(ids) == len(set(ids))
        maps = {column.name for column in schema if pa.types.is_map(column.type)}
        assert {i.split("/")[1] for i in ids} == set(schema.names) - maps
    assert described("head_pose").startswith("Head rotation in degrees")
    assert described("age") == "apparent age, whole years [years]"


def test_what_the_publisher_did_not_say_is_left_out():
    bare = croissant("n", "d", [], licences=[CC0])
    assert {"url", "creator", "datePublished", "recordSet"}.isdisjoint(bare)
    said = croissant(
        "n", "d", [], publisher=Publisher("Me", url="https://e.org", date="2026-01-02")
    )
    assert said["creator"]["name"] == "Me"
    assert said["datePublished"] == "2026-01-02"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what mlcroissant calls
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_flat_tables_are_read_by_mlcroissant(tmp_path, kind):
    mlcroissant = pytest.importorskip("mlcroissant")
    import hashlib

    rows = [{"file": "a.png", "head_pose.yaw": 1.5, "sex": "female"}]
    text = "file,head_pose.yaw,sex\na.png,1.5,female\n"
    data = (text if kind == "csv" else "\n".join(map(json.dumps, rows))).encode()
    (tmp_path / f"faces.{kind}").write_bytes(data)
    schema = pa.schema({"file": pa.string(), "head_pose.yaw": pa.float32(), "sex": pa.string()})
    about = croissant(
        "flat",
        "d",
        [fact(f"faces.{kind}", hashlib.sha256(data).hexdigest())],
        [RecordFile(f"faces.{kind}", "faces", "faces", schema, key="file")],
        licences=[CC0],
    )
    (tmp_path / "croissant.json").write_text(json.dumps(about))
    dataset = mlcroissant.Dataset(tmp_path / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    assert list(dataset.records("faces")) == [
        {"faces/file": b"a.png", "faces/head_pose.yaw": 1.5, "faces/sex": b"female"}
    ]
