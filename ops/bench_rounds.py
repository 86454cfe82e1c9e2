#!/usr/bin/env python3
"""Measure decoding, the forward pass and `trainyard run` in turn, and hold the whole against its parts.

    bench_rounds.py [DIR] [--rounds N] [--seconds S] [--model FOLDER] [--precision P] [-- FLAGS OF trainyard run]

Each round runs all three, so that whatever else the machine does meets them alike. A table goes to stderr and one
line of JSON to stdout; docs/performance.md explains both.
"""
import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
TRAINYARD = ROOT / "build/release/nodes/trainyard"
BENCH = ROOT / "build/release/tests/bench/trainyard_bench"
MODEL = ROOT / "build/models/efficientnet-lite0"


def output_of(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"error: {' '.join(map(str, command))} ended with status {done.returncode}\n"
                 "  its own message stands above")
    return done.stdout


def stage(name, given, cores):
    lanes = ["--lanes", cores, "--precision", given.precision] if name == "forward" else []
    threads = 1 if lanes else cores
    text = output_of([BENCH, name, given.dir, "--model", given.model, "--seconds", given.seconds,
                      "--threads", threads, *lanes])
    return json.loads(text)


def whole(given):
    """`trainyard run` as a user starts it: all threads and the private server's CPU time are counted."""
    flags = given.run_flags
    with tempfile.TemporaryDirectory(prefix="trainyard-bench-") as out:
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        text = output_of([TRAINYARD, "run", given.dir, "--out", Path(out) / "vectors", "--model", given.model,
                          "--precision", given.precision, "--json", "--progress", "none", "--log-level", "off", *flags])
        seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(text)
    done = report["embedded"]
    if report["failed"]:
        print(f"note: {report['failed']} images failed", file=sys.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"images": done, "seconds": seconds, "images_per_second": done / seconds,
            "session_images_per_second": report["images_per_second"], "cpu_seconds_per_image": cpu / done}


def compared(one, cores):
    """One round: what the parts allow, by the clock and by CPU time, and what the whole reached of it."""
    parts = 1 / one["decode"]["images_per_second"] + 1 / one["forward"]["images_per_second"]
    cpu = one["decode"]["cpu_seconds_per_image"] + one["forward"]["cpu_seconds_per_image"]
    return {"bound": 1 / parts, "bound_of_an_idle_machine": cores / cpu,
            "end_to_end_over_bound": one["end_to_end"]["images_per_second"] * parts,
            "session_over_bound": one["end_to_end"]["session_images_per_second"] * parts,
            "cpu_over_parts": one["end_to_end"]["cpu_seconds_per_image"] / cpu}


def first_match(pattern, file):
    try:
        return re.search(pattern, Path(file).read_text()).group(1)
    except (OSError, AttributeError):
        return None


def machine(cores):
    cpu = first_match(r"model name\s*:\s*(.+)", "/proc/cpuinfo")
    if cpu is None and sys.platform == "darwin":
        cpu = output_of(["sysctl", "-n", "machdep.cpu.brand_string"]).strip()
    return {"cpu": cpu or platform.machine(), "cores": cores,
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            "load_average_before": os.getloadavg()[0], "torch": metadata.version("torch"),
            "system": platform.platform()}


def table(rounds, ratios, load):
    def row(name, values, digits=1):
        cells = [f"{value:10.{digits}f}" for value in (median(values), min(values), max(values))]
        print(f"{name:34}" + "".join(cells), file=sys.stderr)
    print(f"{'':34}{'median':>10}{'least':>10}{'most':>10}   (load before: {load:.1f})", file=sys.stderr)
    for name in ("decode", "forward", "end_to_end"):
        row(f"{name}, images/s", [one[name]["images_per_second"] for one in rounds])
    for name in ("decode", "forward", "end_to_end"):
        row(f"{name}, CPU ms an image", [one[name]["cpu_seconds_per_image"] * 1000 for one in rounds], 2)
    row("bound, images/s", [one["bound"] for one in ratios])
    row("bound of an idle machine, images/s", [one["bound_of_an_idle_machine"] for one in ratios])
    row("end-to-end / bound", [one["end_to_end_over_bound"] for one in ratios], 3)
    row("without start and stop / bound", [one["session_over_bound"] for one in ratios], 3)
    row("CPU of the whole / of its parts", [one["cpu_over_parts"] for one in ratios], 3)


def photos(given):
    if given.dir is None:
        given.dir = given.photos
        if not given.photos.exists():
            print(f"making 1000 sample photos: {given.photos}", file=sys.stderr)
            output_of([sys.executable, ROOT / "ops/sample_photos.py", given.photos, "--count", 1000])
    if not given.dir.is_dir():
        sys.exit(f"error: '{given.dir}' is not a directory\n  give a directory of photos")


def arguments():
    line = argparse.ArgumentParser(prog="ops/bench", description=__doc__.splitlines()[0])
    line.add_argument("dir", nargs="?", type=Path, metavar="DIR")
    line.add_argument("--rounds", type=int, default=5)
    line.add_argument("--seconds", type=float, default=5, help="least time of each stage alone")
    line.add_argument("--model", type=Path, default=MODEL, help="folder of the model")
    line.add_argument("--precision", default="fp32", help="of the network: fp32, bf16, fp16")
    line.add_argument("--photos", type=Path, default=ROOT / "build/bench-photos", help=argparse.SUPPRESS)
    words, flags = sys.argv[1:], []
    if "--" in words:
        at = words.index("--")
        words, flags = words[:at], words[at + 1:]
    given = line.parse_args(words)
    given.run_flags = flags
    if given.rounds < 1:
        line.error(f"--rounds is {given.rounds}, not a number from 1 on")
    return given


def main():
    given = arguments()
    photos(given)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    about = machine(cores)
    rounds = []
    for number in range(given.rounds):
        print(f"round {number + 1} of {given.rounds}", file=sys.stderr)
        rounds.append({"decode": stage("decode", given, cores), "forward": stage("forward", given, cores),
                       "end_to_end": whole(given)})
    ratios = [compared(one, cores) for one in rounds]
    table(rounds, ratios, about["load_average_before"])
    medians = {key: median(one[key] for one in ratios) for key in ratios[0]}
    for name in ("decode", "forward", "end_to_end"):
        for key in ("images_per_second", "cpu_seconds_per_image"):
            medians[f"{name}_{key}"] = median(one[name][key] for one in rounds)
    print(json.dumps({"schema": 1, "machine": about, "directory": str(given.dir), "flags": given.run_flags,
                      "medians": medians, "ratios": ratios, "rounds": rounds}))


if __name__ == "__main__":
    main()
