import io
import json
import tarfile

import pytest

from facewright import Dataset
from facewright.engine.exporting import export_layout
from facewright.engine.importing import import_layout

FACE = (
    '{"faceId":"866db6af-66ee-4828-b565-994f42571d2f","faceRectangle":{"top":42,"left":32,'
    '"width":63,"height":63},"faceAttributes":{"smile":0.003,"headPose":{"pitch":5.4,"roll":-0.0,'
    '"yaw":15.3},"gender":"female","age":0.0,"facialHair":{"moustache":0.0,"beard":0.1,'
    '"sideburns":0.0},"glasses":"NoGlasses","emotion":{"anger":0.0,"contempt":0.0,"disgust":0.0,'
    '"fear":0.0,"happiness":0.003,"neutral":0.993,"sadness":0.003,"surprise":0.0},"blur":'
    '{"blurLevel":"medium","value":0.55},"exposure":{"exposureLevel":"goodExposure","value":0.6},'
    '"noise":{"noiseLevel":"medium","value":0.44},"makeup":{"eyeMakeup":false,"lipMakeup":true},'
    '"accessories":[{"type":"headwear","confidence":0.99}],"occlusion":{"foreheadOccluded":false,'
    '"eyeOccluded":false,"mouthOccluded":false},"hair":{"bald":0.07,"invisible":true,'
    '"hairColor":[]}}}'
).replace('"roll":-0.0', '"roll":-1.5')


@pytest.fixture
def folder(tmp_path):
    files = {
        "00000": f"[{FACE}]",
        "00001": "[]",
        "00002": f"[{FACE},{FACE.replace('866db6af', '966db6af')}]",
    }
    place = tmp_path / "features" / "json"
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / f"{name}.json").write_text(text)
    return place.parent


def files_of(folder):
    return {path.name: path.read_bytes() for path in (folder / "json").iterdir()}


def test_what_is_read_is_written_byte_for_byte(folder, tmp_path):
    report = import_layout("auto", folder, tmp_path / "dataset", workers=1)
    assert (report.counts.photos, report.counts.faces) == (3, 3)
    assert report.counts.photos_excluded == {"no_face": 1}
    dataset = Dataset.open(tmp_path / "dataset")
    export_layout(dataset, "ffhq-features", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(folder)


def test_fields_arrive_under_their_own_names(folder, tmp_path):
    import_layout("ffhq-features", folder, tmp_path / "dataset", workers=1)
    record = Dataset.open(tmp_path / "dataset").record("00002_02")
    assert record["rectangle"] == {"left": 32, "top": 42, "width": 63, "height": 63}
    assert record["sex"] == "female"
    assert record["head_pose"] == {"pitch": 5.4, "roll": -1.5, "yaw": 15.3}
    assert record["makeup"] == {"eye": False, "lip": True}
    assert record["hair"]["color"] is None
    assert record["eye_color"] is None
    assert "ffhq-features does not state" in record["null_reasons"]["eye_color"]
    assert json.loads(record["origin"]["extra"])["faceId"].startswith("966db6af")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}", "list of faces"),
        ("[3]", "must be an object"),
        ("[{}]", "faceRectangle"),
        (f"[{FACE}]".replace('"age":0.0', '"age":"old"'), "faceAttributes.age"),
        (f"[{FACE}]".replace('"age":0.0,', ""), "faceAttributes.age' is missing"),
        (f"[{FACE}]".replace('"age":0.0', '"age":NaN'), "NaN"),
        (f"[{FACE}]".replace('"age":0.0', '"age":0.0,"age":1.0'), "twice"),
        (f"[{FACE}]".replace('"age":0.0', '"age" : 0.0, "age":1.0'), "twice"),
        (f"[{FACE}]".replace('"type":', '"type":"hat","type":'), "twice"),
        (f"[{FACE}]".replace('"width":63', '"width":6e99'), "width"),
        (f"[{FACE}]".replace('"glasses":"NoGlasses"', '"glasses":["x"]'), "glasses"),
        (f"[{FACE}]".replace('"hairColor":[]', '"hairColor":[7]'), "hair.color"),
        (f"[{FACE}", "JSON"),
    ],
)
def test_a_file_that_is_wrong_is_excluded_by_name_and_key(folder, tmp_path, text, says):
    (folder / "json" / "00001.json").write_text(text)
    report = import_layout("ffhq-features", folder, tmp_path / "dataset", workers=1)
    assert report.counts.photos_excluded == {"bad_entry": 1}
    (bad,) = (
        row
        for row in Dataset.open(tmp_path / "dataset").photos.to_pylist()
        if row["status"] == "excluded"
    )
    assert bad["key"] == "json/00001.json"
    assert says in bad["detail"]
    assert report.counts.faces == 3


@pytest.mark.slow
def test_the_published_files_come_back_identical(tmp_path, shared):
    archive = shared / "data" / "ffhq-features-json.tar.xz"
    report = import_layout("ffhq-features", archive, tmp_path / "dataset")
    assert (report.counts.photos, report.counts.faces) == (70_000, 69_541)
    assert report.counts.photos_excluded == {"no_face": 529}
    export_layout(Dataset.open(tmp_path / "dataset"), "ffhq-features", tmp_path / "again")
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile():
                file = tar.extractfile(member)
                assert isinstance(file, io.BufferedReader)
                written = tmp_path / "again" / "json" / member.name.rpartition("/")[2]
                assert written.read_bytes() == file.read(), member.name
