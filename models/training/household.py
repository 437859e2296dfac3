"""Procedural things of one kind each, as people put them on a table to capture them.

`household` makes what stands, `utensils` what lies, has handles or is open.
"""

from collections.abc import Callable

import numpy as np

from mesh import Mesh
from objects import Part, assemble, box, moved, scaled, sheet, superquadric, texture, torus, tube, turned, vessel, wound


def disc(radius: float, height: float) -> Part:
    """A lid, with one picture across it."""
    vertices, triangles, _ = wound(
        [
            (0.0, height),
            (radius * 0.85, height),
            (radius * 0.9, height + 0.03 * radius),
            (radius, height + 0.03 * radius),
        ]
    )
    return vertices, triangles, vertices[:, :2] / (2 * radius) + 0.5


def carton(random: np.random.Generator) -> list[Part]:
    return [scaled(box(random), np.sort(random.uniform(0.15, 1, 3))[random.permutation(3)])]


def can(random: np.random.Generator) -> list[Part]:
    height, rim = random.uniform(0.3, 2.2), random.uniform(0, 0.06)
    return [
        wound([(0, 0), (0.97, 0), (1, rim), (1, height - rim), (0.97, height)], random.integers(1, 4)),
        disc(1.0, height),
    ]


def bottle(random: np.random.Generator) -> list[Part]:
    """A body, a shoulder of any steepness, and a cap."""
    neck, shoulder, height = random.uniform(0.2, 0.7), random.uniform(0.1, 1), random.uniform(1, 3)
    way = np.linspace(0, 1, 9)
    curve = [(1 - (1 - neck) * (3 * t * t - 2 * t**3), height + shoulder * t) for t in way]
    cap = random.uniform(1, 1.25) * neck
    top = height + shoulder
    body = scaled(
        wound([(0, 0), (0.94, 0), (1, 0.06), *curve], random.integers(1, 4)),
        np.array([1.0, random.uniform(0.4, 1), 1.0]),
    )
    return [
        body,
        wound(
            [(0, top), (cap, top), (cap, top + random.uniform(0.15, 0.6)), (0, top + random.uniform(0.15, 0.7))],
            random.integers(1, 4),
        ),
    ]


def ball(random: np.random.Generator) -> list[Part]:
    """Balls and fruit: near a sphere, and a stalk on some."""
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 65), np.linspace(-np.pi / 2, np.pi / 2, 33), indexing="ij")
    pull, bumps, lobes = (
        random.choice([0, 0, random.uniform(-0.3, 0.3)]),
        random.choice([0, random.uniform(0, 0.08)]),
        random.integers(2, 7),
    )
    radius = (1 + pull * np.sin(v) + bumps * np.cos(lobes * u) * np.cos(v) ** 2)[..., None]
    body = sheet(
        radius
        * np.stack(
            [np.cos(v) * np.cos(u), np.cos(v) * np.sin(u), np.sin(v) * random.choice([1, random.uniform(0.7, 1.4)])], -1
        )
    )
    tilt, _ = np.linalg.qr(random.normal(size=(3, 3)))
    parts = [(body[0] @ tilt.T, body[1], body[2] * np.array([random.integers(1, 4), 1]))]
    if random.random() < 0.3:
        parts.append(moved(wound([(0.07, 0), (0.05, 0.3), (0, 0.32)], random.integers(1, 4)), np.array([0, 0, 0.95])))
    return parts


def cup(random: np.random.Generator) -> list[Part]:
    """Open above, with what is left in it and a handle on some; one to three, standing in each other."""
    foot, height, wall = random.uniform(0.6, 1), random.uniform(0.7, 2.5), random.uniform(0.03, 0.12)
    floor = wall if random.random() < 0.7 else random.uniform(wall, 0.9 * height)
    one = wound(
        [
            (0, 0),
            (foot, 0),
            (1, height),
            (1 - wall, height),
            (foot - wall + (1 - foot) * floor / height, floor),
            (0, floor),
        ],
        random.integers(1, 4),
    )
    parts = [moved(one, np.array([0, 0, 0.3 * number * height])) for number in range(random.choice([1, 1, 1, 2, 3]))]
    if random.random() < 0.4:
        angle = np.linspace(0, 2 * np.pi, 33)
        size = random.uniform(0.25, 0.4) * height
        ring = sheet(
            tube(
                np.stack([(foot + 1) / 2 + 0.35 * np.cos(angle), 0 * angle, height / 2 + size * np.sin(angle)], 1),
                random.uniform(0.06, 0.14),
            )
        )
        parts.append(ring)
    return parts


