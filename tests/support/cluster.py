"""A whole cluster of real processes on loopback, for scripts: a server, coordinators and workers by name."""
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"
PRODUCT = BUILD / "nodes/trainyard"
SIMULATED = BUILD / "tests/simulated/trainyard_simulated"
NULL_WORKER = BUILD / "tests/bench/trainyard_null_worker"


def free_port():
    """Below the ports that systems hand out by themselves, so that nobody takes it while its server is down."""
    while True:
        port = random.randint(10240, 32767)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Cluster:
    """`roles` are "server", "c1", ... and "w1", ...: coordinators and workers. With `keeps_up` what has ended is started
    again, as a service manager would. `worker` is the command that workers are, after it come --node and --root. `cores`
    gives a role a core of its own, where the system can: machines do not take each other's time."""

    def __init__(self, folder, photos, roles=("server", "c1", "c2", "w1", "w2"), worker=None, keeps_up=True, cores=None):
        self.folder, self.photos, self.roles, self.keeps_up = folder, photos, roles, keeps_up
        self.worker = worker or [PRODUCT, "worker", "--device", "cpu", "--forward-threads", "1", "--decode-threads", "1"]
        self.cores = (cores or {}) if shutil.which("taskset") else {}
        self.port = free_port()
        self.store = folder / "store"
        self.processes, self.held_down, self.starts = {}, set(), collections.Counter()
        self.lock, self.over = threading.Lock(), threading.Event()
        (folder / "nats.conf").write_text(
            f'listen: "127.0.0.1:{self.port}"\nmax_payload: 8MB\njetstream {{ store_dir: "{self.store}" }}\n')
        self.environment = {**os.environ, "TRAINYARD_NATS": f"nats://127.0.0.1:{self.port}",
                            "TRAINYARD_MODELS_DIR": str(ROOT / "build/models"), "XDG_CONFIG_HOME": str(folder / "config"),
                            "XDG_STATE_HOME": str(folder / "state"), "OMP_NUM_THREADS": "1",
                            "SIMULATED_DEVICE_FAULT": "deadly"}
        self.keeper = threading.Thread(target=self.keep_up, daemon=True)

    def command(self, role):
        if role == "server":
            return ["nats-server", "-c", self.folder / "nats.conf"]
        root = ["--node", role, "--root", f"photos={self.photos}"]
        if role.startswith("c"):
            return [PRODUCT, "coordinator", "--output-root", self.folder / "out", "--shard-rows", "90", *root]
        return [*self.worker, *root]

    def start(self, role):
        self.starts[role] += 1
        with open(self.folder / f"{role}.log", "ab") as log:
            pinned = ["taskset", "-c", self.cores[role]] if role in self.cores else []
            self.processes[role] = subprocess.Popen([str(each) for each in (*pinned, *self.command(role))], stdout=log, stderr=log,
                                                    env=self.environment)

    def begin(self):
        for role in self.roles:
            self.start(role)
            time.sleep(0.3 if role == "server" else 0)
        if self.keeps_up:
            self.keeper.start()

    def keep_up(self):
        while not self.over.wait(0.5):
            with self.lock:
                for role, process in list(self.processes.items()):
                    if process.poll() is not None and role not in self.held_down:
                        self.start(role)

    def signal(self, role, which):
        with self.lock:
            if self.processes[role].poll() is None:
                self.processes[role].send_signal(which)

    def roll_back(self, pause):
        """The server ends, and comes back with its store as it was `pause` seconds before."""
        copy = self.folder / "store-copy"
        shutil.rmtree(copy, ignore_errors=True)
        try:
            shutil.copytree(self.store, copy)
        except shutil.Error:
            return False  # files came and went while they were copied
        time.sleep(pause)
        with self.lock:
            self.held_down.add("server")
        self.signal("server", signal.SIGKILL)
        self.processes["server"].wait()
        shutil.rmtree(self.store, ignore_errors=True)
        copy.rename(self.store)
        with self.lock:
            self.held_down.discard("server")
        return True

    def ask(self, *arguments):
        try:
            done = subprocess.run([str(PRODUCT), *map(str, arguments), "--json"], env=self.environment, timeout=30,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        except subprocess.TimeoutExpired:
            return None
        try:
            return json.loads(done.stdout) if done.returncode == 0 else None
        except json.JSONDecodeError:
            return None

    def end(self):
        self.over.set()
        if self.keeper.is_alive():
            self.keeper.join()
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


def sample_photos():
    """A thousand real photos, made once."""
    folder = ROOT / "build/bench-photos"
    if not folder.exists():
        subprocess.run([sys.executable, ROOT / "ops/sample_photos.py", folder, "--count", "1000"], check=True)
    return sorted(each for each in folder.rglob("*") if each.is_file())
