import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from facewright.provenance.attribution import COLUMNS, attribution_csv, attribution_rows, safe
from facewright.provenance.markdown import plain


def written(shown, contact="", **options):
    rows = attribution_rows(shown, [contact] * len(shown), **options)
    data = b"".join(attribution_csv(rows))
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_a_line_a_face_with_what_its_licence_asks_for(make, a_crop):
    photo = {
        "title": "Ünter den Linden",
        "author": "Ann",
        "licence": "Attribution License",
        "source_url": "https://www.flickr.com/photos/ann/1",
        "retrieved": "2018-10-10",
    }
    faces = [
        {"crops": [a_crop(outside=0.2), a_crop("eg3d", 512)]},
        {"name": "img/b.png"},
        {"name": "img/c.png", "face_id": "f0"},
    ]
    rows = written(make([photo], faces), contact="mail@example.org")
    assert tuple(rows[0]) == COLUMNS
    assert rows[0] == {
        "file": "0.png",
        "face_id": "f0",
        "photo_id": "0",
        "title": "Ünter den Linden",
        "author": "Ann",
        "licence": "CC-BY-2.0",
        "licence_url": "https://creativecommons.org/licenses/by/2.0/",
        "licence_as_stated": "Attribution License",
        "source_url": "https://www.flickr.com/photos/ann/1",
        "retrieved": "2018-10-10",
        "changes": "aligned, cropped, resampled, padded",
        "removal_contact": "mail@example.org",
    }
    assert [row["file"] for row in rows] == ["0.png", "img/b.png", "img/c.png"]
    assert rows[2]["face_id"] == "f0"


def test_changes_follow_the_crop_that_goes_out(make, a_crop):
    faces = [
        {"crops": [a_crop(), a_crop("eg3d", 512, 0.1)]},
        {"crops": [a_crop("original", 128, None)]},
        {"crops": []},
        {"crops": [a_crop("square", 64)]},
        {"crops": [a_crop("metfaces", 64, None)]},
    ]
    shown = make([{}], faces)
    assert [row["changes"] for row in written(shown)] == [
        "aligned, cropped, resampled",
        "as imported",
        "no picture",
        "cropped, resampled",
        "aligned, cropped, resampled, padded where it leaves the photo",
    ]
    other = [row["changes"] for row in written(shown, crop="eg3d:512", further=("mirrored",))]
    assert other[0] == "aligned, cropped, resampled, padded, mirrored"
    assert set(other[1:]) == {"no picture"}
    again = [row["changes"] for row in written(shown, further=("resampled",))]
    assert again[:2] == ["aligned, cropped, resampled", "resampled"]
    assert written(shown, crop="eg3d:64")[0]["changes"] == "no picture"


def test_a_photo_that_is_not_in_the_table_is_unstated(make):
    rows = written(make([{"licence": "CC0"}], [{}, {"photo_id": "gone"}]))
    assert [row["licence"] for row in rows] == ["CC0-1.0", "LicenseRef-Unstated"]
    assert rows[1]["author"] == ""


def test_formulas_are_defused_and_lines_stay_lines(make):
    photo = {"title": '=HYPERLINK("http://x","y")\n+1', "author": "@cmd\x00|' /C calc'!A0"}
    (row,) = written(make([photo], [{"name": "-1.png"}]))
    assert row["title"].startswith("'=HYPERLINK")
    assert "\n" not in row["title"]
    assert row["author"].startswith("'@cmd")
    assert row["file"] == "'-1.png"


@given(st.text())
def test_no_cell_starts_a_formula(text):
    cell = safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert len(cell.splitlines()) <= 1
    assert cell.removeprefix("'") in (text, plain(text)) or cell == plain(text)


def test_no_face_gives_the_head_alone(make):
    assert (
        b"".join(attribution_csv(attribution_rows(make([], []), [])))
        == (",".join(COLUMNS) + "\n").encode()
    )
