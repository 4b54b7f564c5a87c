import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.record import BLENDSHAPE_NAMES, Photo, Record
from facewright.schema import arrow_schema, leaves, to_table
from facewright.store.jsonrecord import record_rows

GIVEN = {"face_id": ["a"], "photo_id": ["p"], "index": np.array([1]), "kept": np.array([True])}


def row(**columns):
    table = to_table(Record, {**GIVEN, **columns}, 1)
    return record_rows(table, Record)[0]


def test_every_leaf_of_the_record_has_an_arrow_type_and_a_place():
    schema = arrow_schema(Record)
    for path, _ in leaves(Record):
        kind: pa.DataType = schema
        for name in path.split("."):
            kind = kind.field(name) if isinstance(kind, pa.Schema) else kind.type.field(name)
        assert kind.type != pa.null()
    assert schema.field("embedding").type == pa.list_(pa.float16(), 1024)
    assert schema.field("mesh").type == pa.list_(pa.list_(pa.float32(), 3), 478)
    assert schema.field("camera").type == pa.list_(pa.float32(), 25)
    assert [f.name for f in schema.field("blendshapes").type] == list(BLENDSHAPE_NAMES)
    assert len(BLENDSHAPE_NAMES) == 52
    assert sum(t.list_size for t in (f.type for f in schema.field("landmarks").type)) == 68


def test_the_json_schema_names_units_and_meanings():
    properties = Record.model_json_schema()["properties"]
    assert properties["age"]["unit"] == "years"
    assert "female" in str(properties["sex"])
    assert "sha256" in Photo.model_json_schema()["properties"]


def test_unknown_is_null_never_a_default():
    record = row()
    for name in ("age", "sex", "mesh", "embedding", "accessories"):
        assert record[name] is None
    assert record["head_pose"] == {"pitch": None, "roll": None, "yaw": None}
    assert record["crops"] == []
    assert record["null_reasons"] == {}


@given(st.floats(-180, 180))
def test_floats_keep_the_decimals_of_their_definition(yaw):
    record = row(**{"head_pose.yaw": np.array([yaw])})
    assert record["head_pose"]["yaw"] == round(record["head_pose"]["yaw"], 1)
    assert abs(record["head_pose"]["yaw"] - yaw) <= 0.05 + 1e-5


def test_a_list_of_floats_keeps_the_decimals_of_its_definition():
    label = np.linspace(-2.7, 4.2647, 25) / 3
    columns = {"camera": np.stack([label, np.full(25, np.nan)]), "camera_density": np.ones(2) / 3}
    given = {name: list(value) * 2 for name, value in GIVEN.items()}
    found = record_rows(to_table(Record, {**given, **columns}, 2), Record)
    assert found[0]["camera"] == np.round(label, 6).tolist()
    assert found[0]["camera_density"] == 0.3333
    assert found[1]["camera"] is None


def test_nan_becomes_null_in_every_kind_of_column():
    record = row(
        age=np.array([np.nan]),
        mesh=np.full((1, 478, 3), np.nan),
        embedding=np.full((1, 1024), np.nan, np.float16),
        null_reasons=[{"age": "the picture is grey"}],
    )
    assert record["age"] is record["mesh"] is record["embedding"] is None
    assert record["null_reasons"] == {"age": "the picture is grey"}


def test_a_column_that_is_no_field_is_refused():
    with pytest.raises(KeyError, match="not a field of Record"):
        to_table(Record, {"head_pose.jaw": np.array([1.0])}, 1)


def test_user_made_fields_come_last():
    extra = [pa.field("hat", pa.struct([("label", pa.string())]))]
    table = to_table(Record, {**GIVEN, "hat": [{"label": "top"}]}, 1, extra)
    assert table.column_names[-1] == "hat"
    assert table.column("hat").to_pylist() == [{"label": "top"}]


def test_no_rows_make_an_empty_table_of_the_same_schema():
    table = to_table(Record, {"mesh": np.zeros((0, 478, 3)), "age": np.zeros(0)}, 0)
    assert table.num_rows == 0
    assert table.schema == arrow_schema(Record)
