"""Going on with what an earlier run began: only with the same making."""

from __future__ import annotations

from pathlib import Path

from facewright.engine.workplace import WORK
from facewright.errors import UsageError
from facewright.recipe import Recipe
from facewright.store.manifest import NAME, Manifest


def begun(root: Path, wanted: Manifest) -> Manifest | None:
    """What an earlier run left in the folder, if it is of the same making.

    Raises:
        UsageError: the folder holds something else.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; give a folder for the dataset")
    if not (root / NAME).exists():
        if root.exists() and set(root.iterdir()) - {root / WORK}:
            raise UsageError(f"{root} is not empty and not a dataset; choose another folder")
        return None
    manifest = Manifest.load(root)
    advice = "choose a new output folder, or delete that one"
    if manifest.recipe != wanted.recipe:
        how = _difference(manifest.recipe, wanted.recipe)
        raise UsageError(f"{root} was made by another recipe ({how}); {advice}")
    if manifest.fingerprint != wanted.fingerprint:
        raise UsageError(f"{root} was made from other photos, or they have changed; {advice}")
    if manifest.state == "building" and manifest.facewright != wanted.facewright:
        raise UsageError(f"{root} was begun by Facewright {manifest.facewright}; {advice}")
    if manifest.annotators != wanted.annotators:
        raise UsageError(f"{root} was made by other annotators or weights; {advice}")
    return manifest


def _difference(old: Recipe, new: Recipe) -> str:
    before, after = old.model_dump(), new.model_dump()
    return "; ".join(
        f"{key}: {before[key]} there, {after[key]} here"
        for key in before
        if before[key] != after[key]
    )
