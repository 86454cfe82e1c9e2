"""Makes tokenizers as model repositories have them, and what transformers makes of hard texts with them.

vocabularies.py OUT: OUT/clip (vocab.json, merges.txt), OUT/clip-json (tokenizer.json in its new form), OUT/clip-old-json
(merges as texts), OUT/siglip (spiece.model, trained here: the real one is nowhere to be installed from); in each ids.json:
[{"text", "ids"}], cut to the context of the real models. The vocabulary of CLIP is the real one, which open_clip ships.
"""
import gzip
import importlib.util
import io
import json
import pathlib
import pydoc_data.topics
import random
import sys
import unicodedata

import sentencepiece
import transformers
from transformers.convert_slow_tokenizer import bytes_to_unicode

HARD = [
    "a photo of a cat", "A Photo Of A CAT!", "", " ", "\t\n\r\v\f", "a", "aa", "  two   blanks  between  ",
    "it's I'LL they'd we've I'm can't 'S 'x ''s '''ll '", "'re", "don\u2019t \u2018quote\u2019 \u201cdouble\u201d",
    "1234567890", "3.14159 1,000,000 1e-5 0x1F", "x2y3", "\u00bd\u00b2\u00b3\u2160\u2167\u0663\u06f3\u0967\u3007\u4e00\U0001d7ce",
    "hello, world!!! ... -- ?!?! #hashtag @you $5 %20 & * () [] {} <> | \\ / ~ ` ^ _ + =",
    "snake_case CamelCase kebab-case dotted.name a/b/c C:\\path", "e\u0301 \u00e9 e\u0301\u0301 o\u0323\u0302 \u01a1\u0301",
    "\u0041\u030a \u212b \u00c5", "\u1e9b\u0323 \ufb01 \ufb03 \u2460 \uff21\uff22\uff23 \uff76\uff9e", "\u0301\u0302 leading marks",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324A\u0334\u0335\u031cLGO",
    "\u4e2d\u6587\u6d4b\u8bd5 \u4e00\u53ea\u732b", "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8 \u304b\u3099 \u30ab\u3099 \uff12\uff10\uff12\uff14\u5e74",
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u0642\u0650\u0637\u0651\u0629",
    "\u05e2\u05d1\u05e8\u05d9\u05ea \u05d7\u05b8\u05ea\u05d5\u05bc\u05dc", "\u0939\u093f\u0928\u094d\u0926\u0940 \u0915\u094d\u0937", "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22 \u0e01\u0e33",
    "\u1019\u103c\u1014\u103a\u1019\u102c \u1781\u17d2\u1798\u17c2\u179a", "\u13a0\u13b3\u13a9 \uab70\uab71 \u10d0\u1c90 \u2c00",
    "\u0130stanbul I\u0131i \u0130\u0307", "\u03a3\u0391\u03a3 \u03a3 \u1f48\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2 \u1fb3 \u1f80 \u1f88 \u03ca\u0301", "\u00df \u1e9e stra\u00dfe STRASSE \u0149",
    "\u01c4 \u01c5 \u01c6 \u0531\u0587 \u0400\u0401 \u042f \u0478 \ua640 \U00010400 \U0001e900",
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f1e9\U0001f1ea \U0001f44d\U0001f3fd 5\ufe0f\u20e3", "cat\U0001f431dog\U0001f436",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\u200b zero \u200c width \u200d joiners \u2060 \ufeff",
    "\ufeffbyte order mark", "a\u00a0b\u2003c\u3000d\u2028e\u2029f\u1680g\u202fh\u205fi\u180ej\u0085k", "\x1c\x1d\x1e\x1f separators a\x1cb",
    "\x00 zero \x00x\x00", "\x01\x02\x03\x07\x08\x1b[31mred\x1b[0m\x7f\x80\x9f", "\u202eright to left\u202c \u2066isolate\u2069",
    "\ufffd \ufffe \uffff \U0010ffff \U0001fffe", "\ue000 private \U000f0000 use", "\u0378 unassigned \U000e0fff",
    "\u00e2\u20ac\u2122 mojibake \u00c3\u00a9 &amp; &lt;b&gt; &#39;", "<b>bold</b> http://example.com/?a=b&c=d#e",
    "<|startoftext|>", "<|endoftext|>", "a <|endoftext|> b", "a<|startoftext|>b<|endoftext|>c<|endoftext|>", "<|ENDOFTEXT|>! <|StartOfText|>x",
    "!<|ENDOFTEXT|>!", "<|endoftext", "<|<|endoftext|>|>", "<start_of_text> <end_of_text>", "</w> a</w> \u0120hello \u2581under \u2581",
    "</s>", "a </s> b", "a</s>", "<unk> x", "<s> <pad> <eos>", "x </s> </s>", "  </s>  y  <unk>  z ",
    "word " * 100, "supercalifragilisticexpialidocious" * 3, "a" * 1000, "!" * 500, "\u732b" * 200, "1" * 90, "ab" * 700, "'s" * 60,
    "\U0001f600" * 100, "e\u0301" * 100, " " * 300 + "x" + " " * 300, "aA" * 76, "the quick brown fox jumps over the lazy dog " * 5,
    "x" + "\u0301" * 300, "photo of " * 37 + "cat", "photo of " * 37 + "a cat",
]
#: Texts that many a search begins with.
PLAIN = ["two dogs playing on the beach at sunset", "an aerial photograph of a harbour", "red bicycle leaning against a wall",
         "close-up portrait, black & white, 35mm film", "a boat at dusk"]
