"""Where the corpus goes: one call for a good image with PIL's pixels, one for a file that must be refused."""
import importlib.util, io, os, random, sys
import numpy as np
from PIL import Image

Image.MAX_IMAGE_PIXELS = None
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
rows = []
rng = random.Random(7)


def write(name, data):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)


def square(image, size=224):
    w, h = image.size
    nw, nh = (size, int(size * h / w)) if w < h else (int(size * w / h), size)
    image = image.resize((nw, nh), Image.BICUBIC)
    x, y = (nw - size) // 2, (nh - size) // 2
    return np.asarray(image.crop((x, y, x + size, y + size)))


def good(name, data, expect="same"):
    write(name, data)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    np.asarray(image).tofile(os.path.join(out, name + ".rgb"))
    if max(image.size) <= 40 * min(image.size):
        square(image).tofile(os.path.join(out, name + ".square"))
    rows.append((name, expect, *image.size))


def bad(name, data, kinds):
    write(name, data)
    rows.append((name, kinds, 0, 0))


def save(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


# Only the folder is wanted: importing the package takes seconds.
photos = os.path.join(importlib.util.find_spec("sklearn").submodule_search_locations[0], "datasets", "images")
china = Image.open(os.path.join(photos, "china.jpg")).convert("RGB")
flower = Image.open(os.path.join(photos, "flower.jpg")).convert("RGB").resize((501, 333))
small = china.resize((97, 61))
noise = np.random.default_rng(3)
a8 = np.asarray(small)
alpha = np.asarray(small.convert("L"))
rgba = Image.fromarray(np.dstack([a8, alpha]))


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif
