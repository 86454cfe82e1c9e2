"""Makes vision towers with random weights and, for real photos, what transformers and open_clip make of them.

towers.py OUT [--full]: for each model a folder OUT/NAME as its repository would be, with reference/PHOTO.rgb (prepared
pixels) and reference/PHOTO.vector; and OUT/photos/PHOTO.WIDTHxHEIGHT.raw. Small by default, with --full in real sizes.
"""
import argparse
import json
import pathlib

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file

from reference_photos import PHOTOS

# The compiled half of torchvision's wheel needs CUDA on Linux. Only its Python half is wanted, whose import asks for
# these two operators.
TORCHVISION = torch.library.Library("torchvision", "FRAGMENT")
for operator in ("nms", "qnms"):
    TORCHVISION.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import open_clip  # noqa: E402
import transformers  # noqa: E402

OPENAI = dict(image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])
HALF = dict(image_mean=[0.5, 0.5, 0.5], image_std=[0.5, 0.5, 0.5])
IMAGENET = dict(image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225])
USUAL = dict(do_resize=True, do_rescale=True, do_normalize=True, rescale_factor=1 / 255)

# Preprocessing as model repositories spell it: sides as numbers in the old ones, as objects in the new.
CLIP_OLD = dict(crop_size=224, do_center_crop=True, do_normalize=True, do_resize=True,
                feature_extractor_type="CLIPFeatureExtractor", resample=3, size=224, **OPENAI)
CLIP_NEW = dict(crop_size=dict(height=224, width=224), do_center_crop=True, do_convert_rgb=True,
                image_processor_type="CLIPImageProcessor", resample=3, size=dict(shortest_edge=224), **USUAL, **OPENAI)
CLIP_336 = dict(CLIP_OLD, crop_size=336, size=336)
VIT = dict(image_processor_type="ViTImageProcessor", resample=2, size=dict(height=224, width=224), **USUAL, **HALF)
VIT_OLD = dict(do_normalize=True, do_resize=True, size=224, **HALF)
DINOV2 = dict(crop_size=dict(height=224, width=224), do_center_crop=True, do_convert_rgb=True,
              image_processor_type="BitImageProcessor", resample=3, size=dict(shortest_edge=256), **USUAL, **IMAGENET)


def siglip(side, resample):
    return dict(image_processor_type="SiglipImageProcessor", resample=resample, processor_class="SiglipProcessor",
                size=dict(height=side, width=side), **USUAL, **HALF)


