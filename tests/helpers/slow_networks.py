"""The same networks computed slowly in NumPy from their formulas, for comparison.

Nothing here is shared with the package: zeros are inserted, kernels are demodulated for each
sample, and every convolution is a double sum.
"""

from __future__ import annotations

import math

import numpy as np


def part(module, *names):
    """A module inside of a module."""
    for name in names:
        module = module.__dict__["_modules"][name]
    return module


def values(module, name):
    """A tensor of a module as float64, or None."""
    held = {**module.__dict__["_parameters"], **module.__dict__["_buffers"]}
    found = held.get(name)
    return None if found is None else found.detach().numpy().astype(np.float64)


def dense(module, x):
    out = x @ (values(module, "weight") * module.weight_gain).T
    out = out + values(module, "bias") * module.bias_gain
    return rectified(out) if module.activation == "lrelu" else out


def rectified(x):
    return np.where(x < 0, 0.2 * x, x) * math.sqrt(2)


def unit_power(x):
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-8)


def mapped(module, z, labels=None):
    x = unit_power(z)
    if labels is not None:
        x = np.concatenate([x, unit_power(dense(part(module, "embed"), labels))], axis=1)
    for i in range(module.num_layers):
        x = dense(part(module, f"fc{i}"), x)
    return x


def convolved(picture, kernel):
    """True convolution of (H, W) where the kernel (k, l) fits entirely."""
    k, length = kernel.shape
    rows, columns = picture.shape[0] - k + 1, picture.shape[1] - length + 1
    out = np.zeros((rows, columns))
    for i in range(k):
        for j in range(length):
            out += kernel[k - 1 - i, length - 1 - j] * picture[i : i + rows, j : j + columns]
    return out


def zeros_inserted(picture, up):
    out = np.zeros((picture.shape[0] * up, picture.shape[1] * up))
    out[::up, ::up] = picture
    return out


def resampled(picture, taps, up=1, down=1, padding=(0, 0, 0, 0), gain=1.0):
    """Insert zeros, pad (x0, x1, y0, y1; negative crops), convolve, decimate: (H, W)."""
    kernel = np.outer(taps, taps) if taps.ndim == 1 else taps
    raised = zeros_inserted(picture, up)
    x0, x1, y0, y1 = padding
    raised = np.pad(raised, ((max(y0, 0), max(y1, 0)), (max(x0, 0), max(x1, 0))))
    rows, columns = raised.shape
    raised = raised[max(-y0, 0) : rows - max(-y1, 0), max(-x0, 0) : columns - max(-x1, 0)]
    return convolved(raised, kernel * gain)[::down, ::down]


def demodulated(weight, style):
    """The kernels of one sample: weight (out, in, k, k), style (in,)."""
    scaled = weight * style[None, :, None, None]
    return scaled / np.sqrt((scaled**2).sum(axis=(1, 2, 3), keepdims=True) + 1e-8)


def correlated(x, weight, padding):
    """(in, H, W) with (out, in, k, k)."""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    return np.array(
        [sum(convolved(c, k[::-1, ::-1]) for c, k in zip(x, ks, strict=True)) for ks in weight]
    )


# -- StyleGAN2 -------------------------------------------------------------------------------


def styled(module, x, w, *, noise=True):
    """(in, H, W) and (w_dim,) to (out, up H, up W)."""
    style = dense(part(module, "affine"), w[None])[0]
    weight = demodulated(values(module, "weight"), style)
    if module.up == 2:
        smooth = values(module, "resample_filter")
        # picture with zeros, filtered; one more sample on each side for the kernel to reach.
        x = np.array([resampled(c, smooth, 2, padding=(3, 2, 3, 2), gain=4) for c in x])
        x = correlated(x, weight[:, :, ::-1, ::-1], 0)
    else:
        x = correlated(x, weight, 1)
    if noise and module.use_noise:
        x = x + values(module, "noise_const") * values(module, "noise_strength")
    return clamped(rectified(x + values(module, "bias")[:, None, None]), module.conv_clamp)


