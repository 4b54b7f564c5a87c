"""Camera, sampling and film of Cycles."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import bpy

_BACKENDS = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")
"""Kinds of graphics cards, the fastest for one card first."""


def set_camera(scene: Any, camera: dict[str, Any]) -> None:
    """A pinhole that looks along -z, y up: a Blender camera that is not turned."""
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.angle = math.radians(camera["fov"])
    data.clip_start, data.clip_end = 0.01, 100.0
    seen = bpy.data.objects.new("camera", data)
    seen.location = camera["position"]
    scene.collection.objects.link(seen)
    scene.camera = seen


def set_sampling(scene: Any, effort: dict[str, Any]) -> str:
    """Paths, bounces, seed and where they are traced; gives the name of the device."""
    cycles = scene.cycles
    cycles.samples = effort["samples"]
    cycles.seed = effort["seed"]
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = effort["threshold"]
    cycles.adaptive_min_samples = effort["samples"] // 4
    cycles.use_denoising = False  # Open Image Denoise runs later, for both renderers alike
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 12, 4, 4
    cycles.transmission_bounces, cycles.transparent_max_bounces = 12, 24
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy = 0.5
    cycles.sample_clamp_indirect = effort["clamp"]
    cycles.pixel_filter_type, cycles.filter_width = "BLACKMAN_HARRIS", 1.3
    scene.cycles_curves.shape = "THICK"
    scene.render.threads_mode, scene.render.threads = "FIXED", effort["threads"]
    device = _graphics_card() if effort["graphics_card"] else None
    cycles.device = "GPU" if device else "CPU"
    return device or "CPU"


def _graphics_card() -> str | None:
    """Turn on the cards of the best backend; its name, or None where there is no card."""
    preferences = bpy.context.preferences.addons["cycles"].preferences
    offered = {entry[0] for entry in preferences.get_device_types(bpy.context)}
    for backend in _BACKENDS:
        if backend not in offered:
            continue
        cards = [d for d in preferences.get_devices_for_type(backend) if d.type == backend]
        if cards:
            preferences.compute_device_type = backend
            for card in cards:
                card.use = True
            return backend
    return None


def set_film(scene: Any, size: int, picture: Path) -> None:
    """Linear radiance, coverage and what the denoiser wants, as one EXR of 32-bit floats."""
    render = scene.render
    render.resolution_x = render.resolution_y = size
    render.resolution_percentage = 100
    render.film_transparent = True
    layer = scene.view_layers[0]
    layer.cycles.denoising_store_passes = True
    aov = layer.aovs.add()
    aov.name, aov.type = "skin", "VALUE"
    form = render.image_settings
    form.media_type = "MULTI_LAYER_IMAGE"
    form.file_format = "OPEN_EXR_MULTILAYER"
    form.color_depth, form.exr_codec = "32", "NONE"
    form.use_exr_interleave = True  # one part: else a part a pass
    render.filepath = str(picture)
