"""Tiny generators with random weights, laid out as published ones are."""

from __future__ import annotations

import math

import numpy as np
import torch
from scipy.signal import firwin, kaiser_atten, kaiser_beta
from scipy.special import j1

from helpers.published import (
    ImportanceRenderer,
    MipRayMarcher2,
    Module,
    OsgDecoder,
    Persistent,
    RaySampler,
)


class Chance:
    """Random tensors of one stream."""

    def __init__(self, seed: int = 0) -> None:
        self._stream = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=self._stream)


def dense(chance, wide, out, *, start=0.0, activation="linear", rate=1.0):
    return Persistent(
        "FullyConnectedLayer",
        {
            "weight": chance.normal(out, wide) / rate,
            "bias": (chance.normal(out) * 0.1 + start) / rate,
        },
        activation=activation,
        weight_gain=rate / math.sqrt(wide),
        bias_gain=rate,
    )


def mapping(chance, z_dim, w_dim, layers, labels=0):
    modules, wide = {}, z_dim
    if labels:
        modules["embed"] = dense(chance, labels, w_dim)
        wide += w_dim
    for i in range(layers):
        modules[f"fc{i}"] = dense(
            chance, wide if i == 0 else w_dim, w_dim, activation="lrelu", rate=0.01
        )
    return Persistent(
        "MappingNetwork",
        None,
        {"w_avg": chance.normal(w_dim) * 0.1},
        modules,
        z_dim=z_dim,
        c_dim=labels,
        w_dim=w_dim,
        num_ws=None,
        num_layers=layers,
        w_avg_beta=0.998,
    )


# -- StyleGAN2 -------------------------------------------------------------------------------

BINOMIAL = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8


def smoothing():
    return torch.outer(BINOMIAL, BINOMIAL)


def styled(chance, w_dim, wide, out, side, *, up=1, noise=True, clamp=None):
    parameters = {"weight": chance.normal(out, wide, 3, 3), "bias": chance.normal(out) * 0.1}
    buffers = {"resample_filter": smoothing()}
    if noise:
        parameters["noise_strength"] = torch.tensor(0.3)
        buffers["noise_const"] = chance.normal(side, side)
    return Persistent(
        "SynthesisLayer",
        parameters,
        buffers,
        {"affine": dense(chance, w_dim, wide, start=1.0)},
        resolution=side,
        up=up,
        use_noise=noise,
        activation="lrelu",
        conv_clamp=clamp,
        padding=1,
        act_gain=math.sqrt(2),
    )


def to_picture(chance, w_dim, wide, channels, clamp=None):
    return Persistent(
        "ToRGBLayer",
        {"weight": chance.normal(channels, wide, 1, 1), "bias": chance.normal(channels) * 0.1},
        None,
        {"affine": dense(chance, w_dim, wide, start=1.0)},
        conv_clamp=clamp,
        weight_gain=1 / math.sqrt(wide),
    )


def block(chance, w_dim, wide, out, side, channels, *, up=2, noise=True, clamp=None, picture=True):
    kind = "SynthesisBlock" if up == 2 or not wide else "SynthesisBlockNoUp"
    parameters, modules = {}, {}
    if wide:
        modules["conv0"] = styled(chance, w_dim, wide, out, side, up=up, noise=noise, clamp=clamp)
    else:
        parameters["const"] = chance.normal(out, side, side)
    modules["conv1"] = styled(chance, w_dim, out, out, side, noise=noise, clamp=clamp)
    if picture:
        modules["torgb"] = to_picture(chance, w_dim, out, channels, clamp)
    return Persistent(
        kind,
        parameters,
        {"resample_filter": smoothing()},
        modules,
        in_channels=wide,
        resolution=side,
        img_channels=channels,
        architecture="skip" if picture else "orig",
        use_fp16=False,
        num_conv=2 if wide else 1,
        num_torgb=int(picture),
    )


def stylegan2(side=32, channels=3, seed=0, *, labels=0, clamp=None, w_dim=12, width=8, skips=True):
    """A StyleGAN2 generator."""
    chance = Chance(seed)
    sides = [4 << i for i in range(int(math.log2(side)) - 1)]
    blocks = {
        f"b{n}": block(
            chance, w_dim, 0 if n == 4 else width, width, n, channels, clamp=clamp,
            picture=skips or n == side,
        )
        for n in sides
    }  # fmt: skip
    synthesis = Persistent(
        "SynthesisNetwork", None, None, blocks, w_dim=w_dim, img_resolution=side,
        img_channels=channels, block_resolutions=sides, num_ws=2 * len(sides),
    )  # fmt: skip
    return Persistent(
        "Generator", None, None,
        {"synthesis": synthesis, "mapping": mapping(chance, 10, w_dim, 3, labels)},
        z_dim=10, c_dim=labels, w_dim=w_dim, img_resolution=side, img_channels=channels,
    )  # fmt: skip


