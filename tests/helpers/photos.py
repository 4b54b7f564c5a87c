"""Photographs made from the samples."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageEnhance


def write_photos(folder: Path, portrait: Path, count: int) -> Path:
    """`count` different photographs of one face, and one without."""
    folder.mkdir(parents=True, exist_ok=True)
    with Image.open(portrait) as opened:
        face = opened.convert("RGB").resize((320, 320))
    for i in range(count):
        shade = ImageEnhance.Brightness(face).enhance(0.7 + 0.6 * i / count)
        shade.save(folder / f"photo_{i:03d}.jpg", quality=90)
    Image.new("RGB", (200, 100), (90, 120, 90)).save(folder / "plain.png")
    return folder
