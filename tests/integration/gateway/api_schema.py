"""schemathesis against a gateway: api_schema.py PORT. Its document is the contract; every answer must keep it."""
import pathlib
import subprocess
import sys
import tempfile

CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "negative_data_rejection", "unsupported_method")

with tempfile.TemporaryDirectory(prefix="trainyard-schemathesis-") as folder:  # it keeps a cache where it is started
    done = subprocess.run([
        pathlib.Path(sys.executable).parent / "schemathesis", "run", f"http://127.0.0.1:{sys.argv[1]}/api/v1/openapi.json",
        "--exclude-path", "/api/v1/events",  # a stream that does not end
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--seed", "1",
        "--workers", "1", "--request-timeout", "20", "--no-color"], cwd=folder)
sys.exit(done.returncode)
