"""The K rows of an output folder that numpy finds nearest to each of the rows named, as JSON: [[[path, score], ...], ...]."""
import glob, json, os, sys
import numpy as np
import pyarrow.parquet as pq

out, k = sys.argv[1], int(sys.argv[2])
rows = np.concatenate([np.load(f) for f in sorted(glob.glob(os.path.join(out, "img_emb", "*.npy")))]).astype("f4")
paths = [p for f in sorted(glob.glob(os.path.join(out, "metadata", "*.parquet")))
         for p in pq.read_table(f)["image_path"].to_pylist()]
answer = {}
for path in sys.argv[3:]:
    scores = rows @ rows[paths.index(path)]
    answer[path] = [[paths[i], float(scores[i])] for i in np.argsort(-scores, kind="stable")[:k]]
json.dump(answer, sys.stdout)
