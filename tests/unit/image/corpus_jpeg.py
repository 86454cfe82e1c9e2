"""JPEGs in every mode PIL writes, and broken ones."""
import struct
from corpus_sink import *

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
good("exif_6.jpg", save(flower, "JPEG", exif=exif_of(6)))
good("exif_99.jpg", save(flower, "JPEG", exif=exif_of(99)))
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
