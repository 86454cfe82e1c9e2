"""The golden images: what every device embeds before it gets work. The same numbers as actors/device/model/golden_images.cpp.

Integers only, so that they are the same everywhere. Together they hold what a broken kernel, a swapped channel or a
coarse precision would change: flat colour, slow and fast ramps, edges and texture at every scale, an object.
"""
import numpy as np

MASK = 0xFFFFFFFF


def mixed(seed, channel, i, j):
    """A hash of four numbers as one byte."""
    h = (seed * 0x9E3779B1 + channel * 0x85EBCA77 + i * 0xC2B2AE3D + j * 0x27D4EB2F) & MASK
    h = (h ^ h >> 15) * 0x2C1B3C6D & MASK
    h = (h ^ h >> 12) * 0x297A2D39 & MASK
    return (h ^ h >> 15) >> 24


def cell_of(side, across):
    return max(1, side // across)


def block_noise(seed, channel, x, y, cell):
    return mixed(seed, channel, x // cell, y // cell)


def smooth_noise(seed, channel, x, y, cell):
    """Between the corners of a cell, linearly."""
    i, j, right, down = x // cell, y // cell, x % cell, y % cell
    above = mixed(seed, channel, i, j) * (cell - right) + mixed(seed, channel, i + 1, j) * right
    below = mixed(seed, channel, i, j + 1) * (cell - right) + mixed(seed, channel, i + 1, j + 1) * right
    return (above * (cell - down) + below * down) // (cell * cell)


def octaves(noise, seed, channel, x, y, side):
    """Half of it in large cells, the rest in ever smaller ones."""
    scales = ((4, 4), (2, 8), (1, 16), (1, 32))
    return sum(weight * noise(seed + n, channel, x, y, cell_of(side, across))
               for n, (weight, across) in enumerate(scales)) // 8


def from_centre(x, y, side):
    """Square of twice the distance from the middle."""
    return (2 * x - side) ** 2 + (2 * y - side) ** 2


def gradients(x, y, c, side):
    last = side - 1
    return (x * 255 // last, y * 255 // last, 255 - (x + y) * 255 // (2 * last))[c]


def checkerboards(x, y, c, side):
    quarter = 2 * (2 * y >= side) + (2 * x >= side)
    cell = np.maximum(1, side // (8 << quarter))
    colour = mixed(1, c, quarter, 0)
    return np.where((x // cell + y // cell) % 2 == 1, colour, 255 - colour)


def discs(x, y, c, side):
    value = 64 + y * 127 // side
    for n in range(16):
        right, down = mixed(2, 0, n, 0) * side // 256, mixed(2, 1, n, 0) * side // 256
        radius = side // 16 + mixed(2, 2, n, 0) * side // 1280
        value = np.where((x - right) ** 2 + (y - down) ** 2 <= radius**2, mixed(2, c, n, 1), value)
    return value


def blocks(x, y, c, side):
    return octaves(block_noise, 10, c, x, y, side)


def clouds(x, y, c, side):
    return octaves(smooth_noise, 20, c, x, y, side)


def rings(x, y, c, side):
    """Ever finer towards the corners."""
    phase = (from_centre(x, y, side) * 24 // side + 170 * c) % 512
    return np.minimum(phase, 511 - phase)


def stripes(x, y, c, side):
    band = y * 4 // side
    width = np.maximum(1, side // (8 << band))
    return mixed(6, c, band, (x + band * y) // width % 2)


def ball(x, y, c, side):
    """A shaded ball before a checked and cloudy wall."""
    square, radius = from_centre(x, y, side), side * side // 2
    light = 255 - np.minimum(square, radius) * 255 // radius
    wall = smooth_noise(7, c, x, y, cell_of(side, 4))
    cell = cell_of(side, 8)
    dark = (x // cell + y // cell) % 2 == 1
    return np.where(square < radius, light * (80 * c + 90) // 255, np.where(dark, wall // 3, wall))


PAINTERS = (gradients, checkerboards, discs, blocks, clouds, rings, stripes, ball)


def golden_images(side):
    """8 x side x side x 3, RGB bytes; side >= 32."""
    y, x = np.mgrid[:side, :side].astype(np.int64)
    return np.stack([np.stack([painter(x, y, c, side) for c in range(3)], axis=-1)
                     for painter in PAINTERS]).astype(np.uint8)
