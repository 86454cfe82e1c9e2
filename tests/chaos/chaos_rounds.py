#!/usr/bin/env python3
"""Rounds of random faults on a whole cluster of real processes, each judged against an undisturbed run.

    chaos_rounds.py [--rounds 50] [--seed 1] [--images 400] [--faults 6] [--parallel 2] [--poison] [--json FILE]

Each round has a nats-server, two coordinators and two workers, and one session of real photos. A seeded schedule kills
(-9), halts (SIGSTOP, then SIGCONT) or ends (SIGTERM) one role or several at once, and starts again what is gone; some
rounds also put the server's store back to an earlier copy. A round passes when the session is completed, every image
stands exactly once in the shards or in failures.jsonl, the vectors are bit for bit those of the undisturbed run, and
nothing but planted poison failed. With --poison the workers have a simulated device that ends its process when it sees
one of three planted pictures, and vectors may differ by 1e-6. Exit status 1 when a round fails; its folder is then kept.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import numpy
import pyarrow.parquet

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cluster import PRODUCT, ROOT, SIMULATED, Cluster, sample_photos  # noqa: E402

PATIENCE_SECONDS = 420
ROLES = ("server", "c1", "c2", "w1", "w2")


def rows_of(out):
    """Each image's vector; a path that stands twice is an error."""
    rows = {}
    for table in sorted((out / "metadata").glob("metadata_*.parquet")):
        number = table.stem.split("_")[1]
        vectors = numpy.load(out / "img_emb" / f"img_emb_{number}.npy")
        paths = pyarrow.parquet.read_table(table)["image_path"].to_pylist()
        if len(paths) != len(vectors):
            raise ValueError(f"{table.name} has {len(paths)} rows, its vectors {len(vectors)}")
        for path, vector in zip(paths, vectors):
            if path in rows:
                raise ValueError(f"{path} stands twice")
            rows[path] = vector
    return rows


def failures_of(out):
    file = out / "failures.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def disturb(cluster, dice, faults, done):
    """Runs the schedule; what it did, by name."""
    did = collections.Counter()
    for _ in range(faults):
        if done.wait(dice.uniform(0.5, 4)):
            break
        fault = dice.choices(["kill", "halt", "end", "several", "rollback"], [45, 25, 10, 15, 5])[0]
        role = dice.choice(ROLES)
        if fault == "kill":
            cluster.signal(role, signal.SIGKILL)
            did[f"kill {role[0]}"] += 1
        elif fault == "end":
            cluster.signal(role, signal.SIGTERM)
            did[f"end {role[0]}"] += 1
        elif fault == "halt":
            cluster.signal(role, signal.SIGSTOP)
            time.sleep(dice.uniform(0.5, 9))
            cluster.signal(role, signal.SIGCONT)
            did[f"halt {role[0]}"] += 1
        elif fault == "several":
            for each in dice.sample(ROLES, dice.randint(2, len(ROLES))):
                cluster.signal(each, signal.SIGKILL)
            did["kill several"] += 1
        elif cluster.roll_back(dice.uniform(0.5, 3)):
            did["store rolled back"] += 1
    return did


def judge(cluster, expected, images, poisoned):
    """What is wrong; nothing when all is well. (The simulated device's last bits depend on how many images are in a pass.)"""
    tolerance = 1e-6 if poisoned else 0
    out = cluster.folder / "out/s1"
    try:
        rows = rows_of(out)
    except (ValueError, OSError) as error:
        return str(error)
    failed = {each["asset"] for each in failures_of(out)}
    if failed != poisoned:
        return f"failed: {sorted(failed)}, planted: {sorted(poisoned)}"
    if set(rows) != set(expected):
        return f"{len(set(expected) - set(rows))} images are missing, {len(set(rows) - set(expected))} are strange"
    differ = [path for path in rows if not numpy.allclose(rows[path], expected[path], rtol=0, atol=tolerance)]
    if differ:
        return f"{len(differ)} vectors differ, {differ[0]} first"
    if len(rows) + len(failed) != images:
        return f"{len(rows)} + {len(failed)} of {images}"
    return ""


