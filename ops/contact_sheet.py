#!/usr/bin/env python3
"""Draw a few photos and their nearest neighbours by the vectors of an output folder.

    contact_sheet.py OUT DIR SHEET.jpg [--queries 5] [--neighbours 5] [--seed 1]

A look at what the vectors are good for: each row is one photo and the photos nearest to it, with their cosines.
"""
import argparse
import glob
import os
import random

import numpy as np
import pyarrow.parquet as pq
from PIL import Image, ImageDraw

SIDE = 150


def load(out):
    """All vectors as float32 and their paths, shard by shard."""
    arrays = [np.load(f) for f in sorted(glob.glob(os.path.join(out, "img_emb", "*.npy")))]
    tables = [pq.read_table(f) for f in sorted(glob.glob(os.path.join(out, "metadata", "*.parquet")))]
    return np.concatenate(arrays).astype(np.float32), [p for t in tables for p in t["image_path"].to_pylist()]


def thumbnail(path):
    with Image.open(path) as photo:
        photo.draft("RGB", (2 * SIDE, 2 * SIDE))
        photo = photo.convert("RGB")
    scale = SIDE / min(photo.size)
    photo = photo.resize([round(scale * s) for s in photo.size])
    left, top = (photo.width - SIDE) // 2, (photo.height - SIDE) // 2
    return photo.crop((left, top, left + SIDE, top + SIDE))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("directory")
    parser.add_argument("sheet")
    parser.add_argument("--queries", type=int, default=5)
    parser.add_argument("--neighbours", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    vectors, paths = load(args.out)
    queries = random.Random(args.seed).sample(range(len(paths)), min(args.queries, len(paths)))
    sheet = Image.new("RGB", ((args.neighbours + 1) * (SIDE + 6) + 12, len(queries) * (SIDE + 22)), "white")
    draw = ImageDraw.Draw(sheet)
    for row, query in enumerate(queries):
        cosines = vectors @ vectors[query]
        nearest = [query] + [i for i in np.argsort(-cosines, kind="stable") if i != query][: args.neighbours]
        for column, index in enumerate(nearest):
            x = column * (SIDE + 6) + (12 if column else 0)
            y = row * (SIDE + 22)
            sheet.paste(thumbnail(os.path.join(args.directory, paths[index])), (x, y))
            draw.text((x + 2, y + SIDE + 4), f"{cosines[index]:.3f}" if column else "query", fill="black")
    sheet.save(args.sheet, quality=82)


if __name__ == "__main__":
    main()
