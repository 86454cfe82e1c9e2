"""Reads an output folder with numpy and pyarrow as users do, and checks it against the photos. Prints one JSON object."""
import hashlib, json, os, sys
import numpy as np
import pyarrow.parquet as pq

photos, out = sys.argv[1:3]
session = json.load(open(os.path.join(out, "session.json")))
arrays = sorted(os.listdir(os.path.join(out, "img_emb")))
tables = sorted(os.listdir(os.path.join(out, "metadata")))
assert [a.split("_")[-1].split(".")[0] for a in arrays] == [t.split("_")[-1].split(".")[0] for t in tables], (arrays, tables)
paths, rows, norms = [], 0, []
for array, table in zip(arrays, tables):
    vectors = np.load(os.path.join(out, "img_emb", array))
    metadata = pq.read_table(os.path.join(out, "metadata", table))
    assert vectors.ndim == 2 and len(vectors) == metadata.num_rows > 0, (vectors.shape, metadata.num_rows)
    assert np.isfinite(vectors).all()
    norms.append(np.linalg.norm(vectors.astype(np.float32), axis=1))
    for path, sha in zip(metadata["image_path"].to_pylist(), metadata["sha256"].to_pylist()):
        assert hashlib.sha256(open(os.path.join(photos, path), "rb").read()).hexdigest() == sha, path
        paths.append(path)
    rows += len(vectors)
assert rows == session["counts"]["embedded"], (rows, session["counts"])
assert sum(s["rows"] for s in session["shards"]) == rows
assert len(set(paths)) == len(paths), "an image has two rows"
assert paths == sorted(paths, key=lambda p: p.split("/")), "rows do not stand in listing order"
norms = np.concatenate(norms)
assert abs(norms - 1).max() < 2e-3, norms
failures = [json.loads(line) for line in open(os.path.join(out, "failures.jsonl"), encoding="utf-8")]
assert not {f["asset"] for f in failures} & set(paths)
print(json.dumps({"rows": rows, "dim": int(vectors.shape[1]), "dtype": str(vectors.dtype),
                  "failed": {f["asset"]: [f["stage"], f["code"]] for f in failures}}))
