#!/usr/bin/env python3
"""Real photos in every mode that PIL reads, with PIL's own pixels, and files that no reader should trust.

    make_corpus.py OUT

OUT/cases.tsv: name, what is expected, width, height. `same` (decoded pixels are bit for bit OUT/name.rgb), `near`
(another version of the codec: a few levels), or the kinds of failure that are right, separated by |.
OUT/name.square is what PIL's resize and crop to 224 give.
"""
import importlib.util, io, os, random, struct, sys, zlib
import numpy as np
from PIL import Image

Image.MAX_IMAGE_PIXELS = None
out = sys.argv[1]
os.makedirs(out, exist_ok=True)
rows = []
rng = random.Random(7)


def write(name, data):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)


def square(image, size=224):
    w, h = image.size
    nw, nh = (size, int(size * h / w)) if w < h else (int(size * w / h), size)
    image = image.resize((nw, nh), Image.BICUBIC)
    x, y = (nw - size) // 2, (nh - size) // 2
    return np.asarray(image.crop((x, y, x + size, y + size)))


def good(name, data, expect="same"):
    write(name, data)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    np.asarray(image).tofile(os.path.join(out, name + ".rgb"))
    if max(image.size) <= 40 * min(image.size):
        square(image).tofile(os.path.join(out, name + ".square"))
    rows.append((name, expect, *image.size))


def bad(name, data, kinds):
    write(name, data)
    rows.append((name, kinds, 0, 0))


