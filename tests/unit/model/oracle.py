"""What the safetensors package says of each file in a bundle (u32 length, bytes)*: prints one 1 or 0 per file."""
import struct
import sys

from safetensors import deserialize


def accepts(content):
    try:
        deserialize(content)
    except Exception:
        return False
    return True


def main():
    bundle, at, verdicts = open(sys.argv[1], "rb").read(), 0, []
    while at < len(bundle):
        (length,) = struct.unpack_from("<I", bundle, at)
        verdicts.append("1" if accepts(bundle[at + 4 : at + 4 + length]) else "0")
        at += 4 + length
    open(sys.argv[2], "w").write("".join(verdicts))


if __name__ == "__main__":
    main()
