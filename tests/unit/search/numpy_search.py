"""Brute force over the shards of a made folder: the K best rows for each query of a .npy, as JSON."""
import glob, json, os, sys
import numpy as np

root, queries, k = sys.argv[1], np.load(sys.argv[2]), int(sys.argv[3])
rows = np.concatenate([np.load(f) for f in sorted(glob.glob(os.path.join(root, "img_emb", "*.npy")))]).astype("f4")
found = []
for query in queries:
    scores = rows @ query
    best = np.argsort(-scores, kind="stable")[:k]
    found.append({"rows": best.tolist(), "scores": scores[best].tolist()})
json.dump(found, sys.stdout)
