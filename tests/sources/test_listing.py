"""Lists: order, columns, other folders, and lines that cannot be read."""

from __future__ import annotations

import json

import pytest

from facewright.errors import PhotoError, SourceError, UsageError
from facewright.limits import Limits
from facewright.sources.opening import open_source


@pytest.fixture
def photos(tmp_path):
    for name in ("b.jpg", "a.jpg", "sub/ü, x.jpg", "no_extension"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def open_text(folder, name, text, encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding, "surrogateescape"))
    return open_source(folder / name)


def outcomes(source):
    found = []
    for entry in source.entries():
        try:
            found.append((entry.key, source.read(entry, Limits()).decode()))
        except PhotoError as error:
            found.append((entry.key, error.reason))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_keeps_its_order(photos, encoding, end):
    lines = [
        "b.jpg",
        "",
        "a.jpg",
        "./a.jpg",
        "no_extension",
        "sub/ü, x.jpg",
        "gone.jpg",
        str(photos),
    ]
    assert outcomes(open_text(photos, "list.txt", end.join(lines), encoding)) == [
        ("b.jpg", "b.jpg"),
        ("a.jpg", "a.jpg"),
        ("a.jpg#2", "a.jpg"),
        ("no_extension", "no_extension"),
        ("sub/ü, x.jpg", "sub/ü, x.jpg"),
        ("gone.jpg", "missing"),
        (str(photos), "not_a_file"),
    ]


def test_csv_columns_travel(photos):
    text = (
        "path,license,author,id,url,other\r\n"
        '"sub/ü, x.jpg",CC0,"Doe, Jane",7,https://example.org/1,?\r\n'
        "a.jpg,, ,,,\r\n"
    )
    first, second = open_text(photos, "list.csv", text, "utf-8-sig").entries()
    assert (first.key, first.licence, first.author) == ("sub/ü, x.jpg", "CC0", "Doe, Jane")
    assert (first.id, first.source_url, first.licence_url) == ("7", "https://example.org/1", None)
    assert (second.licence, second.author, second.id) == (None, None, None)


def test_bad_lines_of_a_csv_are_named_and_the_rest_read(photos):
    text = 'path,id\na.jpg,1\na.jpg\nb.jpg,2,3\n,4\n"a"b.jpg,5\n\nb.jpg,6\n"open,7\n'
    source = open_text(photos, "list.csv", text)
    assert outcomes(source) == [
        ("a.jpg", "a.jpg"),
        ("line 3", "bad_line"),
        ("line 4", "bad_line"),
        ("line 5", "bad_line"),
        ("line 6", "bad_line"),
        ("b.jpg", "b.jpg"),
        ("line 9", "bad_line"),
    ]


def test_jsonl(photos):
    rows = [
        json.dumps({"path": "a.jpg", "id": 5, "licence": "CC-BY-4.0", "licence_url": "u"}),
        json.dumps("b.jpg"),
        "{not json",
        "[1]",
        '{"id": 3}',
        '{"path": "x\\ud800.jpg"}',
        '{"path": "nul\\u0000.jpg"}',
        "[" * 100_000,
        json.dumps({"path": "https://example.org/x.jpg"}),
    ]
    source = open_text(photos, "list.jsonl", "\n".join(rows))
    assert [reason for _, reason in outcomes(source)] == [
        "a.jpg", "b.jpg", "bad_line", "bad_line", "bad_line", "missing", "missing", "bad_line",
        "bad_line",
    ]  # fmt: skip
    first = next(source.entries())
    assert (first.id, first.licence, first.licence_url) == ("5", "CC-BY-4.0", "u")
    for entry in source.entries():
        entry.key.encode("utf-8")
        (entry.problem_detail or "").encode("utf-8")


def test_a_csv_without_the_column(photos):
    with pytest.raises(UsageError, match="'path'"):
        list(open_text(photos, "list.csv", "file,id\na.jpg,1\n").entries())


def test_what_is_no_source(tmp_path):
    with pytest.raises(SourceError, match="nothing at"):
        open_source(tmp_path / "nothing")
    (tmp_path / "x.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(UsageError, match=r"one picture \(JPEG\)"):
        open_source(tmp_path / "x.jpg")
    (tmp_path / "x.py").write_text("print()")
    with pytest.raises(UsageError, match="none of the kinds"):
        open_source(tmp_path / "x.py")
