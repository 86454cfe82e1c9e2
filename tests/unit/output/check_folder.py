"""Opens an output folder as its users do and compares every row with what the test expects (a JSON list)."""
import base64
import hashlib
import io
import json
import pathlib
import re
import sys

import numpy
import pyarrow
import pyarrow.parquet

out, expected = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())


def header_as_embedding_reader_parses_it(path):
    """numpy_reader.read_numpy_header of embedding-reader: the first line of at most 300 bytes, two patterns."""
    with open(path, "rb") as file:
        first_line = file.read(min(path.stat().st_size, 300)).split(b"\n")[0]
    shape = re.search(r"'shape': \(([0-9]+), ([0-9]+)\)", str(first_line))
    descr = re.search(r"'descr': '([<f0-9]+)'", str(first_line))
    return (int(shape.group(1)), int(shape.group(2))), descr.group(1), len(first_line) + 1


def check_row(row, vector, wanted):
    raw_path = base64.b64decode(wanted["path_base64"])
    assert row["image_path"] == wanted["image_path"], row
    assert row["asset_id"] == hashlib.sha256(raw_path).hexdigest()[:32], row
    for name in ("width", "height", "bytes", "device", "precision"):
        assert row[name] == wanted[name], (name, row)
    assert row["sha256"] == base64.b64decode(wanted["sha256_base64"]).hex(), row
    assert vector.tobytes() == base64.b64decode(wanted["vector"]), row


session = json.loads((out / "session.json").read_text())
npys, parquets = sorted((out / "img_emb").rglob("*")), sorted((out / "metadata").rglob("*"))
assert [f"img_emb/img_emb_{i:05}.npy" for i in range(len(npys))] == [str(p.relative_to(out)) for p in npys]
assert [s["npy"] for s in session["shards"]] == [str(p.relative_to(out)) for p in npys]
assert [s["parquet"] for s in session["shards"]] == [str(p.relative_to(out)) for p in parquets]

at = 0
for npy, parquet, shard in zip(npys, parquets, session["shards"], strict=True):
    matrix = numpy.load(npy, allow_pickle=False)
    assert matrix.flags["C_CONTIGUOUS"] and matrix.ndim == 2 and len(matrix) == shard["rows"] > 0
    descr = {"fp16": "<f2", "fp32": "<f4"}[session["dtype"]]
    assert header_as_embedding_reader_parses_it(npy) == (matrix.shape, descr, 128)
    same = io.BytesIO()
    numpy.save(same, matrix)
    assert same.getvalue() == npy.read_bytes(), "numpy.save writes other bytes"
    assert hashlib.sha256(npy.read_bytes()).hexdigest() == shard["npy_sha256"]
    table = pyarrow.parquet.read_table(parquet)
    assert table.column_names == ["image_path", "asset_id", "width", "height", "bytes", "mtime", "sha256", "device",
                                  "precision"]
    assert table.schema.field("mtime").type == pyarrow.timestamp("ns", "UTC")
    assert table.schema.field("width").type == pyarrow.int32() and table.schema.field("bytes").type == pyarrow.int64()
    mtimes = table["mtime"].cast(pyarrow.int64()).to_pylist()
    rows = table.drop_columns(["mtime"]).to_pylist()
    assert len(rows) == len(matrix)
    for row, mtime, vector in zip(rows, mtimes, matrix, strict=True):
        check_row(row, vector, expected[at])
        assert mtime == expected[at]["mtime_ns"], row
        at += 1
    try:
        import pandas
    except ImportError:
        continue
    assert str(pandas.read_parquet(parquet)["mtime"].dtype) == "datetime64[ns, UTC]"

assert at == len(expected) == session["counts"]["embedded"], (at, len(expected))
failures = [json.loads(line) for line in (out / "failures.jsonl").read_bytes().decode("utf-8").splitlines()]
assert len(failures) == session["counts"]["failed"]
assert all(list(f) == ["asset", "asset_id", "stage", "code", "reason", "attempts"] for f in failures)
