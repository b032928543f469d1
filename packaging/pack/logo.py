"""Draws the integration's logo: a person, and the three groups it is in. 120 by 50 pixels, transparent, no library."""

import struct
import zlib

WIDTH, HEIGHT = 120, 50
SAMPLES = 4  # a pixel is made of 4 by 4 points
BLUE, ORANGE = (35, 60, 110), (232, 125, 30)
GROUPS = [(92, 10), (102, 25), (92, 40)]


def colour(x, y):
    """The colour of a point, or none."""
    if near(x, y, 26, 15, 8) or (y < 44 and near(x, y, 26, 42, 16)):
        return BLUE  # head and shoulders
    if any(near(x, y, *group, 6) for group in GROUPS):
        return ORANGE
    if any(distance_to_line(x, y, (48, 25), group) < 1.25 for group in GROUPS):
        return BLUE


def near(x, y, centre_x, centre_y, radius):
    return (x - centre_x) ** 2 + (y - centre_y) ** 2 < radius**2


def distance_to_line(x, y, start, end):
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    share = ((x - start[0]) * along_x + (y - start[1]) * along_y) / (along_x**2 + along_y**2)
    share = min(max(share, 0), 1)
    return ((x - start[0] - share * along_x) ** 2 + (y - start[1] - share * along_y) ** 2) ** 0.5


def pixel(column, row):
    """Red, green, blue and opacity: the mean of the points of a pixel."""
    steps = [(step + 0.5) / SAMPLES for step in range(SAMPLES)]
    drawn = [point for x in steps for y in steps if (point := colour(column + x, row + y))]
    if not drawn:
        return bytes(4)
    mean = (sum(channel) // len(drawn) for channel in zip(*drawn))
    return bytes([*mean, len(drawn) * 255 // SAMPLES**2])


def png():
    """The bytes of the picture."""
    rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(WIDTH)) for row in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 6, 0, 0, 0)  # 8 bits a channel, with opacity
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(chunk, chunks))


def chunk(part):
    kind, data = part
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
