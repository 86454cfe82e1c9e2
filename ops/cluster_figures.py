#!/usr/bin/env python3
"""Figures of a cluster on this machine, of real processes on loopback: how it shares work out, and what that costs.

    cluster_figures.py [makespan] [shares] [dispatch] [takeover] [drain] [--rounds 3] [--images N] [--json FILE]

makespan  two workers, one halted nine tenths of the time: time of a session against the ideal split of its images
shares    three sessions of weights 4, 2 and 1: what each gets while all three want work
dispatch  null devices: batches a second, a coordinator's CPU per 1,000 batches, its memory, and how long `status` takes
takeover  the owner is killed (-9): until another one has the session, and until results are counted again
drain     a worker is told to end (SIGTERM) with its hands full: until it has ended

Needs `trainyard` and `trainyard_null_worker` (ops/cluster_figures builds both). docs/reliability.md explains the numbers.
"""
import argparse
import asyncio
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from cluster import NULL_WORKER, PRODUCT, Cluster, sample_photos  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


def photo_folder(folder, images):
    folder.mkdir()
    files = sample_photos()
    for number in range(images):
        one = files[number * 7 % len(files)]
        shutil.copy(one, folder / f"{number:05d}{one.suffix}")
    return folder


def wait_for(what, seconds=120, every=0.2):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(every)
    raise TimeoutError(f"not within {seconds} s")


def submitted(cluster, session, *more):
    wait_for(lambda: cluster.ask("submit", ".", "--root", "photos", "--session-id", session, *more), 60)


def ended(cluster, session):
    status = cluster.ask("status", session)
    return status if status and status["state"] in ("completed", "failed") else None


def throttle(process, share, period=0.05):
    """Lets it run for `share` of each period, until the returned event is set."""
    over = threading.Event()

    def run():
        while not over.is_set() and process.poll() is None:
            process.send_signal(signal.SIGCONT)
            time.sleep(period * share)
            process.send_signal(signal.SIGSTOP)
            time.sleep(period * (1 - share))
        process.send_signal(signal.SIGCONT)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return over, thread


def ready(cluster, workers):
    """Until so many devices take work: a halted one needs its time for that."""
    def all_there():
        devices = (cluster.ask("devices") or {}).get("devices", [])
        return sum(each["state"] == "ready" for each in devices) >= workers
    wait_for(all_there, 180)


def seconds_of(cluster, session, workers, *more):
    """From submission to the last result, by the session's own clock."""
    ready(cluster, workers)
    submitted(cluster, session, *more)
    return wait_for(lambda: ended(cluster, session), 900)["report"]


def last_work(cluster, session):
    """By worker: its images, and the seconds from the session's start to when it had the last of them (heartbeats: to
    within a second). Ends with the session."""
    began, seen, first = time.monotonic(), {}, {}
    while True:
        status = ended(cluster, session)
        for each in (cluster.ask("devices") or {}).get("devices", []):
            first.setdefault(each["node"], each["images"])
            made = each["images"] - first[each["node"]]
            if made > seen.get(each["node"], (0, 0))[0]:
                seen[each["node"]] = made, time.monotonic() - began
        if status:
            return status["report"], seen
        time.sleep(0.3)


