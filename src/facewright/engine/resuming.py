"""Going on with what an earlier run began: only with the same making."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from facewright.engine.workplace import WORK
from facewright.errors import UsageError
from facewright.store.manifest import NAME, GeneratorUse, Manifest


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
    if manifest.generator != wanted.generator:
        how = _otherwise(manifest.generator, wanted.generator)
        raise UsageError(f"{root} was made {how}; {advice}")
    if manifest.recipe != wanted.recipe:
        how = _difference(manifest.recipe.model_dump(), wanted.recipe.model_dump())
        raise UsageError(f"{root} was made by another recipe ({how}); {advice}")
    if manifest.fingerprint != wanted.fingerprint:
        raise UsageError(f"{root} was made from other photos, or they have changed; {advice}")
    if manifest.state == "building" and manifest.facewright != wanted.facewright:
        raise UsageError(f"{root} was begun by Facewright {manifest.facewright}; {advice}")
    if manifest.annotators != wanted.annotators:
        raise UsageError(f"{root} was made by other annotators or weights; {advice}")
    return manifest


def _otherwise(old: GeneratorUse | None, new: GeneratorUse | None) -> str:
    """How a making differs in what generated its pictures."""
    if old is None or new is None:
        return "from photos" if old is None else f"by the generator {old.id}"
    if (old.id, old.version, old.sha256) != (new.id, new.version, new.sha256):
        same = (old.id, old.version) == (new.id, new.version)
        there, here = f"{old.id} {old.version}", f"{new.id} {new.version}"
        return f"by {there} with other weights" if same else f"by {there}, and this is {here}"
    told = [_difference(old.settings, new.settings), _difference(old.order, new.order)]
    return f"to another order ({'; '.join(filter(None, told))})"


def _difference(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    return "; ".join(
        f"{key}: {before.get(key, 'none')} there, {after.get(key, 'none')} here"
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    )
