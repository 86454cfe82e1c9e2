#!/usr/bin/env python3
"""What single vectors cost a session, and how long they take while it runs.

    embedding_figures.py [--rate 4] [--callers 4] [--phases 6] [--seconds 15] [--json FILE]

A real server, coordinator, CPU worker and gateway on loopback embed real photos. In every other phase the callers post
images to /v1/embeddings, together at the given rate (0: each as soon as it has its answer). Prints images a second of
the session in each phase, their ratio, vectors a second, and their response times in the session and before it.
"""
import argparse
import base64
import json
import pathlib
import statistics
import threading
import time
import urllib.request

from gateway_figures import BENCH_PHOTOS, embedded, in_milliseconds, session_begun, told, wait_for, watched_fleet


def posted(port, body):
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/embeddings", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return len(json.load(answer)["data"])


def called(given, port, bodies, until):
    """All callers until then; each request's seconds."""
    times, bad = [], []

    def one(number):
        at, due = number, time.monotonic()
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                posted(port, bodies[at % len(bodies)])
                times.append(time.monotonic() - began)
            except OSError as refused:
                bad.append(str(refused))
            at += given.callers
            due += given.callers / given.rate if given.rate else 0
            time.sleep(max(0, min(due, until) - time.monotonic()))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(given.callers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return times, bad


def phases_of(given, cluster, port, bodies):
    rows, times, bad = [], [], []
    for number in range(given.phases):
        loaded, first, began, before = number % 2 == 1, embedded(cluster), time.monotonic(), len(times)
        if loaded:
            more = called(given, port, bodies, began + given.seconds)
            times, bad = times + more[0], bad + more[1]
        else:
            time.sleep(given.seconds)
        spent = time.monotonic() - began
        rows.append({"loaded": loaded, "images_per_second": round((embedded(cluster) - first) / spent, 1),
                     "vectors_per_second": round((len(times) - before) / spent, 1)})
        print(rows[-1], flush=True)
    rates = {kind: statistics.median(each["images_per_second"] for each in rows if each["loaded"] == kind)
             for kind in (False, True)}
    return {"phases": rows, "ratio": round(rates[True] / rates[False], 3), "in_session": in_milliseconds(times),
            "refusals": len(bad), "refused": sorted(set(bad))[:3]}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rate", type=float, default=4)
    arguments.add_argument("--callers", type=int, default=4)
    arguments.add_argument("--phases", type=int, default=6)
    arguments.add_argument("--seconds", type=float, default=15)
    arguments.add_argument("--json", type=pathlib.Path)
    given = arguments.parse_args()
    with watched_fleet(given) as (cluster, _, port):
        pictures = sorted(each for each in BENCH_PHOTOS.rglob("*.jpg") if each.stat().st_size < 1 << 20)[:32]
        bodies = [json.dumps({"model": "efficientnet-lite0", "encoding_format": "base64", "input": "data:image/jpeg;base64," +
                              base64.b64encode(each.read_bytes()).decode()}).encode() for each in pictures]
        wait_for(lambda: called(given, port, bodies, time.monotonic() + 0.5)[0], 60)  # the worker listens
        idle, _ = called(given, port, bodies, time.monotonic() + given.seconds)
        session_begun(cluster)
        found = {"before_session": in_milliseconds(idle), **phases_of(given, cluster, port, bodies)}
    told(found, given)


if __name__ == "__main__":
    main()
