#!/usr/bin/env python3
"""Rate of `trainyard search` on made rows, with numpy's brute force as the judge of what it finds.

    search_figures.py TRAINYARD IMAGE [--rows 200000] [--rounds 5]

Makes an output folder of random unit rows (half a gigabyte for 200,000) in the default model's space, searches it
for the image, and prints one JSON object. numpy reads the same files for the same query.
"""
import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

DIM, SHARD = 1280, 10_000


def table(first, count):
    """Metadata with the columns and types of the product's."""
    text = [f"{i:08d}.jpg" for i in range(first, first + count)]
    number = lambda kind: pa.array(np.full(count, 640), kind)
    columns = {"image_path": text, "asset_id": [f"{i:032x}" for i in range(first, first + count)], "width": number(pa.int32()),
               "height": number(pa.int32()), "bytes": number(pa.int64()), "mtime": number(pa.timestamp("ns", "UTC")),
               "sha256": ["0" * 64] * count, "device": ["cpu"] * count, "precision": ["fp32"] * count}
    return pa.table(columns)


def make(folder, rows, space):
    random = np.random.default_rng(1)
    for part in ("img_emb", "metadata"):
        os.makedirs(os.path.join(folder, part), exist_ok=True)
    shards = []
    for shard, first in enumerate(range(0, rows, SHARD)):
        count = min(SHARD, rows - first)
        made = random.standard_normal((count, DIM), dtype="f4")
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        name = f"img_emb/img_emb_{shard:05d}.npy"
        np.save(os.path.join(folder, name), made.astype("<f2"))
        pq.write_table(table(first, count), os.path.join(folder, f"metadata/metadata_{shard:05d}.parquet"))
        shards.append({"npy": name, "rows": count})
    session = {"schema": 1, "session_id": "figures", "state": "completed", "dim": DIM, "dtype": "fp16", "precision": "fp32",
               "directory": "/", "shards": shards, **space}
    with open(os.path.join(folder, "session.json"), "w") as file:
        json.dump(session, file)


def search(args, folder, hits):
    begin = time.perf_counter()
    done = subprocess.run([args.trainyard, "search", folder, "--image", args.image, "-k", str(hits), "--json"],
                          check=True, capture_output=True)
    return json.loads(done.stdout) | {"command_seconds": time.perf_counter() - begin}


def space_and_vector(args, scratch):
    """Embeds the image alone: its folder says the space, its row is the query but for fp16's rounding."""
    photos, out = os.path.join(scratch, "photo"), os.path.join(scratch, "one")
    os.makedirs(photos)
    shutil.copy(args.image, photos)
    subprocess.run([args.trainyard, "run", photos, "--out", out, "--dtype", "fp32", "--progress", "none"], check=True,
                   capture_output=True)
    session = json.load(open(os.path.join(out, "session.json")))
    return {key: session[key] for key in ("model", "space_id")}, np.load(os.path.join(out, "img_emb/img_emb_00000.npy"))[0]


def numpy_search(folder, query, hits):
    begin = time.perf_counter()
    names = sorted(os.listdir(os.path.join(folder, "img_emb")))
    scores = np.concatenate([np.load(os.path.join(folder, "img_emb", n)).astype("f4") @ query for n in names])
    best = np.argsort(-scores, kind="stable")[:hits]
    return best, scores[best], time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trainyard")
    parser.add_argument("image")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        space, query = space_and_vector(args, scratch)
        folder = os.path.join(scratch, "big")
        make(folder, args.rows, space)
        wanted, scores, _ = numpy_search(folder, query, 20)
        found = [search(args, folder, 20) for _ in range(args.rounds)]
        hits = [(h["image_path"], h["score"]) for h in found[-1]["hits"]]
        same = sum(name == f"{row:08d}.jpg" for (name, _), row in zip(hits, wanted))
        furthest = max(abs(score - wished) for (_, score), wished in zip(hits, scores))
        seconds = sorted(f["search_seconds"] for f in found)[args.rounds // 2]
        numpy_seconds = sorted(numpy_search(folder, query, 20)[2] for _ in range(args.rounds))[args.rounds // 2]
        print(json.dumps({"rows": args.rows, "dim": DIM, "same_of_20": same, "furthest_score": furthest,
                          "search_seconds": seconds, "million_rows_per_second": args.rows / seconds / 1e6,
                          "gigabytes_per_second": args.rows * DIM * 2 / seconds / 1e9, "numpy_seconds": numpy_seconds,
                          "command_seconds": sorted(f["command_seconds"] for f in found)[args.rounds // 2]}))


if __name__ == "__main__":
    main()