def save(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


# Only the folder is wanted: importing the package takes seconds.
photos = os.path.join(importlib.util.find_spec("sklearn").submodule_search_locations[0], "datasets", "images")
china = Image.open(os.path.join(photos, "china.jpg")).convert("RGB")
flower = Image.open(os.path.join(photos, "flower.jpg")).convert("RGB").resize((501, 333))
small = china.resize((97, 61))


# --- JPEG
for name, options in {"420": dict(subsampling=2), "422": dict(subsampling=1), "444": dict(subsampling=0),
                      "progressive": dict(progressive=True), "restarts": dict(restart_marker_rows=1),
                      "q10": dict(quality=10)}.items():
    good(f"photo_{name}.jpg", save(flower, "JPEG", **options))
good("photo_original.jpg", open(os.path.join(photos, "china.jpg"), "rb").read())
good("grey.jpg", save(flower.convert("L"), "JPEG"))
good("grey_progressive.jpg", save(flower.convert("L"), "JPEG", progressive=True))
cmyk = Image.merge("CMYK", [flower.getchannel(c) for c in "RGB"] + [flower.convert("L")])
good("cmyk.jpg", save(cmyk, "JPEG"))
raw = save(cmyk, "JPEG", subsampling=0)
at = raw.find(b"Adobe\0")
if at < 0:
    raise SystemExit("PIL wrote a CMYK JPEG without an Adobe marker")
good("ycck.jpg", raw[:at + 11] + b"\x02" + raw[at + 12:])
exif = Image.Exif()
exif[0x0112] = 6
good("exif_6.jpg", save(flower, "JPEG", exif=exif))
exif[0x0112] = 99
good("exif_99.jpg", save(flower, "JPEG", exif=exif))
base = save(flower, "JPEG", quality=90)
app1 = b"Exif\0\0II*\0\xff\xff\xff\x7f" + bytes(40)
good("exif_bad_offsets.jpg", base[:2] + b"\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + base[2:])
icc = b"ICC_PROFILE\0\1\1" + bytes(60000)
good("icc_zero.jpg", base[:2] + b"\xff\xe2" + struct.pack(">H", len(icc) + 2) + icc + base[2:])
good("apps_300.jpg", base[:2] + (b"\xff\xed\xff\xff" + bytes(65533)) * 300 + base[2:])
good("zip_polyglot.jpg", base + b"PK\x03\x04" + bytes(3000))
good("trailing_zeros.jpg", base + bytes(100_000))
good("jfif_9.jpg", base.replace(b"JFIF\0\1\1", b"JFIF\0\x09\x09", 1))
good("one_pixel.jpg", save(china.resize((1, 1)), "JPEG"))
good("odd.jpg", save(china.resize((17, 9)), "JPEG", subsampling=2))
good("wide.jpg", save(china.resize((65500, 1)), "JPEG"))
good("tall.jpg", save(china.resize((1, 65500)), "JPEG"))
good("wrong_extension.png", base)
thumbnail = b"Exif\0\0" + save(small, "JPEG")
with_thumbnail = base[:2] + b"\xff\xe1" + struct.pack(">H", len(thumbnail) + 2) + thumbnail + base[2:]
good("thumbnail.jpg", with_thumbnail)
bad("thumbnail_cut.jpg", with_thumbnail[:len(with_thumbnail) * 7 // 10], "image_truncated")
for percent in (10, 50, 99):
    bad(f"cut_{percent}.jpg", base[:len(base) * percent // 100], "image_truncated")
progressive = save(flower, "JPEG", progressive=True)
bad("cut_progressive.jpg", progressive[:len(progressive) // 2], "image_truncated")
bad("no_eoi.jpg", base[:-2], "image_truncated")
bad("header_only.jpg", base[:20], "image_truncated")
bad("three_bytes.jpg", b"\xff\xd8\xff", "image_truncated")
bad("header_random.jpg", base[:20] + rng.randbytes(5000), "image_truncated|image_corrupt|image_unsupported|image_too_many_pixels")
for seed in range(10):
    flipped = bytearray(base)
    for _ in range(40):
        flipped[rng.randrange(len(base) // 3, len(base))] ^= 1 << rng.randrange(8)
    bad(f"flipped_{seed}.jpg", bytes(flipped), "image_truncated|image_corrupt|or_decoded")
sof = base.find(b"\xff\xc0")
sides = lambda h, w: base[:sof + 5] + struct.pack(">HH", h, w) + base[sof + 9:]
bad("sof_65535.jpg", sides(65535, 65535), "image_too_many_pixels")
bad("sof_zero.jpg", sides(0, 0), "image_corrupt")
bad("sof_zero_height.jpg", sides(0, 501), "image_corrupt")
bad("sof_taller.jpg", sides(999, 501), "image_truncated|image_corrupt")
bad("twelve_bit.jpg", base[:sof + 4] + b"\x0c" + base[sof + 5:], "image_unsupported")
bad("lossless.jpg", base[:sof + 1] + b"\xc3" + base[sof + 2:], "image_unsupported")
bad("two_frames.jpg", base[:sof] + base[sof:sof + 2 + struct.unpack(">H", base[sof + 2:sof + 4])[0]] + base[sof:], "image_corrupt")
bad("components_2.jpg", base[:sof + 9] + b"\x02" + base[sof + 10:], "image_unsupported")
bad("short_segment.jpg", base[:2] + b"\xff\xe0\x00\x00" + base[2:], "image_corrupt|image_truncated|or_decoded")
first_scan = progressive.find(b"\xff\xda")
second_scan = progressive.find(b"\xff\xda", first_scan + 2)
dc_scan = progressive[first_scan:progressive.find(b"\xff\xc4", first_scan)]
bad("scans_5000.jpg", progressive[:first_scan] + dc_scan * 5000 + b"\xff\xd9", "image_too_many_pixels")
sof2 = progressive.find(b"\xff\xc2")
huge = progressive[:sof2 + 5] + struct.pack(">HH", 9999, 9999) + progressive[sof2 + 9:]
at = huge.find(b"\xff\xda")
bad("progressive_bomb.jpg", huge[:at] + dc_scan * 60 + b"\xff\xd9", "image_too_many_pixels")
bad("progressive_20000.jpg", progressive[:sof2 + 5] + struct.pack(">HH", 20000, 20000) + progressive[sof2 + 9:], "image_too_many_pixels")

# --- PNG
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data, crc=None):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)


def png(w, h, bits, kind, rows_data, before=b"", interlace=0, after=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, kind, 0, 0, interlace))
    return SIGNATURE + head + before + chunk(b"IDAT", zlib.compress(rows_data)) + after + chunk(b"IEND", b"")


def filtered(rows_):
    return b"".join(b"\0" + bytes(row) for row in rows_)


noise = np.random.default_rng(3)
a8 = np.asarray(small)
alpha = np.asarray(small.convert("L"))
rgba = Image.fromarray(np.dstack([a8, alpha]))
good("rgb.png", save(flower, "PNG"))
good("rgba.png", save(rgba, "PNG"))
good("alpha_zero.png", save(Image.fromarray(np.dstack([a8, np.zeros_like(alpha)])), "PNG"))
good("grey.png", save(small.convert("L"), "PNG"))
good("grey_alpha.png", save(rgba.convert("LA"), "PNG"))
good("one_bit.png", save(small.convert("1"), "PNG"))
good("palette.png", save(small.quantize(200), "PNG"))
good("palette_16.png", save(small.quantize(13), "PNG", bits=4))
good("palette_4.png", save(small.quantize(4), "PNG", bits=2))
good("palette_2.png", save(small.quantize(2), "PNG", bits=1))
good("palette_transparent.png", save(small.quantize(200), "PNG", transparency=3))
good("palette_alphas.png", save(small.quantize(200), "PNG", transparency=bytes(range(200))))
good("rgb_transparent.png", save(small, "PNG", transparency=(1, 2, 3)))
good("grey_transparent.png", save(small.convert("L"), "PNG", transparency=7))
good("grey16.png", save(Image.fromarray(noise.integers(0, 65536, (31, 43), dtype=np.uint16)), "PNG"))
good("grey16_dark.png", save(Image.fromarray(noise.integers(0, 300, (31, 43), dtype=np.uint16)), "PNG"))
for bits in (1, 2, 4):
    good(f"grey_{bits}bit.png", png(43, 31, bits, 0, filtered(noise.integers(0, 256, (31, (43 * bits + 7) // 8), dtype=np.uint8))))
for kind, channels in {2: 3, 4: 2, 6: 4}.items():
    good(f"deep_{kind}.png", png(43, 31, 16, kind, filtered(noise.integers(0, 256, (31, 43 * channels * 2), dtype=np.uint8))))


def adam7(pixels):
    data = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = pixels[y0::dy, x0::dx]
        if part.size:
            data += filtered(part.reshape(part.shape[0], -1))
    return data


good("interlaced.png", png(97, 61, 8, 2, adam7(a8), interlace=1))
good("interlaced_grey.png", png(97, 61, 8, 0, adam7(alpha), interlace=1))
good("gamma.png", png(97, 61, 8, 2, filtered(a8.reshape(61, -1)), before=chunk(b"gAMA", struct.pack(">I", 100000))))
good("icc_junk.png", png(97, 61, 8, 2, filtered(a8.reshape(61, -1)), before=chunk(b"tEXt", b"a\0b")))
good("one_pixel.png", save(small.resize((1, 1)), "PNG"))
plain = save(small, "PNG")
good("trailing.png", plain + bytes(1000))
bomb_text = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))
write_rgb = png(97, 61, 8, 2, filtered(a8.reshape(61, -1)))
good("exif_6.png", png(97, 61, 8, 2, filtered(a8.reshape(61, -1)), before=chunk(b"eXIf", exif.tobytes()[6:])))
write("ztxt_bomb.png", png(97, 61, 8, 2, filtered(a8.reshape(61, -1)), before=bomb_text))
a8.tofile(os.path.join(out, "ztxt_bomb.png.rgb"))
rows.append(("ztxt_bomb.png", "same", 97, 61))
for percent in (1, 50, 99):
    bad(f"cut_{percent}.png", plain[:len(plain) * percent // 100], "image_truncated")
bad("no_iend.png", plain[:-12], "image_truncated")
bad("signature_only.png", SIGNATURE, "image_truncated")
bad("bad_crc.png", plain.replace(b"IEND\xaeB`\x82", b"IEND\xaeB`\x83"), "image_corrupt")
broken = bytearray(plain)
broken[len(plain) // 2] ^= 1
bad("bit_rot.png", bytes(broken), "image_corrupt")
bad("no_idat.png", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)) + chunk(b"IEND", b""), "image_corrupt")
bad("no_palette.png", png(43, 31, 8, 3, filtered(noise.integers(0, 256, (31, 43), dtype=np.uint8))), "image_corrupt")
bad("short_idat.png", png(97, 61, 8, 2, filtered(a8.reshape(61, -1))[:9000]), "image_corrupt|image_truncated")
bad("junk_idat.png", SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rng.randbytes(300)) + chunk(b"IEND", b""), "image_corrupt")
bad("bad_filter.png", png(3, 1, 8, 2, b"\x09" + bytes(9)), "image_corrupt")
bad("two_headers.png", plain[:33] + plain[8:], "image_corrupt")
bad("sides_max.png", png(2**31 - 1, 2**31 - 1, 8, 2, b"\0" * 10), "image_too_many_pixels")
bad("claim_32000.png", png(32000, 32000, 8, 2, b"\0" * 10), "image_too_many_pixels")
bad("zero_width.png", png(0, 10, 8, 2, b"\0" * 10), "image_corrupt")
bad("bomb_20000.png", png(20000, 20000, 1, 0, bytes(2501 * 20000)), "image_too_many_pixels")
bad("million_wide.png", png(1_000_000, 1, 1, 0, bytes(125001)), "image_too_many_pixels")
bad("depth_3.png", png(9, 9, 3, 2, bytes(500)), "image_corrupt")
bad("cgbi.png", SIGNATURE + chunk(b"CgBI", b"\x50\0\x20\x02") + plain[8:], "image_unsupported")
bad("long_chunk.png", plain[:33] + struct.pack(">I", 2**32 - 1) + b"IDAT" + plain[41:], "image_corrupt")
good("inflate_bomb.png", png(9, 9, 8, 0, bytes(90) + bytes(20_000_000)))

# --- WebP
lossy, lossless = save(flower, "WEBP", quality=80), save(small, "WEBP", lossless=True)
good("lossy.webp", lossy, "near")
good("lossless.webp", lossless)
good("alpha.webp", save(rgba, "WEBP", quality=80), "near")
good("alpha_lossless.webp", save(rgba, "WEBP", lossless=True, exact=True))
good("exif.webp", save(small, "WEBP", lossless=True, exif=exif))
good("one_pixel.webp", save(small.resize((1, 1)), "WEBP", lossless=True))
good("one_pixel_lossy.webp", save(small.resize((1, 1)), "WEBP"), "near")
animated = save(small, "WEBP", save_all=True, append_images=[small.rotate(90), small.rotate(180)], lossless=True)
good("animated.webp", animated)
framed = Image.new("RGBA", (97, 61))
framed.paste(small.crop((0, 0, 40, 30)), (20, 10))
good("animated_inset.webp", save(framed, "WEBP", save_all=True, append_images=[rgba], lossless=True, minimize_size=True))
good("trailing.webp", lossless + bytes(500))
for percent in (10, 50, 99):
    bad(f"cut_{percent}.webp", lossy[:len(lossy) * percent // 100], "image_truncated")
    bad(f"cut_animated_{percent}.webp", animated[:len(animated) * percent // 100], "image_truncated")
bad("twelve_bytes.webp", b"RIFF\x04\0\0\0WEBP", "image_truncated")
at = lossy.find(b"\x9d\x01\x2a")
bad("false_sides.webp", lossy[:at + 3] + struct.pack("<HH", 16383, 16383) + lossy[at + 7:], "image_too_many_pixels|image_corrupt")
bad("false_sides_less.webp", lossy[:at + 3] + struct.pack("<HH", 9000, 9000) + lossy[at + 7:], "image_truncated|image_corrupt")
bad("zero_sides.webp", lossy[:at + 3] + struct.pack("<HH", 0, 0) + lossy[at + 7:], "image_corrupt")
bad("random.webp", lossy[:40] + rng.randbytes(len(lossy) - 40), "image_corrupt|image_truncated|or_decoded")
bad("random_lossless.webp", lossless[:30] + rng.randbytes(len(lossless) - 30), "image_corrupt|image_truncated|or_decoded")
bad("no_bitstream.webp", b"RIFF" + struct.pack("<I", 4 + 12) + b"WEBPEXIF" + struct.pack("<I", 4) + b"abcd", "image_corrupt")
bad("canvas_huge.webp", animated[:24] + b"\xff" * 6 + animated[30:], "image_too_many_pixels")
bad("frame_outside.webp", animated[:24] + b"\x04\0\0\x04\0\0" + animated[30:], "image_corrupt")

# --- BMP


def bmp(w, h, bits, pixels, compression=0, palette=b"", masks=b"", size=40):
    head = struct.pack("<IiiHHIIiiII", size, w, h, 1, bits, compression, len(pixels), 0, 0, len(palette) // 4, 0)
    offset = 14 + 40 + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + head + masks + palette + pixels


def padded(rows_):
    return b"".join(bytes(r) + bytes(-len(bytes(r)) % 4) for r in rows_)


colours = bytes(noise.integers(0, 256, 1024, dtype=np.uint8))
good("bgr.bmp", save(small, "BMP"))
good("bgrx.bmp", bmp(97, 61, 32, bytes(noise.integers(0, 256, 97 * 61 * 4, dtype=np.uint8))))
good("bgra_masks.bmp", save(rgba, "BMP"))
good("xbgr_masks.bmp", bmp(43, 31, 32, rng.randbytes(43 * 31 * 4), 3, masks=struct.pack("<III", 0xff000000, 0xff0000, 0xff00)))
good("palette.bmp", save(small.quantize(200), "BMP"))
good("palette_random.bmp", bmp(43, 31, 8, padded(rng.randbytes(43) for _ in range(31)), palette=colours))
good("palette_short.bmp", bmp(43, 31, 8, padded(bytes(rng.randrange(7) for _ in range(43)) for _ in range(31)), palette=colours[:28]))
good("palette_4bit.bmp", bmp(43, 31, 4, padded(rng.randbytes(22) for _ in range(31)), palette=colours[:64]))
good("palette_1bit.bmp", bmp(43, 31, 1, padded(rng.randbytes(6) for _ in range(31)), palette=colours[:8]))
good("grey.bmp", save(small.convert("L"), "BMP"))
good("one_bit.bmp", save(small.convert("1"), "BMP"))
good("bits_555.bmp", bmp(43, 31, 16, padded(rng.randbytes(86) for _ in range(31))))
good("bits_565.bmp", bmp(43, 31, 16, padded(rng.randbytes(86) for _ in range(31)), 3, masks=struct.pack("<III", 0xf800, 0x7e0, 0x1f)))
good("top_down.bmp", bmp(43, -31, 24, padded(rng.randbytes(129) for _ in range(31))))
good("one_pixel.bmp", save(small.resize((1, 1)), "BMP"))
core = b"BM" + struct.pack("<IHHI", 0, 0, 0, 26) + struct.pack("<IHHHH", 12, 43, 31, 1, 24)
good("core_header.bmp", core + padded(rng.randbytes(129) for _ in range(31)))


def rle8(rows_):
    data = b""
    for row in rows_:
        x = 0
        while x < len(row):
            n = 1
            while n < 255 and x + n < len(row) and row[x + n] == row[x]:
                n += 1
            if n == 1 and len(row) - x >= 4:
                data += b"\0\x03" + bytes(row[x:x + 3]) + b"\0"
                n = 3
            else:
                data += bytes([n, row[x]])
            x += n
        data += b"\0\0"
    return data + b"\0\1"


runs = [[rng.randrange(4)] * 20 + [rng.randrange(256) for _ in range(23)] for _ in range(31)]
good("rle8.bmp", bmp(43, 31, 8, rle8(runs), 1, palette=colours))
good("rle4.bmp", bmp(42, 2, 4, b"\x14\x12\x00\x05\x34\x56\x70\x00\x11\x9a\0\0" + b"\x2a\xbc\0\0\0\1", 2, palette=colours[:64]))
rle = bmp(43, 31, 8, rle8(runs), 1, palette=colours)
bad("rle_cut.bmp", rle[:-300], "image_truncated")
bad("rle_wild.bmp", bmp(43, 31, 8, rng.randbytes(50) + b"\0\2\xff\xff" * 50, 1, palette=colours), "image_truncated|or_decoded")
whole = save(small, "BMP")
for percent in (1, 50, 99):
    bad(f"cut_{percent}.bmp", whole[:len(whole) * percent // 100], "image_truncated")
bad("negative_huge.bmp", bmp(97, -2**31, 24, bytes(100)), "image_too_many_pixels")
bad("negative_wide.bmp", bmp(-97, 61, 24, bytes(100)), "image_too_many_pixels")
bad("bits_33.bmp", bmp(97, 61, 33, bytes(99999)), "image_unsupported")
bad("compression_5.bmp", bmp(97, 61, 24, bytes(99999), 5), "image_unsupported")
bad("palette_claim.bmp", bmp(43, 31, 8, bytes(1400))[:46] + struct.pack("<I", 2**31) + bytes(1400), "image_unsupported")
bad("mask_holes.bmp", bmp(43, 31, 32, bytes(6000), 3, masks=struct.pack("<III", 0xf0f0, 0xff0000, 1)), "image_unsupported")
bad("header_odd.bmp", bmp(43, 31, 24, bytes(6000), size=41), "image_unsupported")
bad("offset_far.bmp", whole[:10] + b"\xff\xff\xff\xff" + whole[14:], "image_truncated")
bad("zero_sides.bmp", bmp(0, 0, 24, b""), "image_corrupt")
bad("two_bytes.bmp", b"BM\0\0", "image_truncated")

# --- what is none of the four
bad("empty.jpg", b"", "asset_empty")
bad("one_byte.jpg", b"x", "image_unsupported")
bad("page.jpg", b"<!DOCTYPE html><html><body>404</body></html>", "image_unsupported")
bad("text.png", b"BMW is not a bitmap, and this is a note\n", "image_unsupported")
bad("random.jpg", b"\x01" + rng.randbytes(4000), "image_unsupported")
bad("animated.gif", save(small.quantize(16), "GIF", save_all=True, append_images=[small.quantize(8)]), "image_unsupported")
tiff = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 256, 4, 1, 1000000) + struct.pack("<I", 8)
bad("loop.tiff", tiff, "image_unsupported")
bad("samples.tiff", tiff + struct.pack("<HHII", 277, 3, 1, 65535), "image_unsupported")
for name, data in {"a.jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60), "b.exr": b"v/1\x01" + rng.randbytes(90),
                   "c.hdr": b"#?RADIANCE\n\n-Y 100000 +X 100000\n", "d.pfm": b"PF\n50000 50000\n-1.0\n",
                   "e.ppm": b"P6\n99999 99999\n255\n", "f.ras": b"\x59\xa6\x6a\x95" + rng.randbytes(90),
                   "g.dcm": bytes(128) + b"DICM" + bytes(90), "h.svg": b"<svg xmlns='x'/>",
                   "i.avif": b"\0\0\0\x20ftypavif" + bytes(60), "j.heic": b"\0\0\0\x20ftypheic" + bytes(60)}.items():
    bad(name, data, "image_unsupported")

with open(os.path.join(out, "cases.tsv"), "w") as file:
    for row in rows:
        file.write("\t".join(map(str, row)) + "\n")
print(len(rows), "cases")
