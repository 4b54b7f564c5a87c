"""Volume rendering against closed forms: Beer-Lambert, boxes, a sphere's depth."""

# ruff: noqa: E402 - what needs PyTorch is imported after it was asked for
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from facewright.camera.label import CameraLabel
from facewright.generate.eg3d.cameras import PIVOT, camera_of_angles, frontal_camera
from facewright.generate.eg3d.march import composite, refined, spread, weights_of
from facewright.generate.eg3d.rays import box_limits, camera_rays
from facewright.generate.eg3d.rendering import Rendering


def raw(density):
    """What a field says for a density: the inverse of softplus(x - 1)."""
    return torch.log(torch.expm1(torch.as_tensor(density, dtype=torch.float64))) + 1


def label(camera):
    return torch.tensor(camera.array)


# -- one ray ---------------------------------------------------------------------------------


@pytest.mark.parametrize("density", [0.1, 1.0, 7.0])
def test_constant_density_is_beer_and_lambert(density):
    depths = torch.linspace(2.0, 3.0, 50, dtype=torch.float64)[None]
    densities = raw(density).expand(1, 50)
    weights = weights_of(depths, densities)
    passed = np.exp(-density * (depths[0].numpy() - 2.0))
    np.testing.assert_allclose(1 - weights.cumsum(1)[0].numpy(), passed[1:], atol=1e-7)
    seen = composite(depths, densities, torch.ones(1, 50, 4, dtype=torch.float64), white=False)
    np.testing.assert_allclose(seen.opacity, 1 - np.exp(-density), atol=1e-7)
    np.testing.assert_allclose(seen.features, 2 * (1 - np.exp(-density)) - 1, atol=1e-6)
    # The mean depth at which light is stopped, of those that are.
    gap = 1 / density - np.exp(-density) / (1 - np.exp(-density))
    np.testing.assert_allclose(seen.depth, 2.0 + gap, atol=2e-4 * (1 + density))


def test_an_empty_ray_sees_the_background_at_the_farthest():
    depths = torch.linspace(2, 3, 10)[None]
    for white, value in ((False, -1.0), (True, 1.0)):
        empty = torch.full((1, 10), -200.0)
        seen = composite(depths, empty, torch.full((1, 10, 3), 0.5), white=white)
        torch.testing.assert_close(seen.features, torch.full((1, 3), value), atol=1e-4, rtol=0)
        assert seen.depth.item() == 3.0
        assert seen.opacity.item() == 0.0


def test_an_opaque_wall_hides_what_lies_behind():
    depths = torch.linspace(2, 3, 11, dtype=torch.float64)[None]
    densities = torch.where(depths < 2.5, -100.0, 500.0)
    colours = torch.where(depths < 2.65, 1.0, 0.0)[:, :, None]
    seen = composite(depths, densities, colours, white=False)
    torch.testing.assert_close(seen.features, torch.ones(1, 1, dtype=torch.float64))
    assert 2.4 < seen.depth.item() < 2.6


def test_first_samples_lie_one_in_each_step():
    near, far = torch.tensor([2.0, 1.0]), torch.tensor([3.0, 5.0])
    even = spread(near, far, 5, None, disparity=False)
    torch.testing.assert_close(even[0], torch.tensor([2.125, 2.375, 2.625, 2.875, 3.125]))
    chance = torch.Generator().manual_seed(0)
    drawn = spread(near, far, 5, chance, disparity=False)
    assert ((drawn - even).abs() <= torch.tensor([[0.125], [0.5]]) + 1e-6).all()
    inverse = 1 / spread(near, far, 9, None, disparity=True)
    steps = inverse.diff(dim=1)
    torch.testing.assert_close(steps, steps[:, :1].expand(-1, 8))


def test_second_samples_gather_where_the_weights_are():
    depths = torch.linspace(2, 3, 48)[None]
    weights = torch.zeros(1, 47)
    weights[0, 20:24] = 0.25
    for chance in (None, torch.Generator().manual_seed(0)):
        found = refined(depths, weights, 200, chance)
        assert (found.diff(dim=1) >= 0).all()
        assert ((found > depths[0, 17]) & (found < depths[0, 27])).float().mean() > 0.6
        assert found.min() >= 2
        assert found.max() <= 3


def test_second_samples_of_even_weights_are_even():
    depths = torch.linspace(2, 3, 48, dtype=torch.float64)[None]
    weights = torch.full((1, 47), 1 / 47, dtype=torch.float64)
    found = refined(depths, weights, 20, None)[0]
    np.testing.assert_allclose(found.diff(), found.diff()[0], rtol=1e-6)


# -- cameras and boxes -----------------------------------------------------------------------