def makespan(given, folder):
    """Two ideals: of the rates that each worker had alone, a minute before, and of those that it had in the very session,
    which is the fairer one where the machine's speed changes from minute to minute. Each worker has a core of its own, as machines have: else the slow one takes time of the fast one, whose rate alone
    is what the ideal is made of. What is left of the slow one's core is the server's and the coordinator's."""
    photos = photo_folder(folder / "photos", given.images or 2000)
    cores = {"server": 1, "c1": 1, "w1": 0, "w2": 1} if len(os.sched_getaffinity(0)) > 1 else {}
    few = photo_folder(folder / "few", 60)
    rounds = []
    for number in range(given.rounds):
        place = folder / f"makespan{number}"
        place.mkdir()
        rates = {}
        for name, share in (("w1", 1.0), ("w2", 0.1)):
            (place / name).mkdir()
            alone = Cluster(place / name, photos if share == 1 else few, ("server", "c1", name), keeps_up=False, cores=cores)
            alone.begin()
            stop = throttle(alone.processes[name], share)[0] if share < 1 else None
            try:
                report = seconds_of(alone, "alone", 1, "--batch-size", 32)
                rates[name] = report["embedded"] / report["seconds"]
            finally:
                if stop:
                    stop.set()
                alone.end()
        (place / "both").mkdir()
        both = Cluster(place / "both", photos, ("server", "c1", "w1", "w2"), keeps_up=False, cores=cores)
        both.begin()
        stop = throttle(both.processes["w2"], 0.1)[0]
        try:
            ready(both, 2)
            submitted(both, "both", "--batch-size", 32)
            report, work = last_work(both, "both")
        finally:
            stop.set()
            both.end()
        ideal = report["embedded"] / sum(rates.values())
        ideal_within = report["embedded"] / sum(images / seconds for images, seconds in work.values())
        rounds.append({"fast_images_per_second": rates["w1"], "slow_images_per_second": rates["w2"], "ideal_seconds": ideal,
                       "seconds": report["seconds"], "ratio": report["seconds"] / ideal, "last_work_seconds": work,
                       "ratio_within": max(seconds for _, seconds in work.values()) / ideal_within,
                       "images": [each["images"] for each in report["devices"]]})
        print(f"makespan: {rounds[-1]}", flush=True)
    return {"rounds": rounds, "median_ratio": statistics.median(each["ratio"] for each in rounds),
            "median_ratio_within": statistics.median(each["ratio_within"] for each in rounds)}


