"""Makes models with random weights that have a text tower, and what transformers and open_clip make of texts with them.

text_towers.py OUT VOCABULARIES [--full]: for each model a folder OUT/NAME as its repository would be, tokenizer included,
with texts.json: [{"text", "vector"}], each vector of length 1. VOCABULARIES is what vocabularies.py of tests/unit/text made.
"""
import argparse
import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "text"))
from towers import CLIP_NEW, OPENAI, open_clip, pooled, randomise, siglip, transformers  # noqa: E402
from vocabularies import HARD, PLAIN  # noqa: E402

#: Beside those that people write: empty, marks within, one token more and less than there is room for, far too long.
TEXTS = PLAIN + [each for each in HARD if each.strip()]
VISION = dict(hidden_size=64, num_hidden_layers=1, num_attention_heads=1, intermediate_size=128, patch_size=32)


def text_config(full, **real):
    small = dict(hidden_size=64, num_hidden_layers=3, num_attention_heads=2, intermediate_size=192)
    return dict(real if full else {**real, **small})


def clip_model(full, **text):
    config = transformers.CLIPConfig(text_config=text_config(full, **text), vision_config=VISION,
                                     projection_dim=512 if full else 48)
    return transformers.CLIPModel(config)


def copy(files, source, folder):
    for name in files:
        shutil.copy(source / name, folder / name)


def write_texts(folder, vector_of):
    rows = []
    for text in TEXTS:
        with torch.inference_mode():
            vector = torch.nn.functional.normalize(vector_of(text).float())[0]
        rows.append(dict(text=text, vector=vector.tolist()))
    (folder / "texts.json").write_text(json.dumps(rows))


def write_clip(out, vocabularies, full):
    base = dict(hidden_size=512, num_hidden_layers=12, num_attention_heads=8, intermediate_size=2048)
    kinds = dict(base, eos_token_id=2), dict(base, hidden_act="gelu"), dict(base, max_position_embeddings=16)
    for seed, (name, text) in enumerate(zip(["clip-old", "clip", "clip-short"], kinds[:1] if full else kinds)):
        folder = out / name
        model = clip_model(full, **text).eval()
        randomise(model, 200 + seed)
        model.save_pretrained(folder)
        (folder / "preprocessor_config.json").write_text(json.dumps(CLIP_NEW))
        copy(["tokenizer.json"] if name == "clip" else ["vocab.json", "merges.txt"],
             vocabularies / ("clip-json" if name == "clip" else "clip"), folder)
        tokenizer = transformers.CLIPTokenizer.from_pretrained(folder)
        context = model.config.text_config.max_position_embeddings

        def vector_of(text):
            ids = tokenizer(text, truncation=True, max_length=context, padding="max_length", return_tensors="pt")
            return pooled(model.get_text_features(**ids))
        write_texts(folder, vector_of)


def write_open_clip(out, vocabularies, full):
    """Its own tokenizer repairs texts before it encodes them: ids are those of transformers, as for its repositories."""
    tokenizer = transformers.CLIPTokenizer.from_pretrained(vocabularies / "clip")
    for seed, (name, quick, custom) in enumerate([("open-clip", False, False), ("open-clip-custom", True, True)]):
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        text = dict(context_length=77, vocab_size=49408, width=1024 if full else 64, heads=16 if full else 2,
                    layers=24 if full else 3)
        config = dict(embed_dim=512 if full else 48, vision_cfg=dict(image_size=224, patch_size=32, layers=1, width=64),
                      text_cfg=text, quick_gelu=quick)
        model = (open_clip.CustomTextCLIP if custom else open_clip.CLIP)(**config).eval()
        randomise(model, 300 + seed)
        save_file({key: value.contiguous() for key, value in model.state_dict().items()},
                  folder / "open_clip_model.safetensors")
        if custom:
            config["custom_text"] = True
        preprocessing = dict(mean=OPENAI["image_mean"], std=OPENAI["image_std"], interpolation="bicubic")
        (folder / "open_clip_config.json").write_text(json.dumps(dict(model_cfg=config, preprocess_cfg=preprocessing)))
        copy(["vocab.json", "merges.txt"], vocabularies / "clip", folder)

        def vector_of(each):
            ids = tokenizer(each, truncation=True, max_length=77).input_ids
            return model.encode_text(torch.tensor([ids + [0] * (77 - len(ids))]))
        write_texts(folder, vector_of)


def write_siglip(out, vocabularies, full):
    folder = out / "siglip"
    text = text_config(full, hidden_size=768, num_hidden_layers=12, num_attention_heads=12, intermediate_size=3072)
    vision = dict(VISION, hidden_size=768 if full else 64, num_attention_heads=12 if full else 1)
    config = transformers.SiglipConfig(text_config=text, vision_config=vision)
    model = transformers.SiglipModel(config).eval()
    randomise(model, 400)
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(siglip(224, 3)))
    copy(["spiece.model", "tokenizer_config.json"], vocabularies / "siglip", folder)
    tokenizer = transformers.SiglipTokenizer.from_pretrained(folder)

    def vector_of(text):
        ids = tokenizer(text, truncation=True, max_length=64, padding="max_length", return_tensors="pt").input_ids
        return pooled(model.get_text_features(input_ids=ids))
    write_texts(folder, vector_of)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("vocabularies", type=pathlib.Path)
    parser.add_argument("--full", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    write_clip(asked.out, asked.vocabularies, asked.full)
    write_open_clip(asked.out, asked.vocabularies, asked.full)
    write_siglip(asked.out, asked.vocabularies, asked.full)
    (asked.out / "done").write_text("")


if __name__ == "__main__":
    main()
