"""PNGs of every colour type and depth, and broken ones."""
import os
import struct, zlib
from corpus_sink import *

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data, crc=None):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)


def png(w, h, bits, kind, rows_data, before=b"", interlace=0, after=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, kind, 0, 0, interlace))
    return SIGNATURE + head + before + chunk(b"IDAT", zlib.compress(rows_data)) + after + chunk(b"IEND", b"")


def filtered(rows_):
    return b"".join(b"\0" + bytes(row) for row in rows_)


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
good("exif_6.png", png(97, 61, 8, 2, filtered(a8.reshape(61, -1)), before=chunk(b"eXIf", exif_of(6).tobytes()[6:])))
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
