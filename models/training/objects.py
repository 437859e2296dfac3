"""Procedural textured objects, endless and without licence.

`solids` and `tableware` are trained on, `knots` is a family that is only ever tested on.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from mesh import Mesh, centred

TEXTURE = 256


def noise(random: np.random.Generator, octaves: int | np.int64, cells: int = 2) -> np.ndarray:
    """(TEXTURE, TEXTURE) smooth noise in 0..1 that tiles."""
    total, amplitude = np.zeros((TEXTURE, TEXTURE)), 1.0
    for octave in range(octaves):
        grid = np.tile(random.random((cells * 2**octave,) * 2).astype(np.float32), (3, 3))
        wide = Image.fromarray(grid).resize((3 * TEXTURE, 3 * TEXTURE), Image.Resampling.BICUBIC)
        total += amplitude * np.asarray(wide)[TEXTURE : 2 * TEXTURE, TEXTURE : 2 * TEXTURE]
        amplitude *= random.uniform(0.4, 0.7)
    total -= total.min()
    return total / total.max()


def label(random: np.random.Generator, palette: np.ndarray) -> np.ndarray:
    """Blocks, discs and lines of type, as on a package."""
    page = Image.new("RGB", (TEXTURE, TEXTURE), tuple(int(channel * 255) for channel in palette[0]))
    draw = ImageDraw.Draw(page)

    def colour() -> tuple[int, ...]:
        return tuple(int(channel * 255) for channel in palette[random.integers(1, 4)])

    for _ in range(random.integers(2, 9)):
        x, y, width, height = (
            int(random.integers(0, TEXTURE)),
            int(random.integers(0, TEXTURE)),
            int(random.integers(8, TEXTURE // 2)),
            int(random.integers(6, TEXTURE // 3)),
        )
        shape = draw.rectangle if random.random() < 0.6 else draw.ellipse
        shape([x, y, x + width, y + height], fill=colour())
    for _ in range(random.integers(0, 10)):
        x, y = int(random.integers(0, TEXTURE - 40)), int(random.integers(0, TEXTURE - 12))
        word = "".join(chr(letter) for letter in random.integers(65, 91, random.integers(3, 12)))
        line = Image.new("L", (110, 12))
        ImageDraw.Draw(line).text((0, 0), word, fill=255)
        size = int(random.integers(1, 4))
        line = line.resize((110 * size, 12 * size))
        page.paste(colour(), (x, y), line)
    return np.asarray(page.filter(ImageFilter.GaussianBlur(0.5))) / 255.0


def texture(random: np.random.Generator) -> np.ndarray:
    """(TEXTURE, TEXTURE, 4) uint8: noise, stripes, checks, plain or a label, in a palette of four related colours."""
    palette = np.clip(
        random.random(3) * random.uniform(0.2, 1) + random.normal(0, 0.25, (4, 3)) + random.uniform(0, 0.4), 0.02, 1
    )
    kind = random.integers(7)
    if kind == 0:
        image = palette[0] + (palette[1] - palette[0]) * noise(random, random.integers(2, 6))[..., None]
    elif kind == 1:
        phase = np.arange(TEXTURE) * random.integers(2, 14) / TEXTURE % 1
        stripes = (phase < random.uniform(0.2, 0.8)).astype(float)[None].repeat(TEXTURE, 0)
        stripes = stripes.T if random.random() < 0.5 else stripes
        image = palette[0] + (palette[1] - palette[0]) * stripes[..., None]
    elif kind == 2:
        cell = np.arange(TEXTURE) * random.integers(3, 12) // TEXTURE
        image = palette[(cell[:, None] + cell[None]) % 2]
    elif kind == 3:
        image = palette[0] * (1 + 0.08 * (noise(random, 5, 4)[..., None] - 0.5))
    else:
        image = label(random, palette)
    if random.random() < 0.5:
        image = image * (0.8 + 0.4 * noise(random, 4)[..., None])
    opaque = np.full((TEXTURE, TEXTURE, 1), 255.0)
    return np.concatenate([np.clip(image * 255, 0, 255), opaque], 2).astype(np.uint8)


def sheet(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices, triangles and a uv for each vertex of a (u, v, 3) lattice."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    triangles = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    uv = np.stack(np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij"), -1).reshape(-1, 2)
    return points.reshape(-1, 3), triangles, uv


Part = tuple[np.ndarray, np.ndarray, np.ndarray]


def box(random: np.random.Generator) -> Part:
    """Six faces, each with a region of the texture of its own."""
    vertices, triangles, uvs = [], [], []
    line = np.linspace(-1, 1, 5)
    first, second = np.meshgrid(line, line, indexing="ij")
    for axis in range(3):
        for side in (-1, 1):
            points = np.empty((5, 5, 3))
            points[..., axis], points[..., (axis + 1) % 3], points[..., (axis + 2) % 3] = side, first, second
            v, t, uv = sheet(points)
            triangles.append(t + 25 * len(vertices))
            vertices.append(v)
            uvs.append(uv * random.uniform(0.4, 1) + random.random(2))
    return np.concatenate(vertices), np.concatenate(triangles), np.concatenate(uvs)


def superquadric(random: np.random.Generator) -> Part:
    def power(value: np.ndarray, exponent: float) -> np.ndarray:
        return np.sign(value) * np.abs(value) ** exponent

    around, upward = random.uniform(0.2, 1.2, 2)
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 49), np.linspace(-np.pi / 2, np.pi / 2, 25), indexing="ij")
    return sheet(
        np.stack(
            [
                power(np.cos(v), upward) * power(np.cos(u), around),
                power(np.cos(v), upward) * power(np.sin(u), around),
                power(np.sin(v), upward),
            ],
            -1,
        )
    )


def wound(profile: np.ndarray | list[tuple[float, float]], repeats: int | np.int64 = 1) -> Part:
    """A curve of (radius, height) wound around the vertical; its texture goes around `repeats` times."""
    r, z = np.array(profile).T
    angle = np.linspace(0, 2 * np.pi, 49)[:, None]
    vertices, triangles, uv = sheet(
        np.stack([r * np.cos(angle), r * np.sin(angle), np.broadcast_to(z, (49, len(z)))], -1)
    )
    return vertices, triangles, uv * np.array([repeats, 1])


def lathe(random: np.random.Generator) -> Part:
    """Capped at both ends, or hollow like a cup."""
    height = np.linspace(-1, 1, 32)
    knots_count = int(random.integers(3, 7))
    radius = np.interp(height, np.linspace(-1, 1, knots_count), random.uniform(0.4, 1, knots_count))
    if random.random() < 0.4:
        radius = np.full(32, random.uniform(0.5, 1))
    if random.random() < 0.35:
        z = np.concatenate([[-1], height, height[::-1][:-3], [height[3]]])
        r = np.concatenate([[0], radius, radius[::-1][:-3] * 0.9, [0]])
    else:
        z, r = np.concatenate([[-1], height, [1]]), np.concatenate([[0], radius, [0]])
    return wound(np.stack([r, z], 1), random.integers(1, 4))


def tube(centre: np.ndarray, radius: float) -> np.ndarray:
    """(points, 21, 3) lattice of a closed tube around a closed curve (points, 3)."""
    forward = np.gradient(np.concatenate([centre[-2:-1], centre, centre[1:2]]), axis=0)[1:-1]
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    side = np.cross(forward, np.array([0.13, 0.29, 0.95]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    angle = np.linspace(0, 2 * np.pi, 21)[None, :, None]
    return centre[:, None] + radius * (np.cos(angle) * side[:, None] + np.sin(angle) * np.cross(forward, side)[:, None])


def torus(random: np.random.Generator) -> Part:
    angle = np.linspace(0, 2 * np.pi, 49)
    vertices, triangles, uv = sheet(
        tube(np.stack([np.cos(angle), np.sin(angle), 0 * angle], 1), random.uniform(0.12, 0.4))
    )
    return vertices, triangles, uv * np.array([3, 1])


def assemble(parts: list[Part], textures: list[np.ndarray]) -> Mesh:
    vertices, triangles, uvs, texture_of, offset = [], [], [], [], 0
    for number, (v, t, uv) in enumerate(parts):
        vertices.append(v)
        triangles.append(t + offset)
        uvs.append(uv[t])
        texture_of.append(np.full(len(t), number))
        offset += len(v)
    return Mesh(
        centred(np.concatenate(vertices)),
        np.concatenate(triangles),
        np.concatenate(uvs),
        np.concatenate(texture_of),
        textures,
    )


def solids(seed: int) -> Mesh:
    """One to six boxes, superquadrics, lathes and rings, leaning and overlapping."""
    random = np.random.default_rng([seed, 77])
    count = int(random.choice([1, 1, 2, 3, 4, 6]))
    parts = []
    for number in range(count):
        vertices, triangles, uv = (box, superquadric, lathe, torus)[random.integers(4)](random)
        vertices = vertices * random.uniform(0.25, 1, 3)
        if random.random() < (0.15 if count == 1 else 0.3):
            turn, _ = np.linalg.qr(random.normal(size=(3, 3)))
            vertices = vertices @ turn.T
        if number:
            vertices = vertices * random.uniform(0.2, 0.8) + random.normal(0, 0.55, 3) * np.array([1, 1, 0.8])
        parts.append((vertices, triangles, uv))
    return assemble(parts, [texture(random) for _ in parts])


def turned(angle: float) -> np.ndarray:
    """(3, 3) about the vertical."""
    return np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])


def vessel(random: np.random.Generator, depth: float) -> Part:
    """A thin-walled open shape of radius 1 on the plane z = 0, round or with the corners of a tray.

    Plates, dishes, bowls, baskets.
    """
    foot, wall, bulge = random.uniform(0.35, 0.95), random.uniform(0.02, 0.08), random.uniform(0.4, 2.5)
    rise = np.linspace(0, 1, 16)
    radius, height = foot + (1 - foot) * rise**bulge, depth * rise ** random.uniform(0.7, 2)
    r = np.concatenate([[0], radius, (radius - wall)[::-1], [0]])
    z = np.concatenate([[0], height, (height + wall * (1 - rise))[::-1], [wall]])
    angle = np.linspace(0, 2 * np.pi, 65)[:, None]
    corners = 2.0 if random.random() < 0.6 else random.uniform(3, 10)
    around = (np.abs(np.cos(angle)) ** corners + np.abs(np.sin(angle)) ** corners) ** (-1 / corners)
    outline = np.stack([around * np.cos(angle), around * np.sin(angle)], -1) * (
        1.0,
        1.0 if random.random() < 0.5 else random.uniform(0.5, 1),
    )
    flat = random.random() < 0.5  # a picture across the dish, as plates have, instead of one wound around it
    points = np.concatenate([outline * r[:, None], np.broadcast_to(z[:, None], (65, len(z), 1))], 2)
    vertices, triangles, uv = sheet(points)
    return vertices, triangles, vertices[:, :2] * 0.5 + 0.5 if flat else uv * np.array([random.integers(1, 4), 1])


def tableware(seed: int) -> Mesh:
    """Flat and open things, whose tops low views hardly see.

    Plates, trays and bowls with things in them, books and boards with keys.
    """
    random = np.random.default_rng([seed, 79])
    parts: list[Part] = []

    def put(part: Part, size: np.ndarray, foot: np.ndarray) -> None:
        vertices, triangles, uv = part
        parts.append(((vertices * size) @ turned(random.uniform(0, 2 * np.pi)).T + foot, triangles, uv))

    kind = random.integers(4)
    if kind == 3:
        thickness = random.uniform(0.02, 0.15)
        put(box(random), np.array([1, random.uniform(0.4, 1), thickness]), np.zeros(3))
        for _ in range(random.choice([0, 0, 2, 6])):
            place = np.array([*random.uniform(-0.6, 0.6, 2), thickness])
            put((box, superquadric)[random.integers(2)](random), random.uniform(0.04, 0.3, 3) * (1, 1, 0.4), place)
    else:
        depth = random.uniform(0.04, 0.25) if kind < 2 else random.uniform(0.25, 1.3)
        put(vessel(random, depth), np.ones(3), np.zeros(3))
        for _ in range(random.choice([0, 0, 0, 1, 2, 4])):
            size = random.uniform(0.1, 0.35, 3)
            place = np.array([*random.uniform(-0.4, 0.4, 2), 0.05 + size[2]])
            put((box, superquadric, lathe, torus)[random.integers(4)](random), size, place)
    return assemble(parts, [texture(random) for _ in parts])


def scaled(part: Part, factors: np.ndarray) -> Part:
    return part[0] * factors, part[1], part[2]


def moved(part: Part, shift: np.ndarray) -> Part:
    return part[0] + shift, part[1], part[2]


def knots(seed: int) -> Mesh:
    """A torus knot through a bumpy ball: shapes that `solids` never makes."""
    random = np.random.default_rng([seed, 78])
    p, q = [(2, 3), (3, 2), (2, 5), (3, 4), (1, 4)][random.integers(5)]
    t = np.linspace(0, 2 * np.pi, 241)
    ring = 1 + random.uniform(0.25, 0.5) * np.cos(q * t)
    knot = np.stack([ring * np.cos(p * t), ring * np.sin(p * t), random.uniform(0.3, 0.8) * np.sin(q * t)], 1)
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 97), np.linspace(-np.pi / 2, np.pi / 2, 49), indexing="ij")
    bumps = 1 + random.uniform(0.05, 0.25) * np.sin(random.integers(2, 7) * u) * np.cos(v) * np.sin(
        random.integers(2, 6) * v + random.uniform(0, 6)
    )
    ball = (
        random.uniform(0.4, 0.9)
        * bumps[..., None]
        * np.stack([np.cos(v) * np.cos(u), np.cos(v) * np.sin(u), np.sin(v) * random.uniform(0.6, 1.4)], -1)
    )
    knot_part = sheet(tube(knot, random.uniform(0.08, 0.22)))
    return assemble(
        [(knot_part[0], knot_part[1], knot_part[2] * np.array([8, 1])), sheet(ball + random.normal(0, 0.15, 3))],
        [texture(random), texture(random)],
    )