def brick(random: np.random.Generator) -> list[Part]:
    """A box with rows of studs, some of them hollow."""
    columns, rows, height = random.integers(1, 5), random.integers(1, 4), random.uniform(0.4, 2.5)
    half = np.array([columns, rows, height])
    hollow = random.choice([0.0, 0.6])
    radius, tall = random.uniform(0.5, 0.75), random.uniform(0.15, 0.5)
    stud = wound(
        [
            (radius, 0),
            (radius, tall),
            (hollow * radius, tall),
            (hollow * radius, 0.3 * tall),
            (0, 0.3 * tall if hollow else tall),
        ],
        random.integers(1, 4),
    )
    places = [
        np.array([2 * column - columns + 1, 2 * row - rows + 1, height])
        for column in range(columns)
        for row in range(rows)
    ]
    return [scaled(box(random), half), *(moved(stud, place) for place in places)]


def tool(random: np.random.Generator) -> list[Part]:
    """A long handle with a head, lying: hammers, spoons, drivers, spatulas."""
    thick, bend = random.uniform(0.05, 0.15), random.uniform(-0.15, 0.15)
    along = np.linspace(-1, 1, 25)
    fold = np.stack([along, bend * along**2, 0.05 * np.cos(3 * along) * random.random()], 1)
    ring = np.linspace(0, 2 * np.pi, 17)
    width = thick * (1 + 0.3 * np.cos(random.uniform(2, 6) * along + random.uniform(0, 6)))
    rod = (
        fold[:, None]
        + width[:, None, None] * np.stack([0 * ring, np.cos(ring), random.uniform(0.4, 1) * np.sin(ring)], -1)[None]
    )
    head = (box, superquadric, torus)[random.integers(3)](random)
    return [
        sheet(rod),
        moved(scaled(head, np.array([*random.uniform(0.08, 0.4, 2), random.uniform(0.03, 0.2)])), fold[-1]),
    ]


def stack(random: np.random.Generator) -> list[Part]:
    """Blocks on each other, each turned a little."""
    parts, height = [], 0.0
    for _ in range(random.integers(2, 5)):
        half = random.uniform(0.3, 1, 3) * (1, 1, 0.6)
        vertices, triangles, uv = scaled((box, superquadric)[int(random.random() < 0.3)](random), half)
        parts.append(
            (
                vertices @ turned(random.uniform(0, 6.3)).T
                + np.array([*random.uniform(-0.2, 0.2, 2), height + half[2]]),
                triangles,
                uv,
            )
        )
        height += 2 * half[2]
    return parts


