"""The table of docs/memory.md: one small device, with and without what keeps its memory flat. memory_table.py [--json DIR]

A simulated device keeps freed buffers until it is synchronised, and has room for the weights and six batches of four
images. Run it from the checkout after ./ops/test, which builds the program that has such a device.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "ops"))
from soak import link_farm, photo_folder  # noqa: E402

PROGRAM = ROOT / "build/release/tests/simulated/trainyard_simulated"
MIB = 1 << 20
IMAGES_PER_BATCH = 4
NO_CLEANUP, NO_RECOVERY = "--no-gpu-memory-cleanup", "--no-oom-recovery"
EVERY = ["--gpu-memory-cleanup-interval", "10"]
ROWS = [("as the older service: no cleanup, no recovery", 100, [NO_CLEANUP, NO_RECOVERY]),
        ("recovery alone", 100, [NO_CLEANUP]),
        ("cleanup alone, every 10 images", 100, [*EVERY, NO_RECOVERY]),
        ("cleanup every 10 images", 1000, EVERY)]


def run(batches, extra, cap_mib):
    with tempfile.TemporaryDirectory(prefix="table-", dir=ROOT / "build") as folder:
        photos = pathlib.Path(folder) / "photos"
        photos.mkdir()
        link_farm(photos, photo_folder(None), batches * IMAGES_PER_BATCH)
        size = str(IMAGES_PER_BATCH)
        said = subprocess.run(
            [PROGRAM, "run", photos, "--out", f"{folder}/out", "--json", "--progress", "none", "--log-level", "off",
             "--device", "simdev", "--decoder", ROOT / "build/release/nodes/trainyard-decode", "--models-dir", ROOT / "build/models", "--batch-size", size,
             "--gpu-batch-size", size, *extra], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "SIMULATED_DEVICE_RETAINS": "1", "SIMULATED_DEVICE_SHORTAGE": "mps",
                 "SIMULATED_DEVICE_CAP_MIB": str(cap_mib), "XDG_STATE_HOME": f"{folder}/state"})
    return json.loads(said.stdout)


def room_for_six_batches():
    series = run(4, [NO_CLEANUP], 16_000)["devices"][0]["memory"]["series_bytes"]
    left_by_one = series[2] - series[1]
    return (series[0] - left_by_one + 6 * left_by_one) // MIB


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--json", type=pathlib.Path, help="folder for the reports, for ops/memory_plot.py")
    given = arguments.parse_args()
    if given.json:
        given.json.mkdir(parents=True, exist_ok=True)
    cap = room_for_six_batches()
    print(f"Device memory: {cap} MiB.\n\n| | batches done | ended | peak MiB | steady MiB | slope a batch | collections "
          "| retries |\n|---|---|---|---|---|---|---|---|")
    for number, (name, batches, extra) in enumerate(ROWS):
        report = run(batches, extra, cap)
        is_ = report["devices"][0]
        memory = is_["memory"]
        print(f"| {name} | {is_['batches']} of {batches} | {report['state']} | {memory['peak_bytes'] / MIB:.0f} "
              f"| {memory['steady_bytes'] / MIB:.0f} | {memory['slope_bytes_per_batch'] / 1024:+.1f} KiB "
              f"| {memory['collections']} | {memory['oom_retries']} |", flush=True)
        if given.json:
            (given.json / f"{number}.json").write_text(json.dumps({"report": report}))


if __name__ == "__main__":
    main()
