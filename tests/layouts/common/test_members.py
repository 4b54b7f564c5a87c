import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facewright.errors import LayoutError
from facewright.layouts.common.members import read_members
from facewright.layouts.seam.tree import Tree

json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)  # fmt: skip


def members(root, text, kind):
    (root / "a.json").write_text(text)
    return list(read_members(Tree(root), "a.json", kind))


@pytest.mark.slow
@given(st.dictionaries(st.text(), json_data), st.sampled_from([None, 0, 3]))
def test_objects_are_read_as_python_reads_them(tmp_path_factory, data, indent):
    found = members(tmp_path_factory.mktemp("m"), json.dumps(data, indent=indent), dict)
    assert [(member.key, member.value, member.fault) for member in found] == [
        (key, value, None) for key, value in data.items()
    ]


@given(st.lists(json_data), st.sampled_from([None, 1]))
def test_lists_are_read_as_python_reads_them(tmp_path_factory, data, indent):
    found = members(tmp_path_factory.mktemp("m"), json.dumps(data, indent=indent), list)
    assert [member.value for member in found] == data
    assert [member.key for member in found] == [str(n) for n in range(len(data))]


def test_a_fault_is_its_members_own(tmp_path):
    text = '[{"a": NaN}, 1.5, {"a": {"b": 1, "b": 2}}, -Infinity, 1e400, [2]]'
    found = members(tmp_path, text, list)
    assert [member.fault for member in found] == [
        "NaN is no JSON number",
        None,
        "the key 'b' comes twice",
        "-Infinity is no JSON number",
        "1e400 is no number that can be kept",
        None,
    ]


@given(st.text(alphabet='{}[]",:ae1 \\n', max_size=12))
def test_text_that_is_no_json_is_refused(tmp_path_factory, text):
    root = tmp_path_factory.mktemp("m")
    for kind in (dict, list):
        try:
            expected = json.loads(text)
            good = isinstance(expected, kind)
        except ValueError:
            good = False
        if good:
            members(root, text, kind)
        else:
            with pytest.raises(LayoutError, match=r"a\.json"):
                members(root, text, kind)
