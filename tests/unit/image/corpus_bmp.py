"""BMPs of every depth, mask and coding, and broken ones."""
import struct
from corpus_sink import *

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