# -- StyleGAN3 -------------------------------------------------------------------------------


def low_pass(taps, cutoff, width, rate, *, radial=False):
    """Kaiser-windowed low-pass filter: a product of two, or radially symmetric (appendix C)."""
    if taps == 1:
        return None
    if not radial:
        return torch.tensor(firwin(taps, cutoff, width=width, fs=rate), dtype=torch.float32)
    line = (np.arange(taps) - (taps - 1) / 2) / rate
    radius = np.hypot(*np.meshgrid(line, line))
    ideal = j1(2 * np.pi * cutoff * radius) / (np.pi * radius)
    window = np.kaiser(taps, kaiser_beta(kaiser_atten(taps, width / (rate / 2))))
    kernel = ideal * np.outer(window, window)
    return torch.tensor(kernel / kernel.sum(), dtype=torch.float32)


def schedule(side, layers, critical, margin):
    """Cutoffs, transition half-widths, rates and sizes a layer, from the input on (section 3.2)."""
    first, last = 2.0, side / 2
    first_stop, last_stop = 2**2.1, last * 2**0.3
    share = np.minimum(np.arange(layers + 1) / (layers - critical), 1)
    cutoffs = first * (last / first) ** share
    stops = first_stop * (last_stop / first_stop) ** share
    rates = np.exp2(np.ceil(np.log2(np.minimum(stops * 2, side))))
    widths = np.maximum(stops, rates / 2) - cutoffs
    sizes = rates + 2 * margin
    sizes[-2:] = side
    return cutoffs, widths, rates, sizes


def stylegan3(
    side=32, seed=0, *, layers=6, critical=2, margin=10, turned=False, w_dim=12, width=8,
    taps=6, transform=None,
):  # fmt: skip
    """A StyleGAN3 generator, T or R (`turned`)."""
    chance = Chance(seed)
    cutoffs, widths, rates, sizes = schedule(side, layers, critical, margin)
    shape = {"side": side, "layers": layers, "critical": critical}
    modules = {"input": _fourier(chance, w_dim, width, sizes[0], rates[0], cutoffs[0], transform)}
    names = []
    for i in range(layers + 1):
        before = max(i - 1, 0)
        bands = [(values[before], values[i]) for values in (cutoffs, widths, rates, sizes)]
        layer = _filtered(chance, w_dim, width, i, bands, shape, turned=turned, taps=taps)
        names.append(f"L{i}_{int(sizes[i])}_{layer.out_channels}")
        modules[names[-1]] = layer
    synthesis = Persistent(
        "SynthesisNetwork", None, None, modules, w_dim=w_dim, img_resolution=side, img_channels=3,
        num_layers=layers, num_ws=layers + 2, output_scale=0.25, layer_names=names,
    )  # fmt: skip
    return Persistent(
        "Generator", None, None,
        {"synthesis": synthesis, "mapping": mapping(chance, 10, w_dim, 2)},
        z_dim=10, c_dim=0, w_dim=w_dim, img_resolution=side, img_channels=3,
    )  # fmt: skip


def _fourier(chance, w_dim, width, size, rate, cutoff, transform):
    direction = chance.normal(width, 2)
    radius = direction.norm(dim=1, keepdim=True)
    frequencies = direction / (radius * radius.square().exp().pow(0.25)) * cutoff
    affine = dense(chance, w_dim, 4)
    affine.__dict__["_parameters"]["weight"].data *= 0.1
    affine.__dict__["_parameters"]["bias"].data = torch.tensor([1.0, 0.0, 0.0, 0.0])
    return Persistent(
        "SynthesisInput",
        {"weight": chance.normal(width, width)},
        {
            "transform": torch.eye(3) if transform is None else transform,
            "freqs": frequencies,
            "phases": torch.rand(width, generator=chance._stream) - 0.5,
        },
        {"affine": affine},
        w_dim=w_dim,
        channels=width,
        size=np.array([int(size), int(size)]),
        sampling_rate=np.float64(rate),
        bandwidth=np.float64(cutoff),
    )


