import io
import json
import tarfile

import pytest
import webdataset
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from facewright.engine.importing import recognise
from facewright.errors import UsageError
from facewright.layouts import webdataset as module
from facewright.layouts.seam.tree import Tree
from helpers.exchange import content, exported, imported, items, pictures, problems, records

NOT_IN_JSON = ("mesh", "embedding", "null_reasons", "crops")


def png(colour=(200, 10, 10), size=(32, 24)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def write_tar(path, members):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def sample(key, record, **others):
    members = [(f"{key}.png", png()), (f"{key}.json", json.dumps(record).encode())]
    return members + [(f"{key}.{suffix}", data) for suffix, data in others.items()]


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # it leaves files open
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_library_reads_what_is_written(dataset, tmp_path):
    out = exported(dataset, "webdataset", tmp_path / "out")
    urls = str(out / "00000.tar")
    found = list(webdataset.WebDataset(urls, shardshuffle=False).decode("rgb8"))
    assert [each["__key__"] for each in found] == dataset.face_ids
    assert [each["json"]["age"] for each in found] == [record["age"] for record in dataset]
    assert found[0]["png"].shape == (128, 128, 3)
    assert found[0]["json"]["photo"]["licence"] == "Public domain (US Government work)"
    assert len(found[0]["json"]["crop"]["quad"]) == 8


def test_the_sidecar_gives_back_whole_records(dataset, tmp_path):
    out = exported(dataset, "webdataset", tmp_path / "out")
    again = imported(out, "webdataset", tmp_path / "again")
    assert records(again, "crops") == records(dataset, "crops")
    assert pictures(again) == pictures(dataset)


def test_without_a_sidecar_the_json_gives_records_photos_and_places(dataset, tmp_path):
    out = exported(dataset, "webdataset", tmp_path / "out", bare=True)
    again = imported(out, "auto", tmp_path / "again")
    assert records(again, *NOT_IN_JSON) == records(dataset, *NOT_IN_JSON)
    assert pictures(again) == pictures(dataset)
    assert (
        again.record("group_02")["crops"][0]["quad"]
        == (dataset.record("group_02")["crops"][0]["quad"])
    )
    told = {row["photo_id"]: row for row in again.photos.to_pylist()}
    for row in dataset.photos.to_pylist():
        if row["status"] == "used":
            same = ("width", "height", "sha256", "author", "licence", "licence_url", "faces")
            assert {n: told[row["photo_id"]][n] for n in same} == {n: row[n] for n in same}


def test_faces_of_one_photo_meet_again_wherever_they_lie(dataset, tmp_path):
    mixed = dataset.select(["group_02", "astronaut_01", "group_01"])
    out = exported(mixed, "webdataset", tmp_path / "out")
    group, astronaut = items(out, "webdataset")
    assert (group.photo_id, astronaut.photo_id) == ("group", "astronaut")
    assert [face.face_id for face in group.faces] == ["group_01", "group_02"]


def test_a_repeated_face_has_a_name_and_an_id_of_its_own(dataset, tmp_path):
    out = exported(dataset.select(["group_02"] * 3), "webdataset", tmp_path / "out", bare=True)
    (photo,) = items(out, "webdataset")
    assert [face.name for face in photo.faces] == [
        "00000.tar/group_02.png",
        "00000.tar/group_02~2.png",
        "00000.tar/group_02~3.png",
    ]
    assert [face.face_id for face in photo.faces] == ["group_02", "group_04", "group_05"]


def test_shards_are_closed_by_number_and_by_size(dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FACES", 2)
    ids = dataset.face_ids
    out = exported(dataset, "webdataset", tmp_path / "number")
    assert len(list(out.glob("*.tar"))) == -(-len(ids) // 2)
    monkeypatch.setattr(module, "BYTES", 1)
    out = exported(dataset, "webdataset", tmp_path / "size")
    assert [p.name for p in sorted(out.glob("*.tar"))] == [f"{n:05d}.tar" for n in range(len(ids))]


def test_equal_datasets_give_equal_bytes(dataset, tmp_path):
    first = exported(dataset, "webdataset", tmp_path / "first")
    second = exported(dataset, "webdataset", tmp_path / "second")
    assert content(first) == content(second)


def test_resized_pictures_keep_their_place_in_the_photo(dataset, tmp_path):
    out = exported(dataset, "webdataset", tmp_path / "out", size=64, bare=True)
    again = imported(out, "webdataset", tmp_path / "again")
    crop, old = (d.record("astronaut_01")["crops"][0] for d in (again, dataset))
    assert (crop["size"], crop["quad"]) == (64, old["quad"])
    assert again.image("astronaut_01").numpy().shape == (64, 64, 3)
    with pytest.raises(UsageError, match="pixels a side"):
        exported(dataset, "webdataset", tmp_path / "none", size=0)


def test_anybodys_shards_are_read(tmp_path):
    record = {"age": 31, "caption": "a face", "license": "CC0-1.0", "url": "https://x.org/1.jpg"}
    members = [
        *sample("a/0001", record, txt=b"hello", npy=b"\x93NUMPY"),
        ("a/0001.seg.png", png((1, 2, 3))),
        ("__index__/x.json", b"{}"),
        *sample("a/0000", {"age": "young", "embedding": [0.5, 0.5]}),
    ]
    write_tar(tmp_path / "set" / "part-0.tar", members)
    assert recognise(Tree(tmp_path / "set")).name == "webdataset"
    first, second = items(tmp_path / "set", "webdataset")
    assert (first.photo_id, second.photo_id) == ("a-0001", "a-0000")
    face = first.faces[0]
    assert face.columns == {"age": 31}
    assert face.extra == {
        "caption": "a face",
        "members": {"txt": "hello"},
        "other_members": ["a/0001.npy", "a/0001.seg.png"],
    }
    assert first.columns == {"licence": "CC0-1.0", "source_url": "https://x.org/1.jpg"}
    assert second.faces[0].columns == {}
    assert second.faces[0].extra == {"age": "young", "embedding": [0.5, 0.5]}
    assert "'age' cannot be 'young'" in second.columns["notes"][0]
    again = imported(tmp_path / "set", "webdataset", tmp_path / "again")
    assert again.record("a-0001_01")["age"] == 31
    assert json.loads(again.record("a-0000_01")["origin"]["extra"])["age"] == "young"


def test_a_dataset_of_ours_is_not_taken_for_it(dataset):
    assert not module.WEBDATASET.recognises(Tree(dataset.root))


def test_equal_keys_of_several_tars_are_several_photos(tmp_path):
    for number in range(2):
        write_tar(tmp_path / "set" / f"{number}.tar", sample("000", {"age": number}))
    found = items(tmp_path / "set", "webdataset")
    assert [item.photo_id for item in found] == ["0-000", "1-000"]


def test_a_single_tar_and_tars_in_a_zip_are_read(dataset, tmp_path):
    out = exported(dataset, "webdataset", tmp_path / "out", bare=True)
    assert recognise(Tree(out / "00000.tar")).name == "webdataset"
    single = imported(out / "00000.tar", "webdataset", tmp_path / "single")
    assert pictures(single) == pictures(dataset)
    exported(dataset, "webdataset", tmp_path / "out.zip")
    zipped = imported(tmp_path / "out.zip", "webdataset", tmp_path / "zipped")
    assert records(zipped, "crops") == records(dataset, "crops")


OURS = {"face_id": "p_01", "photo_id": "p"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "must hold an object, not a list"),
        ("{", "JSON"),
        ('{"age": NaN}', "NaN"),
        ('{"age": 1, "age": 2}', "'age' comes twice"),
        ('{"title": "\\ud800"}', "surrogate"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "too deeply"),
        ('{"a":' + "[" * 200 + "]" * 200 + "}", "'a' is nested too deeply"),
        (json.dumps({**OURS, "age": "old"}), "'age' cannot be 'old'"),
        (json.dumps({**OURS, "age": 1e300}), "'age' cannot be 1e+300"),
        (json.dumps({**OURS, "sex": "x"}), "'sex' cannot be 'x'"),
        (json.dumps({**OURS, "rectangle": [1]}), "'rectangle' cannot be [1]"),
        (json.dumps({**OURS, "crop": [1]}), "'crop' must be an object"),
        (json.dumps({**OURS, "crop": {"quad": [1, 2]}}), "8 numbers"),
        (json.dumps({**OURS, "crop": {"alignment": "../../x"}}), "'crop.alignment'"),
        (json.dumps({**OURS, "photo": {"width": "9"}}), "'photo.width' cannot be '9'"),
        (json.dumps({**OURS, "photo_id": "q"}), "'face_id'"),
    ],
)
def test_a_bad_record_excludes_its_sample_only(tmp_path, text, said):
    members = [("0.png", png()), ("0.json", text.encode()), *sample("1", {"age": 3})]
    write_tar(tmp_path / "set" / "0.tar", members)
    found = items(tmp_path / "set", "webdataset")
    reason, detail = problems(found)["0.tar/0.png"]
    assert reason == "bad_entry"
    assert said in detail
    assert "0.tar/0.json" in detail
    assert len(found) == 2
    report = imported(tmp_path / "set", "webdataset", tmp_path / "again")
    assert report.face_ids == ["1_01"]


def test_members_that_lead_outside_or_have_no_picture_are_named(tmp_path):
    members = [("../x.png", png()), ("2.json", b"{}"), ("README", b"hi"), *sample("1", {})]
    write_tar(tmp_path / "set" / "0.tar", members)
    again = imported(tmp_path / "set", "webdataset", tmp_path / "again")
    told = {row["key"]: row["reason"] for row in again.photos.to_pylist()}
    assert told["0.tar/../x.png"] == "escapes"
    assert told["0.tar/2"] == "missing"
    assert told["0.tar/README"] == "bad_entry"
    assert not (tmp_path / "x.png").exists()


def test_a_tar_that_is_cut_off_says_so(dataset, tmp_path):
    out = exported(dataset, "webdataset", tmp_path / "out", bare=True)
    data = (out / "00000.tar").read_bytes()
    (out / "00000.tar").write_bytes(data[: len(data) // 2])
    again = imported(out, "webdataset", tmp_path / "again")
    assert 0 < len(again) < len(dataset)
    assert "truncated" in {row["reason"] for row in again.photos.to_pylist()} | {"unreadable"}


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=8))
def test_stems_are_unique_and_hold_no_dot_or_slash(ids):
    from facewright.layouts.common.faces_written import Stems

    stems = Stems()
    made = [stems.take(face_id) for face_id in ids]
    assert len(set(made)) == len(ids)
    assert not any("." in stem or "/" in stem for stem in made)
