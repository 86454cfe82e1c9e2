"""What numpy finds for a text with the reference's own vector of it: text_judge.py OUT TEXTS_JSON TEXT K, as JSON
[[image_path, score], ...]; TEXTS_JSON is what tests/unit/model/text_towers.py wrote."""
import glob
import json
import os
import sys

import numpy as np
import pyarrow.parquet as pq

out, texts, text, count = sys.argv[1:]
rows = np.concatenate([np.load(f) for f in sorted(glob.glob(os.path.join(out, "img_emb", "*.npy")))]).astype("f4")
paths = [p for f in sorted(glob.glob(os.path.join(out, "metadata", "*.parquet")))
         for p in pq.read_table(f, columns=["image_path"])["image_path"].to_pylist()]
vector = next(np.array(row["vector"], "f4") for row in json.load(open(texts)) if row["text"] == text)
scores = rows @ vector
print(json.dumps([[paths[i], float(scores[i])] for i in np.argsort(-scores, kind="stable")[:int(count)]]))
