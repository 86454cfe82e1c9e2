#!/usr/bin/env python3
"""What watching costs: open dashboards and clients that ask for a status, in turn with nobody, during one session.

    gateway_figures.py [--dashboards 50] [--status-rate 200] [--phases 6] [--seconds 15] [--json FILE]

A real server, coordinator, CPU worker and gateway on loopback embed real photos. Every other phase has the load: each
dashboard holds an event stream and polls what the overview polls, at its pace; the clients send status requests at the
given rate over 8 connections. Prints images a second of each phase, their ratio, response times, and the CPU time of
gateway, coordinator and of the load itself, which runs on the same cores: a browser elsewhere would not take that.
"""
import argparse
import asyncio
import contextlib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/support"))
from cluster import PRODUCT, ROOT, Cluster, free_port, sample_photos  # noqa: E402
from cluster_figures import cpu_seconds, ready, submitted, wait_for  # noqa: E402
from soak import link_farm  # noqa: E402

SESSIONS = "/api/v1/training/sessions"
POLLED = ((f"{SESSIONS}?state=running&limit=50", 2), ("/api/v1/nodes", 2), ("/api/v1/history", 5))
STATUS_CONNECTIONS = 8
BENCH_PHOTOS = ROOT / "build/bench-photos"
MOST_A_SECOND = 200  # of images: the session must not end before the last phase


class Caller:
    """One connection that is kept; each request's time is noted, and each answer that is not 200."""

    def __init__(self, port, times, bad):
        self.port, self.times, self.bad, self.streams = port, times, bad, None

    async def get(self, path):
        began = time.monotonic()
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        reader, writer = self.streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: application/json\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = next((int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:")), 0)
        await reader.readexactly(length)
        self.times.append(time.monotonic() - began)
        if " 200 " not in head.split("\r\n", 1)[0]:
            self.bad.append(head.split("\r\n", 1)[0])

    def close(self):
        if self.streams:
            self.streams[1].close()


async def asked_again_and_again(caller, path, pause, until):
    try:
        due = time.monotonic()
        while time.monotonic() < until:
            await caller.get(path)
            due = max(due + pause, time.monotonic() - pause)
            await asyncio.sleep(max(0, min(due, until) - time.monotonic()))
    finally:
        caller.close()


async def events_heard(port, until, heard):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    writer.write(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n".encode())
    try:
        while (left := until - time.monotonic()) > 0:
            part = await asyncio.wait_for(reader.read(65536), left)
            if not part:
                break
            heard.append(part.count(b"\nevent:") + part.startswith(b"event:"))
    except asyncio.TimeoutError:
        pass
    finally:
        writer.close()


async def load(given, port, session, until):
    pages, statuses, bad, heard, tasks = [], [], [], [], []
    for _ in range(given.dashboards):
        tasks.append(events_heard(port, until, heard))
        tasks += [asked_again_and_again(Caller(port, pages, bad), path, pause, until) for path, pause in POLLED]
    pause = STATUS_CONNECTIONS / given.status_rate
    tasks += [asked_again_and_again(Caller(port, statuses, bad), f"{SESSIONS}/{session}", pause, until)
              for _ in range(STATUS_CONNECTIONS)]
    said = await asyncio.gather(*tasks, return_exceptions=True)
    return pages, statuses, bad + [repr(each) for each in said if each is not None], sum(heard)


def in_milliseconds(times):
    times = sorted(times)
    return {"requests": len(times), "median_ms": round(1000 * times[len(times) // 2], 2),
            "p99_ms": round(1000 * times[int(len(times) * 0.99)], 2), "most_ms": round(1000 * times[-1], 2)} if times else {}


def embedded(cluster):
    return wait_for(lambda: cluster.ask("status", "watched"), 30)["embedded"]


def phases_of(given, cluster, gateway, port):
    rows, pages, statuses, bad, events = [], [], [], [], 0
    for number in range(given.phases):
        loaded = number % 2 == 1
        parts = {"gateway": gateway.pid, "coordinator": cluster.processes["c1"].pid}
        cpu, own, began, first = {name: cpu_seconds(pid) for name, pid in parts.items()}, time.process_time(), \
            time.monotonic(), embedded(cluster)
        if loaded:
            more = asyncio.run(load(given, port, "watched", began + given.seconds))
            pages, statuses, bad, events = pages + more[0], statuses + more[1], bad + more[2], events + more[3]
        else:
            time.sleep(given.seconds)
        last, spent = embedded(cluster), time.monotonic() - began
        rows.append({"loaded": loaded, "images_per_second": round((last - first) / spent, 1),
                     "load_cpu": round((time.process_time() - own) / spent, 3),
                     **{f"{name}_cpu": round((cpu_seconds(pid) - cpu[name]) / spent, 3) for name, pid in parts.items()}})
        print(rows[-1], flush=True)
    rates = {kind: statistics.median(each["images_per_second"] for each in rows if each["loaded"] == kind)
             for kind in (False, True)}
    return {"phases": rows, "ratio": round(rates[True] / rates[False], 3), "pages": in_milliseconds(pages),
            "status": in_milliseconds(statuses), "events": events, "refused": sorted(set(bad))[:5], "refusals": len(bad)}


@contextlib.contextmanager
def watched_fleet(given):
    """Server, coordinator, worker and gateway, with photos for a session that outlasts all phases."""
    with tempfile.TemporaryDirectory(prefix="trainyard-figures-") as name:
        folder = pathlib.Path(name)
        photos = folder / "photos"
        photos.mkdir()
        sample_photos()
        link_farm(photos, BENCH_PHOTOS, int((given.phases + 2) * given.seconds * MOST_A_SECOND))
        cluster = Cluster(folder, photos, ("server", "c1", "w1"), keeps_up=False)
        cluster.begin()
        port = free_port()
        with open(folder / "gateway.log", "ab") as log:
            gateway = subprocess.Popen([str(PRODUCT), "gateway", "--listen", f"127.0.0.1:{port}"], stdout=log, stderr=log,
                                       env=cluster.environment)
        try:
            ready(cluster, 1)
            yield cluster, gateway, port
        finally:
            gateway.kill()
            gateway.wait()
            cluster.end()


def session_begun(cluster):
    submitted(cluster, "watched", "--batch-size", "16")
    wait_for(lambda: embedded(cluster) > 100, 120)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--dashboards", type=int, default=50)
    arguments.add_argument("--status-rate", type=float, default=200)
    arguments.add_argument("--phases", type=int, default=6)
    arguments.add_argument("--seconds", type=float, default=15)
    arguments.add_argument("--json", type=pathlib.Path)
    given = arguments.parse_args()
    with watched_fleet(given) as (cluster, gateway, port):
        session_begun(cluster)
        found = phases_of(given, cluster, gateway, port)
    told(found, given)


def told(found, given):
    print(json.dumps(found))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
