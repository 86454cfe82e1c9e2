"""Compares two output folders by image: the same names, vectors (byte for byte), hashes and failures, in whatever order
rows stand. Prints the number of images."""
import json, os, sys
import numpy as np
import pyarrow.parquet as pq

def content(out):
    session = json.load(open(os.path.join(out, "session.json")))
    arrays = sorted(os.listdir(os.path.join(out, "img_emb")))
    tables = sorted(os.listdir(os.path.join(out, "metadata")))
    assert arrays == [os.path.basename(s["npy"]) for s in session["shards"]], (arrays, session["shards"])
    assert tables == [os.path.basename(s["parquet"]) for s in session["shards"]], (tables, session["shards"])
    rows = {}
    for array, table in zip(arrays, tables):  # as embedding-reader pairs them: by sorted names
        vectors = np.load(os.path.join(out, "img_emb", array))
        columns = ["image_path", "sha256", "width", "height", "bytes"]
        metadata = pq.read_table(os.path.join(out, "metadata", table), columns=columns).to_pylist()
        assert len(vectors) == len(metadata) > 0
        for vector, row in zip(vectors, metadata):
            assert row["image_path"] not in rows, row["image_path"] + " has two rows"
            rows[row["image_path"]] = (vector.tobytes(), row["sha256"], row["width"], row["height"], row["bytes"])
    failures = [json.loads(line) for line in open(os.path.join(out, "failures.jsonl"), encoding="utf-8")]
    failed = {f["asset"]: (f["stage"], f["code"]) for f in failures}
    assert len(failed) == len(failures), "an image failed twice"
    counts = session["counts"]
    assert (len(rows), len(failed)) == (counts["embedded"], counts["failed"]), counts
    assert counts["total"] == counts["embedded"] + counts["failed"] + counts["skipped"], counts
    return rows, failed

(rows, failed), (other_rows, other_failed) = (content(out) for out in sys.argv[1:3])
assert rows.keys() == other_rows.keys(), rows.keys() ^ other_rows.keys()
for path in rows:
    assert rows[path] == other_rows[path], path
assert failed == other_failed, (failed, other_failed)
print(len(rows))