def run_round(number, given, photos, expected, poisoned):
    dice = random.Random(given.seed * 1_000_003 + number)
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"trainyard-chaos-{number}-"))
    cluster = Cluster(folder, photos, ROLES, [SIMULATED, "worker", "--device", "simdev", "--no-decode-isolation"] if given.poison else None)
    began, wrong, did = time.monotonic(), "", collections.Counter()
    try:
        cluster.begin()
        while not cluster.ask("submit", ".", "--root", "photos", "--session-id", "s1", "--batch-size",
                              dice.choice([4, 8, 16]), "--dtype", "fp32"):
            if time.monotonic() - began > 60:
                raise TimeoutError("nobody took the session within a minute")
            time.sleep(0.3)
        done = threading.Event()
        did = disturb(cluster, dice, given.faults, done)
        faults_end = time.monotonic()
        while (cluster.ask("status", "s1") or {}).get("state") not in ("completed", "failed"):
            if time.monotonic() - faults_end > PATIENCE_SECONDS:
                raise TimeoutError(f"not completed: {cluster.ask('status', 's1')}")
            time.sleep(0.5)
        status = cluster.ask("status", "s1") or {}
        wrong = "" if status.get("state") == "completed" else f"it is {status.get('state')}: {status.get('reason')}"
        wrong = wrong or judge(cluster, expected, len(expected) + len(poisoned), poisoned)
    except TimeoutError as error:
        wrong = str(error)
    finally:
        cluster.end()
    seconds = time.monotonic() - began
    if not wrong:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"round {number}: {'ok' if not wrong else 'FAILED: ' + wrong + ' (' + str(folder) + ')'}, {seconds:.0f} s, "
          + ", ".join(f"{name} x{count}" for name, count in sorted(did.items())), flush=True)
    return {"round": number, "wrong": wrong, "seconds": round(seconds, 1), "faults": did,
            "starts": dict(cluster.starts)}


def make_photos(folder, images, poison):
    files = sample_photos()
    for number in range(images):
        one = files[number * 7 % len(files)]
        shutil.copy(one, folder / f"{number:05d}{one.suffix}")
    planted = set()
    if poison:
        import PIL.Image
        for number in (3, images // 2, images - 5):
            name = f"{number:05d}-poison.png"
            PIL.Image.new("RGB", (300, 260), (255, 0, 255)).save(folder / name)
            planted.add(name)
    return planted


def undisturbed(folder, photos, poison):
    """Vectors of a run that nothing happens to; the product's CPU device gives the simulated one's bits."""
    out = folder / "undisturbed"
    subprocess.run([str(PRODUCT), "run", str(photos), "--out", str(out), "--dtype", "fp32", "--device", "cpu", "--progress",
                    "none", "--models-dir", str(ROOT / "build/models")], check=True, stdout=subprocess.DEVNULL)
    return {path: row for path, row in rows_of(out).items() if path not in poison}


def table(results):
    print("\n| fault | times | rounds with it | of these passed |\n|---|---|---|---|")
    for fault in sorted({name for each in results for name in each["faults"]}):
        having = [each for each in results if each["faults"].get(fault)]
        print(f"| {fault} | {sum(each['faults'][fault] for each in having)} | {len(having)} | "
              f"{sum(not each['wrong'] for each in having)} |")
    times = sorted(each["seconds"] for each in results)
    print(f"\n{sum(not each['wrong'] for each in results)} of {len(results)} rounds passed; "
          f"{times[0]:.0f} to {times[-1]:.0f} s a round, median {times[len(times) // 2]:.0f} s")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--images", type=int, default=400)
    arguments.add_argument("--faults", type=int, default=6)
    arguments.add_argument("--parallel", type=int, default=2)
    arguments.add_argument("--poison", action="store_true")
    arguments.add_argument("--json", type=pathlib.Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="trainyard-chaos-") as text:
        folder = pathlib.Path(text)
        photos = folder / "photos"
        photos.mkdir()
        poisoned = make_photos(photos, given.images, given.poison)
        expected = undisturbed(folder, photos, poisoned)
        with concurrent.futures.ThreadPoolExecutor(given.parallel) as rounds:
            results = list(rounds.map(lambda number: run_round(number, given, photos, expected, poisoned),
                                      range(1, given.rounds + 1)))
    table(results)
    if given.json:
        given.json.write_text(json.dumps(results, indent=1))
    return any(each["wrong"] for each in results)


if __name__ == "__main__":
    sys.exit(main())