def geometry(full, layers=3, width=128, **real):
    """The sizes of `real` where --full is given; heads always have their real width of 64."""
    if full:
        return real
    small = dict(hidden_size=width, num_hidden_layers=layers, num_attention_heads=width // 64)
    return small if "mlp_ratio" in real else dict(small, intermediate_size=width * 4)


BASE = dict(hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072)
LARGE = dict(hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, intermediate_size=4096)
DINO_SMALL = dict(hidden_size=384, num_hidden_layers=12, num_attention_heads=6, mlp_ratio=4)
TEXT = dict(hidden_size=32, num_hidden_layers=1, num_attention_heads=1, intermediate_size=64, vocab_size=99,
            bos_token_id=0, eos_token_id=1, pad_token_id=1)


def clip(full, size, **vision):
    config = transformers.CLIPConfig(text_config=TEXT, vision_config=dict(geometry(full, **size), **vision),
                                     projection_dim=512 if full else 96)
    return transformers.CLIPModel(config), lambda m, x: pooled(m.get_image_features(pixel_values=x))


def clip_vision(full, size, **vision):
    config = transformers.CLIPVisionConfig(**geometry(full, **size), projection_dim=512 if full else 96, **vision)
    return transformers.CLIPVisionModelWithProjection(config), lambda m, x: m(pixel_values=x).image_embeds


def siglip_model(full, size, **vision):
    config = transformers.SiglipConfig(text_config=TEXT, vision_config=dict(geometry(full, **size), **vision))
    return transformers.SiglipModel(config), lambda m, x: pooled(m.get_image_features(pixel_values=x))


def pooled(output):
    return output if isinstance(output, torch.Tensor) else output.pooler_output


def with_class_token(kind, config):
    """After the last norm, which a classifier applies before its head."""
    if "ForImageClassification" in kind.__name__:
        return kind(config), lambda m, x: m.vit(pixel_values=x).last_hidden_state[:, 0]
    return kind(config), lambda m, x: m(pixel_values=x).last_hidden_state[:, 0]


def models(full):
    """NAME -> (model, features, preprocessing, its class in transformers)."""
    t = transformers
    dino = dict(geometry(full, **DINO_SMALL), image_size=518, patch_size=14)
    vit = t.ViTConfig(**geometry(full, **BASE), image_size=224, patch_size=16)
    yield "clip-b32", clip(full, BASE, patch_size=32), CLIP_OLD, t.CLIPImageProcessorPil
    yield "clip-b16", clip_vision(full, BASE, patch_size=16), CLIP_NEW, t.CLIPImageProcessorPil
    if not full:
        yield "clip-l14-336", clip(full, LARGE, patch_size=14, image_size=336), CLIP_336, t.CLIPImageProcessorPil
        yield "clip-gelu", clip(full, BASE, patch_size=32, hidden_act="gelu"), CLIP_NEW, t.CLIPImageProcessorPil
        yield "siglip-so400m", siglip_model(full, BASE, patch_size=14, image_size=384), siglip(384, 3), \
            t.SiglipImageProcessorPil
        yield "vit-classifier", with_class_token(t.ViTForImageClassification, vit), VIT_OLD, t.ViTImageProcessorPil
    yield "vit-b16", with_class_token(t.ViTModel, vit), VIT, t.ViTImageProcessorPil
    yield "dinov2-s14", with_class_token(t.Dinov2Model, t.Dinov2Config(**dino)), DINOV2, t.BitImageProcessorPil
    yield "dinov2-registers-s14", with_class_token(
        t.Dinov2WithRegistersModel, t.Dinov2WithRegistersConfig(**dino)), DINOV2, t.BitImageProcessorPil
    yield "siglip-b16", siglip_model(full, BASE, patch_size=16), siglip(224, 3), t.SiglipImageProcessorPil
    yield "siglip2-b16-256", siglip_model(full, BASE, patch_size=16, image_size=256), siglip(256, 2), \
        t.SiglipImageProcessorPil


def randomise(model, seed):
    """Everything differs from what it is at the start, so that nothing that is left out goes unseen."""
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.named_parameters():
        noise = torch.randn(value.shape, generator=generator)
        one = ("norm" in name or "ln_" in name or "lambda" in name) and name.endswith(("weight", "lambda1"))
        if one:
            noise = 1 + noise / 5
        elif value.ndim >= 2 and "token" not in name and "position" not in name and "probe" not in name:
            noise = noise / value[0].numel() ** 0.5
        else:
            noise = noise / 4
        value.data.copy_(noise)


def write_reference(folder, photo, pixels, vector):
    reference = folder / "reference"
    reference.mkdir(exist_ok=True)
    np.ascontiguousarray(pixels, dtype=np.uint8).tofile(reference / f"{photo.stem}.rgb")
    torch.nn.functional.normalize(vector.float()).numpy().tofile(reference / f"{photo.stem}.vector")


def write_transformers(out, full):
    for seed, (name, (model, features), preprocessing, processor_type) in enumerate(models(full)):
        folder = out / name
        model.eval()
        randomise(model, seed)
        model.save_pretrained(folder)
        (folder / "preprocessor_config.json").write_text(json.dumps(preprocessing))
        prepare = processor_type(**{k: v for k, v in preprocessing.items() if not k.endswith("_type")})
        for photo in PHOTOS:
            image = Image.open(photo).convert("RGB")
            pixels = prepare(image, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0]
            with torch.inference_mode():
                vector = features(model, prepare(image, return_tensors="pt")["pixel_values"])
            write_reference(folder, photo, pixels.transpose(1, 2, 0), vector)


def write_open_clip(out, full):
    text = dict(context_length=16, vocab_size=99, width=64, heads=1, layers=1)
    for seed, (name, quick, patch, filter_name) in enumerate(
            [("open-clip-b32", False, 32, "bicubic"), ("open-clip-quick-b16", True, 16, "bilinear")]):
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        vision = dict(image_size=224, patch_size=patch, layers=12 if full else 3, width=768 if full else 128)
        config = dict(embed_dim=512 if full else 96, vision_cfg=vision, text_cfg=text)
        if quick:
            config["quick_gelu"] = True
        model = open_clip.CLIP(**config).eval()
        randomise(model, 100 + seed)
        save_file({key: value.contiguous() for key, value in model.state_dict().items()},
                  folder / "open_clip_model.safetensors")
        preprocessing = dict(mean=OPENAI["image_mean"], std=OPENAI["image_std"], interpolation=filter_name)
        (folder / "open_clip_config.json").write_text(json.dumps(dict(model_cfg=config, preprocess_cfg=preprocessing)))
        prepare = open_clip.transform.image_transform_v2(
            open_clip.transform.PreprocessCfg(size=224, **preprocessing), is_train=False)
        for photo in PHOTOS:
            image = Image.open(photo).convert("RGB")
            pixels = image
            for step in prepare.transforms[:2]:
                pixels = step(pixels)
            with torch.inference_mode():
                vector = model.encode_image(prepare(image)[None])
            write_reference(folder, photo, np.asarray(pixels), vector)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--full", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    (asked.out / "photos").mkdir(parents=True, exist_ok=True)
    for photo in PHOTOS:
        image = Image.open(photo).convert("RGB")
        np.asarray(image).tofile(asked.out / "photos" / f"{photo.stem}.{image.width}x{image.height}.raw")
    write_transformers(asked.out, asked.full)
    write_open_clip(asked.out, asked.full)
    (asked.out / "done").write_text("")


if __name__ == "__main__":
    main()