def shares(given, folder):
    photos = photo_folder(folder / "photos", given.images or 1500)
    cluster = Cluster(folder, photos, ("server", "c1", "w1", "w2"), keeps_up=False)
    cluster.begin()
    weights = {"a": 4, "b": 2, "c": 1}
    series = []
    try:
        for session, weight in weights.items():
            submitted(cluster, session, "--weight", weight, "--batch-size", 16)
        start = time.monotonic()
        while True:
            states = {each: cluster.ask("status", each) for each in weights}
            if any(not state or state["state"] == "completed" for state in states.values()):
                break
            series.append((round(time.monotonic() - start, 1), {each: state["embedded"] for each, state in states.items()}))
            time.sleep(2)
    finally:
        cluster.end()
    rows = []
    for (_, before), (at, after) in zip(series[::3], series[3::3]):
        made = {each: after[each] - before[each] for each in weights}
        if sum(made.values()):
            rows.append({"seconds": at, "shares": {each: round(made[each] / sum(made.values()), 3) for each in weights}})
            print(f"shares: {rows[-1]}", flush=True)
    last = series[-1][1]
    total = sum(last.values())
    return {"rows": rows, "over_all": {each: round(last[each] / total, 3) for each in weights},
            "ideal": {each: round(weight / 7, 3) for each, weight in weights.items()}}


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mib(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def status_times(url, session, over):
    import nats
    link = await nats.connect(url)
    times = []
    while not over.is_set():
        began = time.monotonic()
        await link.request(f"trainyard.api.status.{session}", b"", timeout=10)
        times.append(time.monotonic() - began)
        await asyncio.sleep(0.01)
    await link.close()
    return times


def dispatch(given, folder):
    """Empty files, so that neither disk nor decoding counts: null devices do not open them."""
    images = given.images or 640_000
    photos = folder / "photos"
    for number in range(images):
        if number % 10_000 == 0:
            (photos / f"{number // 10_000:05d}").mkdir(parents=True)
        (photos / f"{number // 10_000:05d}" / f"{number:08d}.jpg").touch()
    cluster = Cluster(folder, photos, ("server", "c1", "w1", "w2"), [NULL_WORKER, "--device", "cpu", "--no-decode-isolation"], False)
    cluster.begin()
    over, times = threading.Event(), []
    try:
        wait_for(lambda: cluster.ask("devices"), 60)
        owner = cluster.processes["c1"].pid
        submitted(cluster, "null", "--batch-size", 64)
        asking = threading.Thread(
            target=lambda: times.extend(asyncio.run(status_times(f"nats://127.0.0.1:{cluster.port}", "null", over))))
        asking.start()
        wait_for(lambda: (cluster.ask("status", "null") or {}).get("embedded", 0) > images // 10, 300)
        before, began, first = cpu_seconds(owner), time.monotonic(), cluster.ask("status", "null")["embedded"]
        server_before = cpu_seconds(cluster.processes["server"].pid)
        highest = 0.0
        while not ended(cluster, "null"):
            highest = max(highest, rss_mib(owner))
            last, at = (cluster.ask("status", "null") or {}).get("embedded", 0), time.monotonic()
            if last > images * 9 // 10:
                break
            time.sleep(0.2)
        batches = (last - first) / 64
        found = {"images": images, "batches_per_second": batches / (at - began),
                 "coordinator_cpu_seconds_per_1000_batches": (cpu_seconds(owner) - before) / batches * 1000,
                 "server_cpu_seconds_per_1000_batches": (cpu_seconds(cluster.processes["server"].pid) - server_before) / batches * 1000,
                 "coordinator_highest_rss_mib": highest}
        wait_for(lambda: ended(cluster, "null"), 300)
    finally:
        over.set()
        time.sleep(0.1)
        cluster.end()
    asking.join()
    times.sort()
    found["status_requests"] = len(times)
    found["status_median_ms"] = 1000 * times[len(times) // 2]
    found["status_p99_ms"] = 1000 * times[int(len(times) * 0.99)]
    return found


def takeover(given, folder):
    photos = photo_folder(folder / "photos", given.images or 800)
    rounds = []
    for number in range(given.rounds):
        place = folder / f"takeover{number}"
        place.mkdir()
        cluster = Cluster(place, photos, keeps_up=False)
        cluster.begin()
        try:
            submitted(cluster, "s1", "--batch-size", 8)
            first = wait_for(lambda: (lambda s: s if s and s["embedded"] > 40 else None)(cluster.ask("status", "s1")), 120)
            owner = first["coordinator"]
            cluster.signal(owner, signal.SIGKILL)
            killed = time.monotonic()
            other = next(each for each in ("c1", "c2") if each != owner)
            reached = lambda: (cluster.ask("status", "s1") or {})
            wait_for(lambda: reached().get("coordinator") == other, 60, 0.05)
            taken = time.monotonic() - killed
            before = reached().get("embedded", 0)
            wait_for(lambda: reached().get("embedded", 0) > before, 60, 0.05)
            rounds.append({"another_owner_seconds": round(taken, 2), "results_again_seconds": round(time.monotonic() - killed, 2)})
            print(f"takeover: {rounds[-1]}", flush=True)
        finally:
            cluster.end()
    return {"rounds": rounds}


def drain(given, folder):
    photos = photo_folder(folder / "photos", given.images or 800)
    rounds = []
    for number in range(given.rounds):
        place = folder / f"drain{number}"
        place.mkdir()
        cluster = Cluster(place, photos, keeps_up=False)
        cluster.begin()
        try:
            submitted(cluster, "s1", "--batch-size", 16)
            wait_for(lambda: (cluster.ask("status", "s1") or {}).get("embedded", 0) > 100, 120)
            cluster.signal("w1", signal.SIGTERM)
            told = time.monotonic()
            cluster.processes["w1"].wait(60)
            gone = time.monotonic() - told
            status = wait_for(lambda: ended(cluster, "s1"), 300)
            rounds.append({"ended_after_seconds": round(gone, 2), "state": status["state"], "embedded": status["embedded"]})
            print(f"drain: {rounds[-1]}", flush=True)
        finally:
            cluster.end()
    return {"rounds": rounds}


def main():
    figures = {each.__name__: each for each in (makespan, shares, dispatch, takeover, drain)}
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("which", nargs="*", choices=[*figures, []], default=[])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--images", type=int)
    arguments.add_argument("--json", type=pathlib.Path)
    given = arguments.parse_args()
    found = {}
    for name in given.which or figures:
        with tempfile.TemporaryDirectory(prefix="trainyard-figures-") as folder:
            found[name] = figures[name](given, pathlib.Path(folder))
        print(json.dumps({name: found[name]}), flush=True)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
