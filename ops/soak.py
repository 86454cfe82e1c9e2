"""Embeds N batches (or for M minutes) of photos of very different sizes through `trainyard run` and judges memory.

    soak.py [--batches 1000 | --minutes M] [--batch-size 8] [--photos DIR] [--compare ROUNDS] [--program PROGRAM]
            [--json FILE] [-- ARGUMENTS OF trainyard run]

Reads the process's resident memory from outside and the device's own series from the report. With --compare every
round runs with and without memory cleanup, in turn. Exit status 1 when memory grows or an image is unaccounted for.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from memory_figures import figures, sentence

ROOT = pathlib.Path(__file__).resolve().parent.parent
PHOTOS = 240
MOST_LINKS = 400_000
READ_EVERY_SECONDS = 0.25


def photo_folder(given):
    if given:
        return given
    made = ROOT / "build/soak-photos"
    if not made.exists():
        print("making photos of mixed sizes: build/soak-photos", file=sys.stderr)
        subprocess.run([sys.executable, ROOT / "ops/sample_photos.py", made, "--count", str(PHOTOS), "--mixed"],
                       check=True)
    return made


def link_farm(folder, photos, images):
    """`images` names for the photos, in turn; hard links, so that millions of names need no room."""
    files = sorted(each for each in photos.rglob("*") if each.is_file())
    if not files:
        sys.exit(f"error: no files in {photos}\n  give a folder of photos")
    for number in range(images):
        source = files[number % len(files)]
        place = folder / f"{number // 1000:04d}"
        if number % 1000 == 0:
            place.mkdir()
        name = place / f"{number:07d}{source.suffix}"
        try:
            os.link(source, name)
        except OSError:  # another file system
            shutil.copy(source, name)


def resident_bytes(pid):
    """By kind: all of it, and where the system tells (Linux) the heap, files that are mapped, and what is shared."""
    try:
        lines = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        return {kind: int(lines[name].split()[0]) * 1024 for kind, name in
                (("all", "VmRSS"), ("heap", "RssAnon"), ("files", "RssFile"), ("shared", "RssShmem"))}
    except (OSError, KeyError):
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
        return {"all": int(said) * 1024 if said else 0}


def soak(program, folder, batch_size, seconds, extra):
    """One run; its report, and resident bytes over time. The report's "ended_well" says whether it ran to its end."""
    with tempfile.TemporaryDirectory(prefix="trainyard-soak-") as out:
        command = [program, "run", folder, "--out", f"{out}/out", "--json", "--progress", "none",
                   "--log-level", "warn", "--batch-size", str(batch_size), *extra]
        said = open(pathlib.Path(out) / "report.json", "w+")  # not a pipe, which a long report would fill
        running = subprocess.Popen([str(each) for each in command], stdout=said)
        started, readings, ended = time.monotonic(), [], "completed"
        while running.poll() is None:
            readings.append(resident_bytes(running.pid))
            if seconds and time.monotonic() - started > seconds:
                running.send_signal(signal.SIGINT)
                seconds, ended = None, "interrupted"
            time.sleep(READ_EVERY_SECONDS)
        said.seek(0)
        text = said.read()
    if not text:
        sys.exit(f"error: trainyard ended with status {running.returncode} and no report\n  see its error above")
    report = json.loads(text)
    report["ended_well"] = report["state"] == ended
    return report, [each for each in readings if each["all"]]


def judge(report, readings):
    """Prints what one run showed. Whether it ended with every image accounted for, and whether memory was flat."""
    counts = {name: report[name] for name in ("total", "embedded", "failed", "skipped", "pending")}
    closed = counts["total"] == sum(counts[name] for name in ("embedded", "failed", "skipped", "pending"))
    print(f"{report['state']}: {counts['embedded']} embedded, {counts['failed']} failed of {counts['total']}, "
          f"{report['images_per_second']:.1f} img/s{'' if closed else '; BOOKS NOT CLOSED'}")
    sound, flat = closed and report["ended_well"] and counts["embedded"] > 0, True
    for device in report["devices"]:
        memory = device["memory"]
        said = figures(memory["series_bytes"], memory["series_step_batches"])
        print("  " + sentence(f"{device['id']} after each batch ({device['batches']} batches)", said)
              + "; slope per batch")
        print(f"    collections {memory['collections']} {memory['collection_reasons']} in "
              f"{memory['collection_seconds']:.2f} s, out of memory: {memory['oom_retries']} retries, "
              f"{memory['oom_splits']} splits, {memory['micro_batch']} images per pass at the end")
        flat = flat and (said is None or said["flat"])
    said = figures([each["all"] for each in readings], READ_EVERY_SECONDS)
    print("  " + sentence("process, resident", said) + "; slope per second")
    for kind in (name for name in (readings[-1] if readings else {}) if name != "all"):
        print("    " + sentence(f"of it {kind}", figures([each.get(kind, 0) for each in readings], READ_EVERY_SECONDS)))
    return sound, flat and (said is None or said["flat"])


def compare(rounds, run):
    """Cleanup on and off in turn; ratios of throughput, and where memory settled."""
    rates, settled, good, unsound = [], [], True, False
    for number in range(rounds):
        pair = {}
        for name in ("on", "off") if number % 2 == 0 else ("off", "on"):
            print(f"-- round {number + 1}, cleanup {name}")
            report, readings = run([] if name == "on" else ["--no-gpu-memory-cleanup"])
            sound, flat = judge(report, readings)
            good, unsound = good and sound and (flat or name == "off"), unsound or not sound
            pair[name] = report["images_per_second"], statistics.median(each["all"] for each in readings[len(readings) // 2:])
        if unsound:
            break
        rates.append(pair["on"][0] / pair["off"][0])
        settled.append(pair["on"][1] / pair["off"][1])
    if not rates:
        return False
    print(f"throughput with cleanup / without: median {statistics.median(rates):.3f} "
          f"({min(rates):.3f} to {max(rates):.3f}); resident memory in the second half: "
          f"median {statistics.median(settled):.2f}")
    return good


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--batches", type=int, default=1000)
    arguments.add_argument("--minutes", type=float)
    arguments.add_argument("--batch-size", type=int, default=8)
    arguments.add_argument("--photos", type=pathlib.Path)
    arguments.add_argument("--compare", type=int, metavar="ROUNDS")
    arguments.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/nodes/trainyard")
    arguments.add_argument("--json", type=pathlib.Path, help="where to write the report and the readings")
    arguments.add_argument("extra", nargs=argparse.REMAINDER)
    given = arguments.parse_args()
    extra = [each for each in given.extra if each != "--"]
    images = MOST_LINKS if given.minutes else given.batches * given.batch_size
    seconds = given.minutes * 60 if given.minutes else None
    with tempfile.TemporaryDirectory(prefix="soak-", dir=ROOT / "build") as folder:
        link_farm(pathlib.Path(folder), photo_folder(given.photos), images)

        def run(more):
            return soak(given.program, folder, given.batch_size, seconds, [*extra, *more])

        if given.compare:
            sys.exit(0 if compare(given.compare, run) else 1)
        report, readings = run([])
    if given.json:
        given.json.write_text(json.dumps({"report": report, "resident_bytes": readings}))
    sys.exit(0 if all(judge(report, readings)) else 1)


if __name__ == "__main__":
    main()