#: Assigned since Unicode 13 at the latest, so that libraries of different years agree; no surrogates.
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x590, 0x6FF), (0x900, 0xDFF), (0xE00, 0xEFF),
          (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x2BFF), (0x3000, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xACFF),
          (0xF900, 0xFAFF), (0xFB00, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF), (0x0, 0x1F)]


def random_texts(count, seed):
    generator = random.Random(seed)
    texts = []
    for _ in range(count):
        ranges = generator.sample(RANGES, generator.randint(1, 4))
        letters = []
        for _ in range(generator.randint(1, 60)):
            if generator.random() < 0.2:
                letters.append(generator.choice(" '\t!a1<|"))
                continue
            first, last = generator.choice(ranges)
            letter = chr(generator.randint(first, last))
            if unicodedata.category(letter) != "Cn":
                letters.append(letter)
        texts.append("".join(letters))
    return texts


TEXTS = HARD + PLAIN + random_texts(600, 7)


def clip_vocabulary():
    """As open_clip makes it of its file, without running its code."""
    package = pathlib.Path(importlib.util.find_spec("open_clip").submodule_search_locations[0])
    lines = gzip.open(package / "bpe_simple_vocab_16e6.txt.gz").read().decode("utf-8").split("\n")
    merges = lines[1:49152 - 256 - 2 + 1]
    letters = list(bytes_to_unicode().values())
    tokens = letters + [each + "</w>" for each in letters] + ["".join(each.split()) for each in merges]
    return {token: at for at, token in enumerate(tokens + ["<|startoftext|>", "<|endoftext|>"])}, merges


def write_clip(folder):
    """vocab.json and merges.txt, from which the reference reads, too."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary, merges = clip_vocabulary()
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    return transformers.CLIPTokenizer.from_pretrained(folder)


def write_ids(folder, tokenize):
    rows = [dict(text=text, ids=list(map(int, tokenize(text)))) for text in TEXTS]
    (folder / "ids.json").write_text(json.dumps(rows))


def clip_ids(tokenizer):
    return lambda text: tokenizer(text, truncation=True, max_length=77).input_ids


def write_siglip(folder):
    """A vocabulary like SigLIP's, T5's: unigrams, padding and the end mark and unknowns in its first places."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for topic in pydoc_data.topics.topics.values() for line in topic.splitlines() if line.strip()]
    lines += [text.replace("\n", " ") for text in HARD + PLAIN if len(text) < 100 and text.isprintable()] * 3
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=2000, model_type="unigram", pad_id=0, eos_id=1, unk_id=2,
        bos_id=-1, character_coverage=0.999, minloglevel=2, num_threads=1)
    (folder / "spiece.model").write_bytes(model.getvalue())
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(tokenizer_class="SiglipTokenizer", pad_token="</s>")))
    return transformers.SiglipTokenizer.from_pretrained(folder)


def siglip_ids(tokenizer):
    return lambda text: tokenizer(text, padding="max_length", max_length=64, truncation=True).input_ids


def main():
    out = pathlib.Path(sys.argv[1])
    transformers.utils.logging.set_verbosity_error()
    tokenizer = write_clip(out / "clip")
    write_ids(out / "clip", clip_ids(tokenizer))
    for name, old in (("clip-json", False), ("clip-old-json", True)):
        folder = out / name
        folder.mkdir(exist_ok=True)
        content = json.loads(tokenizer.backend_tokenizer.to_str())
        if old:
            content["model"]["merges"] = [" ".join(each) for each in content["model"]["merges"]]
        (folder / "tokenizer.json").write_text(json.dumps(content))
        write_ids(folder, clip_ids(tokenizer))
    tokenizer = write_siglip(out / "siglip")
    write_ids(out / "siglip", siglip_ids(tokenizer))
    (out / "done").write_text("")


if __name__ == "__main__":
    main()
