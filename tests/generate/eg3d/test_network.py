"""A tiny EG3D: planes, views, depth and shape, against the same computed slowly."""

# ruff: noqa: E402 - what needs PyTorch is imported after it was asked for
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from facewright.errors import ModelError, UsageError
from facewright.generate.eg3d.cameras import camera_of_angles, frontal_camera
from facewright.generate.eg3d.loading import load_eg3d
from facewright.generate.stylegan.loading import load_generator
from helpers import published, slow_networks, tiny_networks


def opened(folder, name, generator):
    return load_eg3d(published.write(folder / f"{name}.pkl", generator), kept_in=folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("eg3d")


@pytest.fixture(scope="module")
def generator():
    return tiny_networks.eg3d()


@pytest.fixture(scope="module")
def network(folder, generator):
    return opened(folder, "plain", generator)


@pytest.fixture(scope="module")
def person(network):
    return network.person(network.map(network.latents([1]))[0])


def slow_field(generator, planes, points):
    """Bilinear samples of the planes, averaged and decoded, one point at a time."""
    axes = tiny_networks.AXES.numpy().astype(float)
    side = planes.shape[-1]
    net = slow_networks.part(generator, "decoder", "net")
    out = []
    for point in points:
        total = np.zeros(planes.shape[1])
        for plane, axis in zip(planes, axes, strict=True):
            u, v, _ = (2 * point) @ np.linalg.inv(axis)
            x, y = ((np.array([u, v]) + 1) * side - 1) / 2
            for i in (int(np.floor(y)), int(np.floor(y)) + 1):
                for j in (int(np.floor(x)), int(np.floor(x)) + 1):
                    if 0 <= i < side and 0 <= j < side:
                        total += plane[:, i, j] * (1 - abs(x - j)) * (1 - abs(y - i))
        hidden = np.logaddexp(0, slow_networks.dense(slow_networks.part(net, "0"), total / 3))
        found = slow_networks.dense(slow_networks.part(net, "2"), hidden)
        out.append(np.append(found[0], 1.002 / (1 + np.exp(-found[1:])) - 0.001))
    return np.array(out)


def test_planes_are_the_backbones_picture(generator, person):
    backbone = slow_networks.part(generator, "backbone", "synthesis")
    slow = slow_networks.stylegan2(backbone, person.ws.astype(float))
    got = person.planes.numpy()
    assert got.shape == (3, 8, 32, 32)
    np.testing.assert_allclose(got.reshape(24, 32, 32), slow, atol=1e-4 * np.abs(slow).max())


def test_the_field_reads_three_planes(generator, network, person):
    points = np.random.default_rng(0).uniform(-0.6, 0.6, (40, 3))
    density, features = network.field(person.planes, torch.tensor(points, dtype=torch.float32))
    slow = slow_field(generator, person.planes.numpy().astype(float), points)
    np.testing.assert_allclose(density.numpy(), slow[:, 0], atol=2e-4)
    np.testing.assert_allclose(features.numpy(), slow[:, 1:], atol=2e-4)


@pytest.mark.parametrize("raised", [True, False])
def test_what_is_rendered_is_enlarged_by_blocks(folder, raised):
    generator = tiny_networks.eg3d(raised=raised)
    network = opened(folder, f"raised-{raised}", generator)
    assert network.resolution == (64 if raised else 32)
    chance = np.random.default_rng(1)
    features, w = chance.uniform(-1, 1, (8, 16, 16)), chance.standard_normal(12)
    got = network.enlarging(
        torch.tensor(features[None], dtype=torch.float32),
        torch.tensor(w[None], dtype=torch.float32),
        None,
    )[0]
    x, picture = features, features[:3]
    for name in ("block0", "block1"):
        module = slow_networks.part(generator, "superresolution", name)
        x, picture = slow_networks.styled_block(module, x, picture, np.stack([w] * 3))
    np.testing.assert_allclose(got.numpy(), picture, atol=2e-4 * np.abs(picture).max())


def test_views_of_a_person(network, person):
    front = network.view(person, frontal_camera())
    assert front.pixels.shape == (64, 64, 3)
    assert front.rendered.shape == (16, 16, 3)
    assert front.depth.shape == front.opacity.shape == (16, 16)
    assert 2.2 <= front.depth.min() <= front.depth.max() <= 3.4
    again, side = (
        network.view(person, frontal_camera()),
        network.view(person, camera_of_angles(0, 0, 40)),
    )
    np.testing.assert_array_equal(front.pixels, again.pixels)
    assert (front.pixels != side.pixels).any()
    drawn = network.view(person, frontal_camera(), seed=1)
    assert np.abs(drawn.depth - front.depth).mean() < 0.2
    larger = network.view(person, frontal_camera(), side=24)
    assert larger.depth.shape == (24, 24)
    assert larger.pixels.shape == (64, 64, 3)


def test_the_same_person_keeps_their_planes(network, person):
    """Made again from its styles, or through `synthesize`, a person is the same."""
    cameras = [frontal_camera(), camera_of_angles(0, 0, 25)]
    pictures = network.synthesize(np.repeat(person.ws[None], 2, 0), cameras)
    for picture, camera in zip(pictures, cameras, strict=True):
        np.testing.assert_array_equal(picture, network.view(person, camera).pixels)
    np.testing.assert_array_equal(network.synthesize(person.ws[None])[0], pictures[0])


def test_the_mapping_network_is_told_a_camera(folder, network):
    z = network.latents([0])
    np.testing.assert_array_equal(network.map(z), network.map(z, frontal_camera()))
    assert (network.map(z) != network.map(z, camera_of_angles(0, 0, 30))).any()
    deaf = opened(folder, "deaf", tiny_networks.eg3d(c_gen_conditioning_zero=True))
    np.testing.assert_array_equal(deaf.map(z), deaf.map(z, camera_of_angles(0, 0, 30)))


def test_shape(network, person, tmp_path):
    shape = network.shape(person, 9)
    place = np.array([2, 3, 7])
    point = np.array(shape.origin) + place * shape.step
    density, _ = network.field(person.planes, torch.tensor(point[None], dtype=torch.float32))
    assert shape.density[tuple(place)] == pytest.approx(density.item(), abs=1e-5)
    shape.save(tmp_path / "shape.npz")
    with np.load(tmp_path / "shape.npz") as data:
        assert data["density"].shape == (9, 9, 9)
        assert float(data["step"]) == pytest.approx(1 / 8)
    with pytest.raises(UsageError, match="2 to 512"):
        network.shape(person, 1)


def test_wrong_use(network, person, monkeypatch):
    with pytest.raises(UsageError, match="as many cameras"):
        network.synthesize(person.ws[None], [])
    with pytest.raises(UsageError, match="styles"):
        network.person(np.zeros((3, 3)))
    with pytest.raises(UsageError, match="8 to 512"):
        network.view(person, frontal_camera(), side=4)
    monkeypatch.setattr("facewright.generate.eg3d.network.free_bytes", lambda _: 1000)
    with pytest.raises(UsageError, match=r"64 pixels by EG3D needs .* of 32 pixels"):
        network.person(person.ws)


@pytest.mark.parametrize(
    "settings",
    [
        {"clamp_mode": "relu"},
        {"depth_resolution": 1_000_000},
        {"depth_resolution": "many"},
        {"box_warp": -1},
        {"superresolution_noise_mode": "loud"},
        {"c_scale": "1"},
    ],
)
def test_settings_that_are_not_read_are_refused(folder, settings):
    with pytest.raises(ModelError, match=r"not read|no number"):
        opened(folder, "odd", tiny_networks.eg3d(**settings))


def test_each_generator_names_the_other(folder, generator):
    path = published.write(folder / "person.pkl", generator)
    with pytest.raises(ModelError, match="generator eg3d"):
        load_generator(path, kept_in=folder)
    path = published.write(folder / "flat.pkl", tiny_networks.stylegan2(8))
    with pytest.raises(ModelError, match="generator stylegan"):
        load_eg3d(path, kept_in=folder)
