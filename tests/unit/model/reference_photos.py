"""The real photographs that references are made of: those that two packages ship."""
import importlib.util
import pathlib


def package(name):
    """A package's folder, found without running its code: only the photos in it are wanted."""
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])


PHOTOS = [package("skimage") / "data" / name for name in ("chelsea.png", "coffee.png", "astronaut.png")]
PHOTOS += [package("sklearn") / "datasets" / "images" / name for name in ("china.jpg", "flower.jpg")]
PHOTOS = [photo for photo in PHOTOS if photo.exists()]
