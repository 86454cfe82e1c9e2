"""Whether a folder of vectors has this one for an image: same_vector.py OUT NAME JSON-LIST."""
import json
import pathlib
import sys

import numpy
import pyarrow.parquet

out, name, listed = pathlib.Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
vectors = numpy.concatenate([numpy.load(each) for each in sorted(out.rglob("*.npy"))])
paths = [path for each in sorted(out.rglob("*.parquet"))
         for path in pyarrow.parquet.read_table(each)["image_path"].to_pylist()]
row = vectors[paths.index(name)].astype(numpy.float64)
cosine = float(row @ numpy.array(listed) / numpy.linalg.norm(row) / numpy.linalg.norm(listed))
print(cosine)
sys.exit(cosine < 0.99999)
