"""What became of each asset of an output folder, by asset_id: "embedded" or the failure's code. One JSON object."""
import json, os, sys
import pyarrow.parquet as pq

out = sys.argv[1]
outcomes = {}
for table in sorted(os.listdir(os.path.join(out, "metadata"))):
    for asset in pq.read_table(os.path.join(out, "metadata", table))["asset_id"].to_pylist():
        assert asset not in outcomes, asset
        outcomes[asset] = "embedded"
for line in open(os.path.join(out, "failures.jsonl"), encoding="utf-8"):
    failure = json.loads(line)
    assert failure["asset_id"] not in outcomes, failure
    assert failure["reason"] and failure["reason"].isprintable(), failure
    outcomes[failure["asset_id"]] = failure["code"]
print(json.dumps(outcomes))