def arch(random: np.random.Generator, foot: np.ndarray, height: float, reach: float) -> Part:
    """A handle at a side: half a ring from `foot` upwards."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 25)
    ring = np.linspace(0, 2 * np.pi, 17)
    out = np.stack([np.cos(angle), 0 * angle, np.sin(angle)], 1)
    thick, flat = random.uniform(0.05, 0.12) * height, random.uniform(0.4, 1)
    centre = foot + np.stack([reach * np.cos(angle), 0 * angle, height * (0.5 + 0.5 * np.sin(angle))], 1)
    return sheet(
        centre[:, None]
        + thick
        * (flat * np.cos(ring)[None, :, None] * out[:, None] + np.sin(ring)[None, :, None] * np.array([0, 1, 0]))
    )


def rod(path: np.ndarray, thickness: np.ndarray) -> Part:
    """A round rod along a path (points, 3), with a radius at each."""
    forward = np.gradient(path, axis=0)
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    side = np.cross(forward, np.array([0.13, 0.29, 0.95]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    ring = np.linspace(0, 2 * np.pi, 21)[None, :, None]
    return sheet(
        path[:, None]
        + thickness[:, None, None] * (np.cos(ring) * side[:, None] + np.sin(ring) * np.cross(forward, side)[:, None])
    )


def dish(random: np.random.Generator) -> list[Part]:
    """Plates, bowls and lids; empty, upside down at times, some with a knob or a long handle."""
    parts = [vessel(random, random.choice([random.uniform(0.05, 0.25), random.uniform(0.3, 0.9)]))]
    if random.random() < 0.3:
        top = parts[0][0][:, 2].max()
        flipped = (parts[0][0] * (1, 1, -1) + (0, 0, top), parts[0][1], parts[0][2])
        radius = random.uniform(0.06, 0.2)
        return [
            flipped,
            wound(
                [
                    (radius * 0.6, top),
                    (radius * 0.6, top + radius),
                    (radius, top + 1.5 * radius),
                    (0, top + 1.8 * radius),
                ]
            ),
        ]
    if random.random() < 0.3:
        long, rise = random.uniform(0.7, 1.5), random.uniform(-0.05, 0.2)
        way = np.linspace(0.9, 0.9 + long, 9)
        parts.append(
            scaled(
                rod(
                    np.stack([way, 0 * way, parts[0][0][:, 2].max() * 0.8 + rise * (way - 0.9)], 1),
                    np.full(9, random.uniform(0.04, 0.09)),
                ),
                np.array([1, random.uniform(1, 2), 1]),
            )
        )
    return parts


def crescent(random: np.random.Generator) -> list[Part]:
    """Bananas, peppers, horns: bent and thin at the ends."""
    along = np.linspace(-1, 1, 33)
    bend, blunt = random.uniform(0.1, 0.7), random.uniform(0.3, 1.0)
    path = np.stack([along, bend * along**2, 0.1 * random.normal() * along], 1)
    return [
        rod(path, 0.01 + random.uniform(0.1, 0.35) * np.clip(1 - np.abs(along) ** random.uniform(2, 6), 0, 1) ** blunt)
    ]


def pitcher(random: np.random.Generator) -> list[Part]:
    """Jugs, mugs and jerricans: open or closed above, with a handle at the side and a spout on some."""
    foot, belly, mouth, height = (
        random.uniform(0.6, 1),
        random.uniform(0.8, 1.1),
        random.uniform(0.5, 1),
        random.uniform(1.2, 2.6),
    )
    way = np.linspace(0, 1, 13)
    radius = foot * (1 - way) ** 2 + 2 * belly * way * (1 - way) + mouth * way**2
    outer = list(zip(radius, height * way, strict=True))
    wall = random.uniform(0.03, 0.08)
    inner = [(r - wall, z) for r, z in outer[::-1][:-3]]
    closed = random.random() < 0.4
    body = wound(
        [(0, 0), *outer, *([(0, height * random.uniform(1, 1.1))] if closed else [*inner, (0, inner[-1][1])])],
        random.integers(1, 4),
    )
    low = random.uniform(0.1, 0.4) * height
    parts = [
        body,
        arch(
            random,
            np.array([0.9 * min(foot, mouth), 0, low]),
            random.uniform(0.4, 0.6) * height,
            random.uniform(0.4, 0.8),
        ),
    ]
    if random.random() < 0.4:
        parts.append(
            moved(scaled(box(random), np.array([0.15, 0.2, 0.08 * height])), np.array([-mouth, 0, 0.93 * height]))
        )
    return parts


def gun(random: np.random.Generator) -> list[Part]:
    """Drills, hair dryers, spray heads: a long body, a grip across it, and a nose; standing or lying."""
    long, thick = random.uniform(0.5, 0.9), random.uniform(0.15, 0.3)
    body = scaled(
        (box, superquadric)[int(random.random() < 0.6)](random),
        np.array([long, thick, thick * random.uniform(0.8, 1.3)]),
    )
    lean = np.array([random.uniform(-0.3, 0.3), 0, -random.uniform(0.5, 1)])
    start = np.array([-random.uniform(0, 0.7) * long, 0, 0])
    steps = np.linspace(0, 1, 13)
    grip = rod(start + steps[:, None] * lean, random.uniform(0.09, 0.16) * (1 + 0.15 * np.cos(9 * steps)))
    parts = [body, grip]
    if random.random() < 0.7:
        parts.append(
            moved(
                scaled(
                    box(random),
                    np.array([random.uniform(0.15, 0.35), random.uniform(0.12, 0.25), random.uniform(0.05, 0.15)]),
                ),
                start + lean,
            )
        )
    if random.random() < 0.7:
        nose = np.linspace(0, random.uniform(0.2, 0.6), 9)
        parts.append(
            rod(
                np.stack([0.9 * long + nose, 0 * nose, 0 * nose], 1),
                np.linspace(random.uniform(0.07, 0.15), random.uniform(0.02, 0.07), 9),
            )
        )
    if random.random() < 0.6:
        flat = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
        parts = [(vertices @ flat.T, triangles, uv) for vertices, triangles, uv in parts]
    return parts


def scissors(random: np.random.Generator) -> list[Part]:
    """Scissors, pliers and clamps, lying: two blades that cross, each with a loop or a grip."""
    parts: list[Part] = []
    opening, wide, thick = random.uniform(0.05, 0.5), random.uniform(0.04, 0.12), random.uniform(0.02, 0.06)
    loops = random.random() < 0.6
    for side in (-1, 1):
        blade = scaled(box(random), np.array([random.uniform(0.4, 0.8), wide, thick]))
        blade[0][:, 1] *= 1 - 0.5 * np.clip(blade[0][:, 0], 0, 1)
        end: Part = (
            scaled(torus(random), np.array([random.uniform(0.15, 0.3), random.uniform(0.12, 0.22), 0.1]))
            if loops
            else scaled(superquadric(random), np.array([random.uniform(0.25, 0.5), 1.3 * wide, 2 * thick]))
        )
        for part in (moved(blade, np.array([0.35, 0, 0])), moved(end, np.array([-0.45, 0.08 * side, 0]))):
            parts.append(
                moved((part[0] @ turned(side * opening / 2).T, part[1], part[2]), np.array([0, 0, side * thick]))
            )
    return parts


def chain(random: np.random.Generator) -> list[Part]:
    """Rings or beads in a line that winds over the table."""
    count = int(random.integers(5, 12))
    heading, at = random.uniform(0, 2 * np.pi), np.zeros(3)
    bead, size, parts = random.random() < 0.4, random.uniform(0.12, 0.2), []
    for number in range(count):
        one = scaled(superquadric(random) if bead else torus(random), size * np.array([1.1, 0.8, 0.8]))
        tilt = np.eye(3) if bead or number % 2 else np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
        parts.append(moved((one[0] @ tilt.T @ turned(heading).T, one[1], one[2]), at))
        heading += random.normal(0, 0.5)
        at = at + 1.7 * size * np.array([np.cos(heading), np.sin(heading), 0])
    return parts


def plane(random: np.random.Generator) -> list[Part]:
    """Toy aeroplanes: a body with wings and a tail."""
    thick, span = random.uniform(0.12, 0.28), random.uniform(0.5, 1)
    body = scaled(superquadric(random), np.array([1, thick, thick * random.uniform(0.8, 1.5)]))
    wing = moved(
        scaled(box(random), np.array([random.uniform(0.12, 0.3), span, random.uniform(0.02, 0.06)])),
        np.array([random.uniform(-0.2, 0.3), 0, random.uniform(-0.8, 0.8) * thick]),
    )
    tail = moved(
        scaled(box(random), np.array([0.1, random.uniform(0.2, 0.4), 0.03])), np.array([-0.85, 0, 0.5 * thick])
    )
    fin = moved(scaled(box(random), np.array([0.12, 0.03, random.uniform(0.15, 0.3)])), np.array([-0.85, 0, thick]))
    wheels = [
        moved(
            scaled(superquadric(random), np.array([0.1, 0.05, 0.1])), np.array([0.3, side * 0.8 * thick, -1.2 * thick])
        )
        for side in (-1, 1)
    ]
    return [body, wing, tail, fin, *(wheels if random.random() < 0.6 else [])]


def finished(random: np.random.Generator, parts: list[Part], stand: np.ndarray, same_from: int) -> Mesh:
    """Turned as it stands, with dents and with textures.

    At times one texture serves all parts; parts from `same_from` on always share one.
    """
    dents, waves = random.choice([0, random.uniform(0, 0.03)]), random.normal(0, 4, (3, 3))
    size = np.ptp(np.concatenate([vertices for vertices, _, _ in parts]), axis=0).max()
    shaped = []
    for vertices, triangles, uv in parts:
        dented = vertices + dents * size * np.sin(vertices / size @ waves)
        shaped.append((dented @ stand.T, triangles, uv))
    one = texture(random)
    alike = random.random() < 0.4
    return assemble(shaped, [one if alike or number >= same_from else texture(random) for number in range(len(parts))])


def household(seed: int) -> Mesh:
    """One of cartons, cans, bottles, balls and fruit, cups, bricks, tools, stacked blocks."""
    random = np.random.default_rng([seed, 80])
    make = (carton, can, bottle, ball, cup, brick, tool, stack)[random.integers(8)]
    parts = make(random)
    side = np.eye(3)
    if make is not tool and random.random() < 0.2:
        side = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    stand = side @ turned(random.uniform(0, 2 * np.pi))
    return finished(random, parts, stand, 2 if make is brick else len(parts))


def utensils(seed: int) -> Mesh:
    """One of dishes and lids, crescents, jugs, drills, scissors, chains, toy aeroplanes."""
    random = np.random.default_rng([seed, 81])
    make: Callable[[np.random.Generator], list[Part]] = (dish, dish, crescent, pitcher, gun, scissors, chain, plane)[
        random.integers(8)
    ]
    parts = make(random)
    return finished(random, parts, turned(random.uniform(0, 2 * np.pi)), 1 if make in (chain, scissors) else len(parts))
