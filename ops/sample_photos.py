#!/usr/bin/env python3
"""Make a small tree of sample photos out of the real photographs that installed packages ship.

    sample_photos.py DEST [--count 200] [--mixed]

Crops, flips and exposures of a dozen photographs; mostly JPEG, some PNG, WebP and BMP. The same packages and the
same count give the same pictures. --mixed spreads the sizes from thumbnails to twelve megapixels. DEST appears
complete or not at all.
"""
import argparse
import importlib.util
import os
import random
import shutil
import sys
from pathlib import Path

from PIL import Image, ImageEnhance

# Only photographs: the packages also ship diagrams, masks and microscope pictures.
PHOTOS = {
    ("skimage", "data"): ["astronaut.png", "camera.png", "chelsea.png", "coffee.png", "rocket.jpg",
                          "motorcycle_left.png", "motorcycle_right.png", "grass.png", "gravel.png"],
    ("sklearn", "datasets/images"): ["china.jpg", "flower.jpg"],
}
SIZES = [(500, 375), (375, 500), (640, 480), (480, 640), (800, 600), (1024, 768)]


def sources():
    """Paths of the photographs that are there. The packages are located, never imported."""
    found = []
    for (package, folder), names in PHOTOS.items():
        spec = importlib.util.find_spec(package)
        base = Path(spec.origin).parent / folder if spec and spec.origin else None
        found += [base / name for name in names if base and (base / name).is_file()]
    return found


def mixed_size(dice):
    """Many small and medium pictures, a few of a camera's size; any shape from 2:1 to 1:2."""
    longest = int(dice.choices([dice.uniform(120, 640), dice.uniform(640, 1600), dice.uniform(2000, 4000)],
                               weights=[60, 35, 5])[0])
    other = int(longest * dice.uniform(0.5, 1.0))
    return (longest, other) if dice.random() < 0.6 else (other, longest)


def variant(photo, dice, mixed):
    """One new picture: a crop of half to all of the photo, maybe mirrored, a little lighter or darker."""
    wide, high = mixed_size(dice) if mixed else dice.choice(SIZES)
    share = dice.uniform(0.5, 1.0)
    scale = min(photo.width / wide, photo.height / high) * share
    crop_wide, crop_high = wide * scale, high * scale
    left, top = dice.uniform(0, photo.width - crop_wide), dice.uniform(0, photo.height - crop_high)
    box = (left, top, left + crop_wide, top + crop_high)
    out = photo.resize((wide, high), Image.Resampling.LANCZOS, box=box)
    if dice.random() < 0.5:
        out = out.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return ImageEnhance.Brightness(out).enhance(dice.uniform(0.8, 1.15))


def save(picture, stem, number, dice):
    kind = {11: ".png", 23: ".webp", 37: ".bmp", 31: ".png"}.get(number % 40, ".jpg")
    options = {".jpg": {"quality": dice.randint(85, 93)}, ".webp": {"quality": 88}}.get(kind, {})
    picture.save(stem.with_name(stem.name + kind), **options)


def make(dest, count, mixed):
    found = sources()
    if not found:
        sys.exit("error: no photographs found: scikit-image and scikit-learn are not installed here\n"
                 "  run ops/setup, and this script with build/venv/bin/python")
    photos = [(path.stem, Image.open(path).convert("RGB")) for path in found]
    for number in range(count):
        name, photo = photos[number % len(photos)]
        dice = random.Random(f"{name} {number}")
        folder = dest / name
        folder.mkdir(parents=True, exist_ok=True)
        save(variant(photo, dice, mixed), folder / f"{name}_{number:04d}", number, dice)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("dest", type=Path)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--mixed", action="store_true")
    given = arguments.parse_args()
    if given.count < 1:
        arguments.error(f"--count is {given.count}, not a number from 1 on")
    if given.dest.exists():
        arguments.error(f"{given.dest} is there already; remove it to make the photos anew")
    unfinished = given.dest.with_name(f".{given.dest.name}.{os.getpid()}")
    try:
        make(unfinished, given.count, given.mixed)
        unfinished.rename(given.dest)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


if __name__ == "__main__":
    main()
