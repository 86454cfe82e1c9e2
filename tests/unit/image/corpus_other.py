"""What is none of the four formats, whatever its name says."""
import struct
from corpus_sink import *

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
