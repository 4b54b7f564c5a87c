"""Judge the faces of anything that has faces in rows, and change nothing."""

from __future__ import annotations

from pathlib import Path

from facewright.engine.ruling import Ruling, judge_dataset, judge_table
from facewright.engine.tabling import open_table
from facewright.recipe import RuleSettings
from facewright.rules.chosen import chosen_rules
from facewright.store.manifest import NAME


def judge(path: str | Path, rules: RuleSettings) -> Ruling:
    """Judge all faces of a dataset, a published layout or a bare table.

    Args:
        path: as for `open_table`; of a dataset, faces that are dropped at present count too.
        rules: relative paths of files start from the working folder.

    Raises:
        UsageError: it is nothing of the kind, or a rule, a parameter, a column or a condition is
            wrong.
        DatasetError, LayoutError: it is broken.
    """
    root = Path(path)
    if (root / NAME).exists():
        return judge_dataset(root, rules)
    return judge_table(open_table(root), chosen_rules(rules))
