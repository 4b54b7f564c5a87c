"""All numbers of a report, from tables of faces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from facewright import __version__
from facewright.analyse.report import origins
from facewright.analyse.report.balanced import balanced
from facewright.analyse.report.copies import copies, is_searched
from facewright.analyse.report.corrections import corrections
from facewright.analyse.report.crossing import USUAL, chosen, crossing
from facewright.analyse.report.density import Drawing, Reference, drawing, pose_report, reference
from facewright.analyse.report.distances import distances
from facewright.analyse.report.findings import after_balance, between, findings
from facewright.analyse.report.levels import attribute_reports
from facewright.analyse.report.model import AttributeReport, Crossing, PoseReport, Report, SetReport
from facewright.analyse.report.pairs import cross_tables, pairs
from facewright.analyse.report.poses import poses_of
from facewright.analyse.report.samples import Sample, samples
from facewright.analyse.report.study import Settings, Study
from facewright.attributes.face_table import FaceTable
from facewright.attributes.known import ATTRIBUTES
from facewright.balance.spec import OPENER, target_of
from facewright.balance.target import Target
from facewright.engine.tabling import open_table
from facewright.store.manifest import NOTICE


@dataclass(frozen=True, slots=True)
class Pictures:
    """What the page shows of one dataset besides numbers."""

    drawing: Drawing | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A report and the pictures of its datasets, in the same order."""

    report: Report
    reference: Reference
    pictures: tuple[Pictures, ...]


def measure(
    tables: Sequence[FaceTable], settings: Settings, open_other: OPENER = open_table
) -> Measured:
    """Measure one dataset, or several side by side.

    The first dataset is the one that others are held against, and the one that the audit is of.

    Args:
        tables: one or more; names may repeat.
        settings: what is asked for.
        open_other: opens the dataset that a target "like:OTHER" names.

    Raises:
        UsageError: an attribute, the target, the audit or the density does not fit.
        DatasetError: a dataset is broken.
    """
    against = reference(settings.kde)
    tables = [_renamed(table, tables[:n]) for n, table in enumerate(tables)]
    studies = [Study(table, _extra(table, settings.by)) for table in tables]
    target = None
    if settings.target is not None:
        target = target_of(settings.target, studies[0].table, open_other)
    names = chosen(studies, settings, target)
    if settings.by or target is not None:
        studies = [Study(one.table, _extra(one.table, names)) for one in studies]
    audits = [settings.audit, *[None] * (len(studies) - 1)]
    measured = [
        _measured(study, names, target, audit, against, settings.part)
        for study, audit in zip(studies, audits, strict=True)
    ]
    sets = tuple(one for one, _ in measured)
    if moved := balanced(settings.select):
        told = (*after_balance(moved), *sets[0].findings)
        first = sets[0].model_copy(update={"balanced": moved, "findings": told})
        sets = (first, *sets[1:])
    apart = distances(sets)
    report = Report(
        facewright=__version__,
        notice=NOTICE,
        sets=sets,
        distances=apart,
        findings=between(apart, sets),
    )
    return Measured(report, against, tuple(pictures for _, pictures in measured))


def _renamed(table: FaceTable, before: Sequence[FaceTable]) -> FaceTable:
    """The table under a name that none before it has."""
    same = sum(other.name == table.name for other in before)
    if same:
        table.name = f"{table.name} ({same + 1})"
    return table


def _extra(table: FaceTable, names: Sequence[str]) -> tuple[str, ...]:
    """Names that are asked for.

    Raises:
        UsageError: one of them is not there.
    """
    if not len(table):
        return ()
    for name in names:
        table.attribute(name)
    return tuple(names)


def _measured(
    study: Study,
    names: Sequence[str],
    target: Target | None,
    audit: Path | None,
    against: Reference,
    part: str,
) -> tuple[SetReport, Pictures]:
    dataset = study.table.dataset
    poses = poses_of(study.table) if len(study.table) else None
    attributes = tuple(attribute_reports(study, corrections(study, audit))) if study.coded else ()
    crossed = crossing(study, names, target) if study.coded else None
    paired = pairs(study)
    pose = pose_report(poses, against) if poses else None
    report = SetReport(
        name=study.table.name,
        kind="table" if dataset is None else "dataset",
        state=origins.state_of(study),
        fingerprint=None if dataset is None else dataset.manifest.fingerprint,
        part=part,
        counts=origins.counts_of(study),
        attributes=attributes,
        crossing=crossed,
        pairs=tuple(paired),
        cross_tables=tuple(cross_tables(study, paired)),
        pose=pose,
        excluded=origins.excluded(dataset),
        dropped=origins.dropped(dataset),
        licences=origins.named(study, "licence"),
        authors=origins.named(study, "author"),
        duplicates=copies(study),
        makers=origins.makers(dataset),
        missing=tuple(_missing(study, names, attributes, crossed, pose)),
        findings=(),
    )
    pictures = Pictures(drawing(poses, against) if poses else None, tuple(samples(study, crossed)))
    return report.model_copy(update={"findings": findings(report)}), pictures


def _missing(
    study: Study,
    names: Sequence[str],
    attributes: Sequence[AttributeReport],
    crossed: Crossing | None,
    pose: PoseReport | None,
) -> Iterator[str]:
    """What the report cannot tell of a dataset, and what would help."""
    dataset = study.table.dataset
    if dataset is not None and dataset.manifest.state != "complete":
        yield f"The dataset is {origins.state_of(study)}: this counts what is committed."
    if not len(study.table):
        yield "There is no face to count."
        return
    unknown = [one.title.lower() for one in attributes if not one.known and one.group != "source"]
    if unknown:
        yield f"Not known of any face: {', '.join(unknown)}."
    yield from _misread(study)
    yield from _not_crossed(study, names, crossed)
    if pose is None:
        yield "No pose density: no face has a camera or head angles."
    if study.crowded_out:
        yield f"{study.crowded_out} further columns are not counted; name them with --by."
    if dataset is None:
        yield "No sample faces: a bare table has no pictures."
    if not is_searched(study):
        yield "Duplicates are not searched: there is no column of hashes."


def _misread(study: Study) -> Iterator[str]:
    """Known columns of another kind than they should be, which nothing counts."""
    for attribute in ATTRIBUTES:
        for leaf, wanted in attribute.needs.items():
            found = study.table.leaves.get(leaf, wanted)
            if wanted not in ("any", found):
                yield f"{attribute.title} is not counted: {leaf} is {found} and not {wanted}."


def _not_crossed(study: Study, names: Sequence[str], crossed: Crossing | None) -> Iterator[str]:
    """Attributes that the intersections leave out."""
    if crossed is None:
        what = " x ".join(names) or "sex, age_group and ethnicity"
        yield f"No intersections: {what} not known; name other attributes with --by."
        return
    left = crossed.left_out | {
        name: "another dataset does not know it"
        for name in USUAL
        if name not in names and study.known(name) and set(names) < set(USUAL)
    }
    for name, why in left.items():
        yield f"The intersections leave out {name}: {why}."