def clamped(x, most):
    return x if most is None else np.clip(x, -most, most)


def to_picture(module, x, w):
    style = dense(part(module, "affine"), w[None])[0] * module.weight_gain
    weight = values(module, "weight")[:, :, 0, 0] * style
    out = np.einsum("oi,ihw->ohw", weight, x) + values(module, "bias")[:, None, None]
    return clamped(out, module.conv_clamp)


def stylegan2(synthesis, ws, *, noise=True):
    """(num_ws, w_dim) to (channels, S, S)."""
    x = picture = None
    place = 0
    for side in synthesis.block_resolutions:
        module = part(synthesis, f"b{side}")
        x, picture = styled_block(module, x, picture, ws[place:], noise=noise)
        place += module.num_conv
    return picture


def styled_block(module, x, picture, ws, *, noise=True):
    names = ["conv0", "conv1"] if module.in_channels else ["conv1"]
    if not module.in_channels:
        x = values(module, "const")
    for name, w in zip(names, ws, strict=False):
        x = styled(part(module, name), x, w, noise=noise)
    raised = module.in_channels and part(module, "conv0").up == 2
    if picture is not None and raised:
        smooth = values(module, "resample_filter")
        picture = np.array([resampled(c, smooth, 2, padding=(2, 1, 2, 1), gain=4) for c in picture])
    if module.num_torgb:
        own = to_picture(part(module, "torgb"), x, ws[len(names)])
        picture = own if picture is None else picture + own
    return x, picture


# -- StyleGAN3 -------------------------------------------------------------------------------


def fourier(module, w):
    """(w_dim,) to (C, H, W): every wave at every sample."""
    four = dense(part(module, "affine"), w[None])[0]
    cos, sin, x, y = four / np.hypot(four[0], four[1])
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    moved = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
    whole = turned @ moved @ values(module, "transform")
    frequencies = values(module, "freqs") @ whole[:2, :2]
    phases = values(module, "phases") + values(module, "freqs") @ whole[:2, 2]
    rate, width = float(module.sampling_rate), int(module.size[0])
    places = (np.arange(width) + 0.5 - width / 2) / rate
    x, y = np.meshgrid(places, places)
    fade = 1 - (np.linalg.norm(frequencies, axis=1) - module.bandwidth) / (
        rate / 2 - module.bandwidth
    )
    waves = [
        np.sin(2 * np.pi * (fx * x + fy * y + phase)) * np.clip(f, 0, 1)
        for (fx, fy), phase, f in zip(frequencies, phases, fade, strict=True)
    ]
    weight = values(module, "weight")
    return np.einsum("oi,ihw->ohw", weight / math.sqrt(len(weight)), np.array(waves))


def filtered(module, x, w):
    """(in, H, W) and (w_dim,) to (out, H', W')."""
    style = dense(part(module, "affine"), w[None])[0]
    weight = values(module, "weight")
    if module.is_torgb:
        kernels = weight * (style / math.sqrt(weight[0].size))[None, :, None, None]
    else:
        kernels = demodulated(weight, style)
    x = correlated(x, kernels / math.sqrt(values(module, "magnitude_ema")), weight.shape[-1] - 1)
    x = x + values(module, "bias")[:, None, None]
    one = np.ones(1)
    up, down = values(module, "up_filter"), values(module, "down_filter")
    x = np.array(
        [
            resampled(c, one if up is None else up, module.up_factor, 1, module.padding, gain)
            for c, gain in zip(x, [module.up_factor**2] * len(x), strict=True)
        ]
    )
    x = clamped(x if module.is_torgb else rectified(x), module.conv_clamp)
    return np.array([resampled(c, one if down is None else down, 1, module.down_factor) for c in x])


def stylegan3(synthesis, ws):
    """(num_ws, w_dim) to (3, S, S)."""
    x = fourier(part(synthesis, "input"), ws[0])
    for name, w in zip(synthesis.layer_names, ws[1:], strict=True):
        x = filtered(part(synthesis, name), x, w)
    return x * synthesis.output_scale
