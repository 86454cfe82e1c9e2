"""Draws memory after each batch from files that `soak.py --json` wrote: memory_plot.py OUT.svg NAME=FILE..."""
import json
import pathlib
import sys
from xml.sax.saxutils import escape

WIDE, HIGH = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 20, 80
COLOURS = ["#c0392b", "#2471a3", "#1e8449", "#b9770e"]
MIB = 1 << 20


def series_of(path):
    """(batch, MiB) of the first device."""
    memory = json.loads(pathlib.Path(path).read_text())["report"]["devices"][0]["memory"]
    step = memory["series_step_batches"]
    return [(1 + i * step, value / MIB) for i, value in enumerate(memory["series_bytes"])]


def ticks(most, wanted=5):
    step = next(s * 10 ** p for p in range(9) for s in (1, 2, 5) if most / (s * 10 ** p) <= wanted)
    return range(0, int(most) + 1, step)


def draw(lines):
    most_x = max(x for _, points in lines for x, _ in points)
    most_y = 1.08 * max(y for _, points in lines for _, y in points)

    def at_x(x):
        return LEFT + x / most_x * (WIDE - LEFT - RIGHT)

    def at_y(y):
        return HIGH - BOTTOM - y / most_y * (HIGH - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" '
           f'font-size="12"><rect width="{WIDE}" height="{HIGH}" fill="white"/>']
    for y in ticks(most_y):
        out.append(f'<path d="M{LEFT} {at_y(y):.1f}H{WIDE - RIGHT}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{at_y(y) + 4:.1f}" text-anchor="end">{y} MiB</text>')
    for x in ticks(most_x, 8):
        out.append(f'<text x="{at_x(x):.1f}" y="{HIGH - BOTTOM + 18}" text-anchor="middle">{x}</text>')
    out.append(f'<text x="{(LEFT + WIDE) / 2}" y="{HIGH - BOTTOM + 36}" text-anchor="middle">batches</text>')
    for number, (name, points) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        path = "L".join(f"{at_x(x):.1f} {at_y(y):.1f}" for x, y in points)
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        x, y = points[-1]
        if x < most_x:  # it ended early
            out.append(f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="4" fill="{colour}"/>')
        place = LEFT + number * (WIDE - LEFT - RIGHT) / len(lines)
        out.append(f'<rect x="{place:.0f}" y="{HIGH - 26}" width="14" height="4" fill="{colour}"/>'
                   f'<text x="{place + 20:.0f}" y="{HIGH - 20}">{escape(name)}</text>')
    return "\n".join(out) + "\n</svg>\n"


def main():
    if len(sys.argv) < 3 or any("=" not in each for each in sys.argv[2:]):
        sys.exit(__doc__)
    lines = [(name, series_of(path)) for name, path in (each.rsplit("=", 1) for each in sys.argv[2:])]
    pathlib.Path(sys.argv[1]).write_text(draw([line for line in lines if line[1]]))


if __name__ == "__main__":
    main()
