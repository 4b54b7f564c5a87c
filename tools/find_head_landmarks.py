"""Find where MediaPipe's 468 face points lie on the baked head, and write them into its pack.

    python tools/find_head_landmarks.py [PEOPLE]

People are rendered without hair, frontal or nearly so; the shipped detector and mesh model find
their points; each point is cast back onto the skin and carried to the mean head. Medians over
people, made symmetric with the canonical face's own symmetry, are projected onto the mean head's
skin. Run after tools/build_head_pack.py; takes about 5 CPU-seconds a person.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from build_head_pack import OUT, write
from facewright.camera.axes import azure_of_head
from facewright.generate.head3d import regions, shape
from facewright.generate.head3d.body import body_of
from facewright.generate.head3d.denoise import denoise
from facewright.generate.head3d.figure import pose
from facewright.generate.head3d.finish import develop, set_before
from facewright.generate.head3d.lights import Light, light_world
from facewright.generate.head3d.parts import Camera, Scene
from facewright.generate.head3d.person import sample_person
from facewright.generate.head3d.scene.mitsuba import render_scene
from facewright.vision.faces import find_faces
from facewright.vision.pose import head_rotations
from facewright.vision.runtime import Runtime
from facewright.vision.tables import canonical_face

Floats = NDArray[np.float64]
SIZE = 256
YAWS = (0.0, -12.0, 12.0)


def main(people: int) -> None:
    """Render, look, cast back, write."""
    runtime = Runtime()
    found = [cast for k in range(people) if (cast := look_at_one(k, runtime)) is not None]
    print(f"{len(found)} of {people} faces found")
    every = np.stack(found)
    seen = np.isfinite(every[:, :, 0]).mean(axis=0)
    print(f"points cast onto the skin: least {seen.min():.2f}, mean {seen.mean():.2f} of faces")
    places = symmetric(np.nanmedian(every, axis=0))
    triangle, weight = onto_skin(places)
    with np.load(OUT) as old:
        arrays: dict[str, Any] = {name: old[name] for name in old.files}
    arrays["landmark_triangle"] = triangle.astype(np.uint16)
    arrays["landmark_weight"] = weight.astype(np.float32)
    arrays["landmark_rest_pitch"] = np.array(rest_pitch(triangle, weight))
    write(arrays)
    print(f"the mean head at rest has pitch {arrays['landmark_rest_pitch']:.2f}")


def look_at_one(number: int, runtime: Runtime) -> Floats | None:
    """Points (468, 3) on the mean head, NaN where a point misses the skin; None without a face."""
    wanted = {"hair_style": "bald", "beard": "none", "moustache": "none", "makeup": 0.2}
    groups = ("white", "black", "asian", "latino")
    wanted |= {"sex": ("female", "male")[number % 2], "ethnicity": groups[number // 2 % 4]}
    body = body_of(sample_person(wanted, 9000 + number), 0.5)
    yaw = YAWS[number % len(YAWS)]
    turn = np.array(
        [[np.cos(np.radians(yaw)), 0, np.sin(np.radians(yaw))], [0, 1, 0],
         [-np.sin(np.radians(yaw)), 0, np.cos(np.radians(yaw))]]
    )  # fmt: skip
    figure = pose(body, {"eyeBlinkLeft": 0.06, "eyeBlinkRight": 0.06}, turn)
    lit = light_world(Light("studio", azimuth=30, key=0.6, key_azimuth=-20))
    camera = Camera((0.0, -0.02, 0.95), 20.0)
    scene = Scene(figure.parts, figure.strands, camera, lit.lighting)
    grey = np.full((SIZE, SIZE, 3), 0.2, np.float32)
    image = denoise(set_before(render_scene(scene, SIZE, 12, number), grey, lit.meter, 0.0))
    picture = develop(image.colour, np.random.default_rng(number))
    faces = find_faces([picture], runtime)
    if not len(faces):
        return None
    return cast_back(faces.meshes[0, :468, :2], camera.project(figure.skin, SIZE))


def cast_back(points: Floats, projected: Floats) -> Floats:
    """Places (468, 3) on the mean head of picture points (468, 2) under projected skin (V', 3)."""
    triangles = shape.fine_triangles()
    head = regions.mean_head()
    corners = projected[triangles]
    low, high = corners[:, :, :2].min(axis=1), corners[:, :, :2].max(axis=1)
    out = np.full((len(points), 3), np.nan)
    for k, point in enumerate(points):
        near = np.flatnonzero((low <= point).all(axis=1) & (high >= point).all(axis=1))
        best = np.inf
        for t in near:
            weight = barycentric(point, corners[t, :, :2])
            depth = float(weight @ corners[t, :, 2])
            if weight.min() >= 0 and depth < best:
                best, out[k] = depth, weight @ head[triangles[t]]
    return out


def barycentric(point: Floats, corners: Floats) -> Floats:
    """Weights (3,) of a triangle's corners (3, 2) at a point; one is negative outside."""
    matrix = np.stack([corners[1] - corners[0], corners[2] - corners[0]], axis=1)
    if abs(np.linalg.det(matrix)) < 1e-12:
        return np.array([-1.0, 1.0, 1.0])
    u, v = np.linalg.solve(matrix, point - corners[0])
    return np.array([1 - u - v, u, v])


def symmetric(places: Floats) -> Floats:
    """Mean of the places and their mirror images, paired by the canonical face's symmetry."""
    canonical = canonical_face()["vertices"]
    mirrored = canonical * (-1, 1, 1)
    partner = np.linalg.norm(canonical[:, None] - mirrored[None], axis=2).argmin(axis=1)
    flipped = places[partner] * (-1, 1, 1)
    out: Floats = np.nanmean(np.stack([places, flipped]), axis=0)
    return out


def onto_skin(places: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Triangle (468,) and weights (468, 3) of the skin's points nearest to the places."""
    triangles, head = shape.fine_triangles(), regions.mean_head().astype(float)
    corners = head[triangles]
    grid = [(a / 8, b / 8) for a in range(9) for b in range(9 - a)]
    weights = np.array([(1 - a - b, a, b) for a, b in grid])
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    chosen, shares = [], []
    for place in places:
        near = np.linalg.norm(corners.mean(axis=1) - place, axis=1)
        few = np.argsort(near + 1.0 * (normals[:, 2] < 0) * (abs(place[0]) < 0.05))[:24]
        samples = np.einsum("gk,tkd->tgd", weights, corners[few])
        distance = np.linalg.norm(samples - place, axis=2)
        t, g = np.unravel_index(int(distance.argmin()), distance.shape)
        chosen.append(few[t])
        shares.append(weights[g])
    return np.array(chosen), np.array(shares)


def rest_pitch(triangle: NDArray[np.int64], weight: Floats) -> float:
    """Pitch in degrees of the mean head at rest by this project's measure."""
    corners = regions.mean_head()[shape.fine_triangles()[triangle]].astype(float)
    points = (corners * weight[:, :, None]).sum(axis=1) * (1, -1, -1)
    mesh = np.concatenate([points, np.zeros((10, 3))])
    return float(azure_of_head(head_rotations(mesh[None]))[0, 0])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 24)
