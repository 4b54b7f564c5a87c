from pathlib import Path

import pytest

from facewright.errors import UsageError
from facewright.stats.audit import Audit
from helpers.coding import coded

IDS = ["f1", "f2", "f3", "f4"]
BEARD = coded("beard", ("no", "yes"), ["no", "yes", "yes", None])


def written(folder: Path, text: str) -> Path:
    path = folder / "audit.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "face_id,attribute,true\nf1,beard,no\nf2,beard,no\nf3,beard,yes\nf3,sex,male\n",
        "face_id,beard\nf1,no\nf2,no\nf3,yes\n",
        "\ufeffface_id,sex,beard\nf1,,no\nf2,female, NO \nf3,male,Yes\nf4,,unknown\n",
    ],
)
def test_long_and_wide_files_say_the_same(tmp_path, text) -> None:
    audit = Audit.load(written(tmp_path, text))
    assert "beard" in audit.attributes
    assert audit.counts(BEARD, IDS).tolist() == [[1, 1], [0, 1]]


def test_faces_read_as_unknown_and_untold_values_do_not_count(tmp_path) -> None:
    audit = Audit.load(written(tmp_path, "face_id,beard\nf1,\nf2,yes\nf4,yes\n"))
    assert audit.counts(BEARD, IDS).tolist() == [[0, 0], [0, 1]]


def test_the_same_told_twice_counts_once(tmp_path) -> None:
    audit = Audit.load(written(tmp_path, "face_id,beard\nf1,no\nf1,no\n"))
    assert audit.counts(BEARD, IDS).sum() == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("face_id,beard\nf1,no\nf2,maybe\n", "line 3: 'maybe' is no level of 'beard'; known: no, "),
        ("face_id,beard\nf9,no\n", "line 2: no face 'f9'"),
        ("face_id,beard\nf1,no\nf1,yes\n", "line 3: face 'f1' has two true values"),
        ("face_id,sex\nf1,male\n", "nothing of 'beard', but of sex"),
        ("face_id,beard\nf1,no,yes\n", "line 2: not as many"),
        ("face_id,beard,sex\nf1,no\n", "line 2: not as many"),
        ("face_id,beard\nf1,\n", "no true value"),
        ("name,beard\nf1,no\n", "column face_id"),
        ("face_id\nf1\n", "of every attribute"),
        ("", "found: none"),
        ("face_id,attribute\nf1,beard\n", "column true"),
    ],
)
def test_bad_files_are_named_with_their_line(tmp_path, text, what) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError, match=r"audit\.csv") as caught:
        Audit.load(path).counts(BEARD, IDS)
    assert what in str(caught.value)


def test_of_many_levels_the_near_ones_are_listed(tmp_path) -> None:
    author = coded("author", tuple(f"author {n}" for n in range(100)), ["author 1"])
    audit = Audit.load(written(tmp_path, "face_id,author\nf1,autor 7\n"))
    with pytest.raises(UsageError, match="author 7,") as caught:
        audit.counts(author, ["f1"])
    assert "author 50" not in str(caught.value)


def test_files_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        Audit.load(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"face_id,beard\n\xff\xfe,\x00\n")
    with pytest.raises(UsageError, match="UTF-8"):
        Audit.load(tmp_path / "binary.csv")
