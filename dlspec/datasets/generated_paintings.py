"""A painting drawn by us: swirls of brush strokes, for style transfer where no picture is given."""

import numpy as np

from dlspec._validation import check_count

__all__ = ["make_painting"]

NIGHT = ("#0b1a3f", "#123a78", "#1f5fa8", "#4a90c8", "#9cc5dc")  # dark to light
LIGHT = ("#f7f0c8", "#f5d045", "#e89a2c", "#b8742a")  # from the middle of a swirl outwards
LAYERS = ((260, 0.22, 0.045), (700, 0.16, 0.024), (1500, 0.11, 0.013))  # strokes, length, width
POINTS, BRISTLES, SUPERSAMPLING = 8, 3, 2
REACH = 1.2  # of a light, in radii of its swirl


def make_painting(size: int = 256, seed: int = 1) -> np.ndarray:
    """Paint swirling lights in the night, stroke by stroke.

    Strokes follow a field of directions around some swirls, large ones first; each leaves the
    traces of a few bristles of slightly different colours.

    Args:
        size: pixels of the square, at least 16; the painting is the same in any size.
        seed: of swirls and strokes, at least 0.

    Returns:
        uint8 of shape (size, size, 3).

    Raises:
        TypeError, ValueError: no whole numbers, or too small ones.

    Example:
        >>> make_painting(32).shape
        (32, 32, 3)
    """
    from PIL import Image, ImageDraw

    size = check_count("size", size, minimum=16)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    swirls = _Swirls(random)
    side = SUPERSAMPLING * size
    canvas = Image.new("RGB", (side, side), NIGHT[1])
    draw = ImageDraw.Draw(canvas)
    for strokes, length, width in LAYERS:
        starts = random.uniform(-0.05, 1.05, (strokes, 2))
        paths = swirls.follow(starts, length * random.uniform(0.5, 1, strokes))
        colours = swirls.colours(paths[:, POINTS // 2], random)
        across = random.normal(0, width / 4, (strokes, BRISTLES, 1, 2))
        shades = random.normal(0, 12, (strokes, BRISTLES, 1))
        shades = shades + random.normal(0, 5, (strokes, BRISTLES, 3))
        fills = np.clip(colours[:, None] + shades, 0, 255).astype(int)
        lines = side * (paths[:, None] + across)
        thick = max(1, round(side * width / 2))
        for line, fill in zip(lines.reshape(-1, 2 * POINTS), fills.reshape(-1, 3), strict=True):
            draw.line(line.tolist(), tuple(fill.tolist()), thick, joint="curve")
    return np.asarray(canvas.resize((size, size), Image.LANCZOS))


class _Swirls:
    """Centres of light, and the directions of the strokes around them."""

    def __init__(self, random: np.random.Generator, count: int = 5):
        grid = np.stack(np.meshgrid([0.2, 0.5, 0.8], [0.2, 0.5, 0.8]), -1).reshape(-1, 2)
        self.centres = random.permutation(grid)[:count] + random.uniform(-0.1, 0.1, (count, 2))
        self.radii = random.uniform(0.08, 0.16, count)
        self.turns = random.choice([-1, 1], count)
        self.waves = random.uniform(0, 2 * np.pi, 2)

    def directions(self, places: np.ndarray) -> np.ndarray:
        """Around near swirls, along gentle waves elsewhere; (n, 2) of length 1."""
        away = places[:, None] - self.centres
        near = np.exp(-0.5 * (away**2).sum(axis=-1) / (1.5 * self.radii) ** 2)
        around = np.stack([-away[..., 1], away[..., 0]], -1) * (self.turns / self.radii)[:, None]
        wave = 0.5 * np.sin(2 * np.pi * places[:, 0] + self.waves[0])
        along = 0.15 * np.stack([np.ones_like(wave), wave], -1)
        total = along + (near[..., None] * around).sum(axis=1)
        return total / np.linalg.norm(total, axis=-1, keepdims=True)

    def follow(self, places: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The points of strokes from (n, 2) places on, (n, POINTS, 2)."""
        points = [places]
        for _ in range(POINTS - 1):
            step = lengths[:, None] / (POINTS - 1)
            points.append(points[-1] + step * self.directions(points[-1]))
        return np.stack(points, axis=1)

    def colours(self, places: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Of light near a swirl, of the night elsewhere; (n, 3), 0 to 255."""
        distances = np.linalg.norm(places[:, None] - self.centres, axis=-1) / self.radii
        nearest = distances.min(axis=1) * random.uniform(0.8, 1.2, len(places)) / REACH
        x, y = places.T
        waves = 0.5 + 0.5 * np.sin(9 * y + 4 * np.sin(5 * x + self.waves[1]))
        waves = waves + random.normal(0, 0.18, len(places))
        return np.where(nearest[:, None] < 1, _pick(LIGHT, nearest), _pick(NIGHT, waves))


def _pick(palette, shares):
    """Colours at shares of the way through a palette, 0 the first and 1 the last."""
    rgb = np.array([[int(name[i : i + 2], 16) for i in (1, 3, 5)] for name in palette])
    return rgb[np.clip(shares * len(palette), 0, len(palette) - 1).astype(int)]
