#!/usr/bin/env python3
"""Forward pass alone: trainyard against Python runtimes, same weights, interleaved.

    forward_peers.py PHOTOS --model FOLDER --onnx FILE [--hf] [--peers NAME,...] [--rounds 5] [--seconds 4] [--batch 16]

Peers stay loaded and take turns; each turn is a window of --seconds of one peer, so that a drift of the machine meets all
alike. trainyard is loaded anew for each of its windows and starts its clock when it is warm. Needs, in the Python that
runs this, torch, onnxruntime and openvino; transformers for --hf (FOLDER is a CLIP vision tower). Between rounds the rate of
a large matrix product is measured: the machine's roofline of that minute. Prints the median of each and its ratio to
trainyard of the same precision.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
BENCH = ROOT / "build/release/tests/bench/trainyard_bench"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def torch_eager(given, precision, compiled=False):
    import torch
    from transformers import CLIPVisionModelWithProjection
    torch.set_num_threads(CORES)
    model = CLIPVisionModelWithProjection.from_pretrained(given.model).eval()
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    model = model.to(kind)
    if compiled:
        torch._inductor.config.freezing = True
        model = torch.compile(model)
    pixels = torch.randn(given.batch, 3, 224, 224).to(kind)

    def run():
        with torch.inference_mode():
            return model(pixel_values=pixels).image_embeds
    return run


def onnx_runtime(given, _):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = CORES
    session = onnxruntime.InferenceSession(str(given.onnx), options, providers=["CPUExecutionProvider"])
    pixels = np.random.randn(given.batch, 3, 224, 224).astype(np.float32)
    return lambda: session.run(None, {session.get_inputs()[0].name: pixels})


def open_vino(given, precision, streams=1):
    """With several streams as many requests as streams are kept in flight."""
    import openvino
    compiled = openvino.Core().compile_model(str(given.onnx), "CPU", {
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32", "INFERENCE_NUM_THREADS": CORES,
        "NUM_STREAMS": streams, "ENABLE_CPU_PINNING": False})
    requests = [compiled.create_infer_request() for _ in range(streams)]
    pixels = np.random.randn(given.batch, 3, 224, 224).astype(np.float32)

    def run():
        for each in requests:
            each.start_async({0: pixels})
        for each in requests:
            each.wait()
    run.passes = streams
    return run


PEERS = {
    "eager": torch_eager,
    "compile": lambda given, precision: torch_eager(given, precision, True),
    "ort": onnx_runtime,
    "openvino": open_vino,
    "openvino-streams": lambda given, precision: open_vino(given, precision, CORES),
}


def serve(given):
    """A peer in a process of its own: a line in starts a window, its rate goes out."""
    name, precision = given.serve.split(":")
    run = PEERS[name](given, precision)
    for _ in range(3):
        run()
    passes = getattr(run, "passes", 1)
    print("ready", flush=True)
    for _ in sys.stdin:
        began, images = time.monotonic(), 0
        while time.monotonic() - began < given.seconds:
            run()
            images += given.batch * passes
        print(images / (time.monotonic() - began), flush=True)


class Peer:
    def __init__(self, which, words):
        self.process = subprocess.Popen([sys.executable, __file__, *words, "--serve", which], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.alive = self.process.stdout.readline().strip() == "ready"

    def window(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def trainyard(given, precision):
    done = subprocess.run([str(each) for each in (
        BENCH, "forward", given.photos, "--model", given.model, "--precision", precision, "--seconds", given.seconds, "--threads", 1,
        "--lanes", CORES, "--micro-batch", given.batch)], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)["images_per_second"]


def roofline(precision):
    """GFLOP/s of a product in the shape of a transformer's first feed-forward layer."""
    import torch
    torch.set_num_threads(CORES)
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    a, b = torch.randn(1600, 768).to(kind), torch.randn(768, 3072).to(kind)
    for _ in range(3):
        a @ b
    began, times = time.monotonic(), 0
    while time.monotonic() - began < 1:
        a @ b
        times += 1
    return 2 * 1600 * 768 * 3072 * times / (time.monotonic() - began) / 1e9


def main():
    line = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    line.add_argument("photos", type=pathlib.Path)
    line.add_argument("--model", type=pathlib.Path, required=True)
    line.add_argument("--onnx", type=pathlib.Path, required=True)
    line.add_argument("--hf", action="store_true", help="FOLDER is a CLIP vision tower: torch's own peers run too")
    line.add_argument("--precisions", default="fp32,bf16")
    line.add_argument("--peers", default="eager,compile,ort,openvino,openvino-streams")
    line.add_argument("--rounds", type=int, default=5)
    line.add_argument("--seconds", type=float, default=4)
    line.add_argument("--batch", type=int, default=16)
    line.add_argument("--serve", help=argparse.SUPPRESS)
    given = line.parse_args()
    if given.serve:
        return serve(given)
    precisions = given.precisions.split(",")
    wanted = [f"{peer}:{precision}" for precision in precisions for peer in given.peers.split(",")
              if (given.hf or peer not in ("eager", "compile")) and not (peer == "ort" and precision == "bf16")]
    peers = {which: Peer(which, sys.argv[1:]) for which in wanted}
    for which in [each for each, peer in peers.items() if not peer.alive]:
        print(f"{which} does not run here and is left out", file=sys.stderr)
        peers.pop(which).end()
    rates, roofs = {}, {each: [] for each in precisions}
    for number in range(given.rounds):
        for precision in precisions:
            roofs[precision].append(roofline(precision))
            rates.setdefault(f"trainyard:{precision}", []).append(trainyard(given, precision))
        for which, peer in peers.items():
            rates.setdefault(which, []).append(peer.window())
        print(f"round {number + 1}: " + ", ".join(f"{each} {rates[each][-1]:.1f}" for each in rates), file=sys.stderr)
    for peer in peers.values():
        peer.end()
    found = {}
    for which, values in rates.items():
        ours = rates["trainyard:" + which.split(":")[1]]
        found[which] = {"median": round(statistics.median(values), 1), "least": round(min(values), 1), "most": round(max(values), 1),
                        "trainyard_over_it": round(statistics.median(a / b for a, b in zip(ours, values)), 2)}
        print(f"{which:24} {found[which]}", file=sys.stderr)
    print(json.dumps({"batch": given.batch, "cores": CORES, "rates": found,
                      "roofline_gflops": {each: round(statistics.median(values)) for each, values in roofs.items()}}))


if __name__ == "__main__":
    main()
