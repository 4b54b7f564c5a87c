import pytest

from facewright.provenance.composition import distributions, several_a_photo, sizes
from facewright.provenance.facts import Facts
from facewright.record import Record
from facewright.schema import to_table


def test_distributions_count_every_face_once():
    columns = {
        "sex": ["female", None, "male", "male"],
        "age": [0.0, 9.0, 10.0, None],
        "apparent_ethnicity": ["unknown", "black", None, "black"],
        "emotion.anger": [0.9, None, 0.2, 0.5],
        "emotion.neutral": [0.1, None, 0.8, 0.5],
        "head_pose.yaw": [-50.0, 14.9, 15.0, 80.0],
        "skin_tone.monk": [10, 2, 2, None],
        "crops": [[], [], [], []],
    }
    found = {each.column: each for each in distributions(to_table(Record, columns, 4))}
    assert all(each.known + each.unknown == 4 for each in found.values())
    assert found["sex"].counts == {"female": 1, "male": 2}
    assert found["age"].counts == {"0 to under 10": 2, "10 to under 20": 1}
    assert found["apparent_ethnicity"].counts == {"black": 2}
    assert found["emotion"].counts == {"anger": 2, "neutral": 1}
    assert list(found["skin_tone.monk"].counts) == ["2", "10"]
    assert found["head_pose.yaw"].counts == {
        "0 to under 15": 1, "15 to under 30": 1, "45 to under 60": 1, "75 or more": 1
    }  # fmt: skip
    assert found["glasses"].known == 0


def test_pictures_are_those_that_go_out(make, a_crop):
    faces = make([{}], [{"crops": [a_crop(), a_crop("eg3d", 512)]}, {"crops": []}]).faces
    assert sizes(faces, None) == {("ffhq", 1024, "png"): 1}
    assert sizes(faces, "eg3d") == {("eg3d", 512, "png"): 1}
    assert sizes(faces, "eg3d:64") == {}


def test_several_faces_of_a_photo():
    assert several_a_photo([0, 0, 1, -1, -1, 2, 2, 2]) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("folder /home/ann/my photos", "folder my photos"),
        ("layout ffhq in /srv/data/ffhq.zip", "layout ffhq in ffhq.zip"),
        ("list C:\\Users\\ann\\list.csv", "list list.csv"),
        ("folder photos", "folder photos"),
        ("Parquet file /a b/x.parquet, column image", "Parquet file x.parquet, column image"),
    ],
)
def test_the_source_is_told_without_its_folders(dataset, said, told):
    manifest = dataset.manifest.model_copy(update={"source": said})
    facts = Facts.__new__(Facts)
    object.__setattr__(facts, "manifest", manifest)
    assert facts.source == told
