"""Labels by hand as an audit: a CSV that says who said what, and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

from facewright.attributes.attribute import UNKNOWN
from facewright.provenance.attribution import safe


class Said(NamedTuple):
    """A label by hand. value: a level's key, or a number; None: nobody can tell."""

    face_id: str
    attribute: str
    value: str | None
    who: str = ""
    when: str = ""


def as_audit(labels: Iterable[Said]) -> bytes:
    """Labels as `facewright analyse --audit` reads them: face_id, attribute, true, who, when."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["face_id", "attribute", "true", "who", "when"])
    for each in labels:
        true = UNKNOWN if each.value is None else each.value
        writer.writerow([each.face_id, each.attribute, true, safe(each.who), each.when])
    return file.getvalue().encode("utf-8", "backslashreplace")