def test_rays_go_through_the_places_that_the_label_projects_on_pixels():
    camera = camera_of_angles(10, -15, 35)
    origin, directions = camera_rays(label(camera), 8)
    np.testing.assert_allclose(origin, camera.position, atol=1e-9)
    seen = camera.project((origin + 1.7 * directions).numpy())
    middles = (np.arange(8) + 0.5) / 8
    want = np.stack(np.meshgrid(middles, middles), -1).reshape(-1, 2)
    np.testing.assert_allclose(seen, want, atol=1e-9)
    np.testing.assert_allclose(directions.norm(dim=1), 1)


def test_a_skewed_lens_is_inverted_too():
    values = np.array(frontal_camera().values)
    values[16:25] = [4.0, 0.1, 0.45, 0, 3.5, 0.55, 0, 0, 1]
    camera = CameraLabel.parse(values)
    origin, directions = camera_rays(label(camera), 4)
    seen = camera.project((origin + directions).numpy()).reshape(4, 4, 2)
    np.testing.assert_allclose(seen[1, 2], [0.625, 0.375], atol=1e-9)


def test_published_frontal_camera():
    camera = frontal_camera()
    np.testing.assert_allclose(camera.position, [0, 0, 2.7], atol=1e-12)
    np.testing.assert_allclose(camera.rotation, np.diag([1, -1, -1]), atol=1e-12)
    for angles in ((0, 0, 30), (-20, 0, 0), (10, 25, -60)):
        turned = camera_of_angles(*angles)
        assert turned.radius == pytest.approx(2.7)
        np.testing.assert_allclose(turned.project(PIVOT), [0.5, 0.5], atol=1e-9)
    assert camera_of_angles(0, 0, 30).position[0] < 0  # a face turned right is seen from its left


def test_rays_pass_boxes_where_they_should():
    origin = torch.tensor([0.0, 0.0, 2.7])
    directions = torch.tensor([[0.0, 0, -1], [0, 0.6, -0.8], [0, 1.0, 0], [0, 0, 1.0]])
    near, far = box_limits(origin, directions, 2.0)
    np.testing.assert_allclose(near[0], 1.7, rtol=1e-6)
    np.testing.assert_allclose(far[0], 3.7, rtol=1e-6)
    # The second passes y = 1 at 1 / 0.6 = 1.667 before z = 1 at 1.7 / 0.8: a miss, like the
    # others; what misses gets the hits' limits.
    np.testing.assert_allclose(near[1:], 1.7, rtol=1e-6)
    np.testing.assert_allclose(far[1:], 3.7, rtol=1e-6)
    inside, out = box_limits(torch.zeros(3), directions, 2.0)
    assert inside.tolist() == [0, 0, 0, 0]
    np.testing.assert_allclose(out, [1, 1 / 0.8, 1, 1], rtol=1e-6)
    none, _ = box_limits(torch.tensor([9.0, 9, 9]), directions[:1], 1.0)
    assert none.tolist() == [0]


# -- whole pictures --------------------------------------------------------------------------


def ball(radius, density=400.0):
    """A field of a ball around the origin, white inside."""

    def field(points):
        inside = points.norm(dim=1) < radius
        values = torch.where(inside, density, -100.0).to(points.dtype)
        return values, torch.ones(len(points), 3, dtype=points.dtype)

    return field


@pytest.mark.parametrize("limits", [(2.2, 3.2), (None, None)])
def test_a_balls_depth_and_outline(limits):
    radius, side = 0.25, 24
    rendering = Rendering(96, 96, *limits, 1.0)
    camera = CameraLabel.of(np.diag([1.0, -1, -1]), (0, 0, 2.7), 4.2647)
    seen = rendering.render(ball(radius), label(camera), side)
    origin, directions = camera_rays(label(camera), side)
    along = -(directions @ origin)
    aside = (origin @ origin - along**2).sqrt()
    hit = aside < radius * 0.97
    depth = along - (radius**2 - aside**2).clamp_min(0).sqrt()
    np.testing.assert_allclose(seen.depth[hit], depth[hit], atol=0.015)
    assert (seen.opacity[hit] > 0.99).all()
    assert (seen.opacity[aside > radius * 1.05] < 0.01).all()
    assert 20 < hit.sum() < side * side


def test_random_samples_see_the_same_on_the_whole():
    rendering = Rendering(24, 24, 2.2, 3.2, 1.0)
    camera = label(frontal_camera())
    even = rendering.render(ball(0.25), camera, 12)
    first, again, other = (
        rendering.render(ball(0.25), camera, 12, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    )
    torch.testing.assert_close(first.depth, again.depth)
    assert (first.depth != other.depth).any()
    assert (first.opacity - even.opacity).abs().mean() < 0.02
