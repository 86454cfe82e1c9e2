"""Reads the exports of an output folder as their users do, and compares each with the folder. Prints what agreed."""
import glob, json, os, sys
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

out, place = sys.argv[1:3]
names = lambda folder, end: sorted(glob.glob(os.path.join(out, folder, "*" + end)))
rows = np.concatenate([np.load(f) for f in names("img_emb", ".npy")]).astype("f4")
about = pa.concat_tables([pq.read_table(f) for f in names("metadata", ".parquet")])
agreed = {}


def vectors_of(table):
    column = table["vector"].combine_chunks()
    return column.flatten().to_numpy(zero_copy_only=False).reshape(len(table), column.type.list_size)


file = os.path.join(place, "vectors.parquet")
if os.path.exists(file):
    table = pq.read_table(file)
    assert pa.types.is_fixed_size_list(table.schema.field("vector").type), table.schema
    assert (vectors_of(table) == rows).all()
    assert table.drop_columns(["vector"]).equals(about), "metadata differs"
    assert table.schema.metadata[b"space_id"].decode() == json.load(open(os.path.join(out, "session.json")))["space_id"]
    agreed["parquet"] = len(table)
folder = os.path.join(place, "faiss")
if os.path.isdir(folder):
    assert pq.read_table(os.path.join(folder, "rows.parquet")).equals(about)
    raw = open(os.path.join(folder, "index.faiss"), "rb").read()
    assert raw[:4] == b"IxFI" and (np.frombuffer(raw[45:], "<f4").reshape(rows.shape) == rows).all()
    agreed["faiss_bytes"] = len(rows)
    try:
        import faiss
    except ImportError:
        pass
    else:
        index = faiss.read_index(os.path.join(folder, "index.faiss"))
        assert index.ntotal == len(rows) and index.metric_type == faiss.METRIC_INNER_PRODUCT
        assert (index.reconstruct_n(0, len(rows)) == rows).all()
        scores, ids = index.search(rows, 3)
        assert abs(scores[:, 0] - 1).max() < 2e-3 and (np.diff(scores) <= 0).all()
        agreed["faiss"] = index.ntotal
folder = os.path.join(place, "qdrant")
if os.path.isdir(folder):
    assert json.load(open(os.path.join(folder, "collection.json"))) == {
        "vectors": {"size": rows.shape[1], "distance": "Cosine"}}
    points = [p for f in sorted(glob.glob(os.path.join(folder, "points-*.json"))) for p in json.load(open(f))["points"]]
    assert [p["id"].replace("-", "") for p in points] == about["asset_id"].to_pylist()
    assert [p["payload"]["image_path"] for p in points] == about["image_path"].to_pylist()
    assert (np.array([p["vector"] for p in points], "f4") == rows).all()
    agreed["qdrant"] = len(points)
file = os.path.join(place, "table.tsv")  # SELECT asset_id, image_path, embedding ... as COPY writes it
if os.path.exists(file):
    lines = [line.rstrip("\n").split("\t") for line in open(file, encoding="utf-8")]
    found = {line[0]: line for line in lines}
    assert len(found) == len(lines) == len(rows), (len(found), len(lines), len(rows))
    for id, path, vector in zip(about["asset_id"].to_pylist(), about["image_path"].to_pylist(), rows):
        assert found[id][1] == path, (found[id][1], path)
        assert (np.array(found[id][2].strip("{}[]").split(","), "f4") == vector).all(), path
    agreed["postgres"] = len(lines)
print(json.dumps(agreed))