def _filtered(chance, w_dim, width, number, bands, shape, *, turned, taps):
    cutoff, half, rate, size = bands
    last = number == shape["layers"]
    critical = number >= shape["layers"] - shape["critical"]
    raised = max(rate) * (1 if last else 2)
    up, down = int(raised / rate[0]), int(raised / rate[1])
    up_taps = taps * up if up > 1 and not last else 1
    down_taps = taps * down if down > 1 and not last else 1
    kernel = 1 if last or turned else 3
    total = (size[1] - 1) * down + 1 - (size[0] + kernel - 1) * up + up_taps + down_taps - 2
    low = int(total + up) // 2
    out = 3 if last else width
    filters = {
        "up_filter": low_pass(up_taps, cutoff[0], half[0] * 2, raised),
        "down_filter": low_pass(
            down_taps, cutoff[1], half[1] * 2, raised, radial=turned and not critical
        ),
    }
    return Persistent(
        "SynthesisLayer",
        {"weight": chance.normal(out, width, kernel, kernel), "bias": chance.normal(out) * 0.1},
        {"magnitude_ema": torch.tensor(1.3 if number else 0.6), **filters},
        {"affine": dense(chance, w_dim, width, start=1.0)},
        is_torgb=last,
        is_critically_sampled=critical,
        in_channels=width,
        out_channels=out,
        in_size=np.array([int(size[0])] * 2),
        out_size=np.array([int(size[1])] * 2),
        up_factor=up,
        up_taps=up_taps,
        down_factor=down,
        down_taps=down_taps,
        padding=[low, int(total) - low, low, int(total) - low],
        conv_clamp=256,
        conv_kernel=kernel,
    )


# -- EG3D ------------------------------------------------------------------------------------

AXES = torch.tensor(
    [
        [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[1.0, 0, 0], [0, 0, 1], [0, 1, 0]],
        [[0.0, 0, 1], [1, 0, 0], [0, 1, 0]],
    ]
)

RENDERING = {
    "depth_resolution": 12,
    "depth_resolution_importance": 12,
    "ray_start": 2.25,
    "ray_end": 3.3,
    "box_warp": 1,
    "white_back": False,
    "disparity_space_sampling": False,
    "clamp_mode": "softplus",
    "c_scale": 1.0,
    "c_gen_conditioning_zero": False,
    "superresolution_noise_mode": "none",
    "superresolution_module": "training.superresolution.SuperresolutionHybrid8XDC",
}


def eg3d(seed=0, *, rendered=16, features=8, raised=True, **rendering):
    """An EG3D generator: planes of 32 pixels, a picture of 4 (or 2) x `rendered`."""
    chance = Chance(seed)
    backbone = stylegan2(32, 3 * features, seed, labels=25)
    net = Module(
        None, None,
        {
            "0": dense(chance, features, 16),
            "1": Module(beta=1, threshold=20),
            "2": dense(chance, 16, 1 + features),
        },
    )  # fmt: skip
    first = rendered * 2 if raised else rendered
    enlarging = Persistent(
        "SuperresolutionHybrid8XDC",
        None,
        {"resample_filter": smoothing()},
        {
            "block0": block(chance, 12, features, 8, first, 3, up=2 if raised else 1, noise=False),
            "block1": block(chance, 12, 8, 6, first * 2, 3, noise=False),
        },
        input_resolution=rendered,
        sr_antialias=True,
    )
    return Persistent(
        "TriPlaneGenerator",
        None,
        None,
        {
            "renderer": ImportanceRenderer(
                None, None, {"ray_marcher": MipRayMarcher2()}, plane_axes=AXES
            ),
            "ray_sampler": RaySampler(ray_origins_h=None),
            "backbone": backbone,
            "superresolution": enlarging,
            "decoder": OsgDecoder(None, None, {"net": _torch_modules(net)}, hidden_dim=16),
        },
        z_dim=10,
        c_dim=25,
        w_dim=12,
        img_resolution=first * 2,
        img_channels=3,
        neural_rendering_resolution=rendered,
        rendering_kwargs={**RENDERING, **rendering},
        _last_planes=None,
    )


def _torch_modules(net):
    """The decoder's layers in PyTorch's own containers, as published files hold them."""
    layers = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Softplus(), torch.nn.Identity())
    for name in ("0", "2"):
        layers.__dict__["_modules"][name] = net.__dict__["_modules"][name]
    return layers
