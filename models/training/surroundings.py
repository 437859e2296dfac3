"""A place that something is captured in: ground, walls, clutter and sky around it, as one mesh."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mesh import Mesh, towards
from objects import Part, box, moved, scaled, sheet, texture, turned

SKY_RADIUS, CEILING_SHARE = 14.0, 0.4
AnyObject = Callable[[np.random.Generator], Mesh]


@dataclass(frozen=True)
class Wall:
    """What lies on the far side of normal . p = distance is behind it."""

    normal: np.ndarray  # (3,) of length 1, outwards
    distance: float


@dataclass(frozen=True)
class Place:
    """What is captured (longest side 1, centred at the origin) and everything around it."""

    mesh: Mesh  # the subject's triangles first
    subject_triangles: int
    ground: float | None = None  # its height; None: nothing is around the subject
    walls: tuple[Wall, ...] = ()

    def has_room_at(self, eye: np.ndarray, margin: float = 0.12) -> bool:
        above = self.ground is None or eye[2] > self.ground + margin
        return above and all(wall.normal @ eye < wall.distance - margin for wall in self.walls)

    def alone(self) -> Mesh:
        """The subject without its surroundings."""
        mesh, count = self.mesh, self.subject_triangles
        return replace(mesh, triangles=mesh.triangles[:count], uv=mesh.uv[:count], texture_of=mesh.texture_of[:count])


def joined(meshes: list[Mesh]) -> Mesh:
    """One mesh of several, lit as the first; their vertices stay where they are."""
    vertices, textures = (
        np.cumsum([0] + [len(m.vertices) for m in meshes]),
        np.cumsum([0] + [len(m.textures) for m in meshes]),
    )
    return replace(
        meshes[0],
        vertices=np.concatenate([m.vertices for m in meshes]),
        triangles=np.concatenate([m.triangles + offset for m, offset in zip(meshes, vertices[:-1], strict=True)]),
        uv=np.concatenate([m.uv for m in meshes]),
        texture_of=np.concatenate([m.texture_of + offset for m, offset in zip(meshes, textures[:-1], strict=True)]),
        textures=[picture for m in meshes for picture in m.textures],
    )


def placed(mesh: Mesh, size: float, yaw: float, foot: np.ndarray) -> Mesh:
    """As large as `size`, turned, and standing on `foot`."""
    vertices = mesh.vertices @ turned(yaw).T * size
    return replace(mesh, vertices=vertices + foot - np.array([0, 0, vertices[:, 2].min()]))


def in_place(part: Part, picture: np.ndarray) -> Mesh:
    """A part where it is, not centred."""
    vertices, triangles, uv = part
    return Mesh(vertices, triangles, uv[triangles], np.zeros(len(triangles), int), [picture])


def subject(random: np.random.Generator, any_object: AnyObject) -> Mesh:
    """One object, at times two or three beside each other; longest side 1, centred at the origin."""
    count = int(random.choice([1, 1, 1, 1, 1, 2, 2, 3]))
    meshes, heading = [], random.uniform(0, 2 * np.pi)
    for number in range(count):
        size = 1.0 if number == 0 else random.uniform(0.35, 1.0)
        way = heading + number * random.uniform(1.8, 2.6)
        foot = np.zeros(3) if number == 0 else random.uniform(0.6, 1.0) * np.array([np.cos(way), np.sin(way), 0])
        meshes.append(placed(any_object(random), size, random.uniform(0, 2 * np.pi), foot))
    mesh = joined(meshes)
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    return replace(mesh, vertices=(mesh.vertices - (low + high) / 2) / (high - low).max())


def muted(random: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """The picture (float) in the colours of rooms and streets: mostly less saturated, with less contrast."""
    picture = picture.astype(float)
    grey = picture[..., :3].mean(-1, keepdims=True)
    colours = grey + random.uniform(0, 0.8) * (picture[..., :3] - grey)
    mean = colours.mean((0, 1))
    picture[..., :3] = mean + random.uniform(0.3, 1) * (colours - mean)
    return picture


def ground_texture(random: np.random.Generator) -> tuple[np.ndarray, float]:
    """A picture that tiles, and how many units of the world one tile spans: boards, tiles, cloth, earth or anything."""
    picture = muted(random, texture(random))
    size = len(picture)
    kind = random.integers(4)
    if kind == 0:  # boards with gaps, each of another shade
        count = int(random.integers(3, 9))
        shade = random.uniform(0.8, 1.1, count)[np.arange(size) * count // size]
        shade[np.arange(size) * count % size < count * 2] *= 0.5
        picture[..., :3] = (
            picture[..., :3].mean(1, keepdims=True) * shade[None, :, None] * random.uniform(0.9, 1.1, (size, 1, 1))
        )
    elif kind == 1:  # tiles with joints
        count = int(random.integers(2, 7))
        joint = np.arange(size) * count % size < count * 4
        picture[joint[:, None] | joint[None]] = picture.mean((0, 1)) * random.uniform(0.4, 1.4)
    elif kind == 2:  # cloth, sand, gravel: fine grain
        grain = random.normal(1, random.uniform(0.02, 0.12), (size // 2, size // 2, 1)).repeat(2, 0).repeat(2, 1)
        picture[..., :3] = (0.7 * picture.mean((0, 1)) + 0.3 * picture)[..., :3] * grain
    picture[..., 3] = 255
    return np.clip(picture, 0, 255).astype(np.uint8), float(random.uniform(0.8, 3.5))


def ground(random: np.random.Generator, height: float, radius: float = SKY_RADIUS) -> Mesh:
    """Round, finer towards the middle, so that what passes behind the eye is small."""
    picture, span = ground_texture(random)
    rings = np.concatenate([[0], np.geomspace(0.08, radius, 40)])
    angle = np.linspace(0, 2 * np.pi, 73)
    points = np.stack([rings[:, None] * np.cos(angle), rings[:, None] * np.sin(angle), np.full((41, 73), height)], -1)
    vertices, triangles, _ = sheet(points)
    uv = vertices[:, :2] @ turned(random.uniform(0, 2 * np.pi))[:2, :2] / span
    return in_place((vertices, triangles, uv), picture)


def sky(random: np.random.Generator) -> Mesh:
    """A dome: bright or dull, with clouds or with the far ends of a hall."""
    picture = muted(random, texture(random))
    tint = random.uniform(0.35, 1) * random.uniform(0.85, 1, 3) * 255
    picture[..., :3] = tint + random.uniform(0.05, 0.5) * (picture[..., :3] - tint)
    rise, angle = np.linspace(-np.pi / 2, np.pi / 2, 25), np.linspace(0, 2 * np.pi, 49)
    around = np.stack([np.cos(angle), np.sin(angle)], -1) * SKY_RADIUS
    points = np.concatenate(
        [
            around[None] * np.cos(rise)[:, None, None],
            np.broadcast_to(SKY_RADIUS * np.sin(rise)[:, None, None], (25, 49, 1)),
        ],
        2,
    )
    vertices, triangles, uv = sheet(points)
    return in_place((vertices, triangles, uv * random.integers(1, 4)), np.clip(picture, 0, 255).astype(np.uint8))


def wall(
    random: np.random.Generator,
    azimuth_degrees: float,
    distance: float,
    width: float,
    low: float,
    high: float,
    picture: np.ndarray,
) -> list[Mesh]:
    """A standing plane with pictures and shelves on it."""
    steps, rise = np.linspace(-width / 2, width / 2, 25), np.linspace(low, high, 9)
    outwards, along = towards(azimuth_degrees, 0), towards(azimuth_degrees + 90, 0)

    def patch(offset: float, centre: float, wide: float, bottom: float, top: float) -> Part:
        s, z = np.meshgrid(
            centre + wide * steps / width, bottom + (top - bottom) * (rise - low) / (high - low), indexing="ij"
        )
        points = outwards * (distance - offset) + s[..., None] * along + z[..., None] * np.array([0, 0, 1.0])
        return sheet(points)

    vertices, triangles, uv = patch(0, 0, width, low, high)
    meshes = [in_place((vertices, triangles, uv * np.array([width, high - low]) / random.uniform(0.8, 3)), picture)]
    for _ in range(random.integers(0, 5)):
        wide, tall = random.uniform(0.3, 1.5, 2)
        bottom = random.uniform(low, max(low + 0.01, high - tall))
        poster = patch(0.02, random.uniform(-0.4, 0.4) * width, wide, bottom, min(high, bottom + tall))
        meshes.append(in_place(poster, texture(random)))
    return meshes


def clutter(
    random: np.random.Generator, any_object: AnyObject, height: float, near: float, far: float, reach: float
) -> list[Mesh]:
    """Small things within `near` of the subject, larger ones between `far` and `reach`."""
    meshes = []
    for _ in range(random.integers(0, 6)):
        distance, way = random.uniform(0.65, max(0.7, near)), random.uniform(0, 2 * np.pi)
        foot = np.array([distance * np.cos(way), distance * np.sin(way), height])
        meshes.append(placed(any_object(random), random.uniform(0.12, 0.5), random.uniform(0, 2 * np.pi), foot))
    for _ in range(random.integers(0, 8)):
        distance, way = random.uniform(far, max(far + 0.1, reach)), random.uniform(0, 2 * np.pi)
        foot = np.array([distance * np.cos(way), distance * np.sin(way), height])
        meshes.append(placed(any_object(random), random.uniform(0.4, 2.2), random.uniform(0, 2 * np.pi), foot))
    return meshes


def furnished(
    random: np.random.Generator,
    thing: Mesh,
    any_object: AnyObject,
    nearest: float,
    farthest: float,
    behind_degrees: float | None,
) -> Place:
    """`thing` on the ground or on a pedestal, in a room, before a wall, in a corner or in the open. nearest, farthest:
    where cameras go. behind_degrees: the azimuth at which no camera stands, so that a wall may be close; None: cameras
    stand all around."""
    foot = float(thing.vertices[:, 2].min())
    meshes, walls = [thing], []
    height = foot
    if random.random() < 0.3:
        height = foot - random.uniform(0.3, 1.2)
        half = np.array([*random.uniform(0.45, 0.9, 2), (foot - height) / 2])
        pedestal = moved(scaled(box(random), half), np.array([0, 0, (foot + height) / 2]))
        meshes.append(in_place(pedestal, muted(random, texture(random)).astype(np.uint8)))
    meshes.append(ground(random, height))
    kind = random.choice(
        ["room", "open", "wall"] if behind_degrees is None else ["wall", "wall", "corner", "room", "open"]
    )
    top = height + random.uniform(1.5, 5)
    azimuths: list[tuple[float, float]] = []  # with distances
    if kind == "room":
        turn = random.uniform(0, 90)
        azimuths = [(turn + 90 * side, farthest * random.uniform(1.15, 2.2)) for side in range(4)]
        top = max(top, farthest + 0.3)
    elif kind in ("wall", "corner"):
        # A quarter more than the arc leaves on each side, where the wall is near.
        centre = random.uniform(0, 360) if behind_degrees is None else behind_degrees + random.uniform(-15, 15)
        away = farthest * 1.15 if behind_degrees is None else random.uniform(0.65, 1.6)
        azimuths = [(centre, away)]
        if kind == "corner":
            azimuths = [(centre - 45, away), (centre + 45, random.uniform(0.65, 1.6))]
    paper, _ = ground_texture(random)
    for azimuth, away in azimuths:
        walls.append(Wall(towards(azimuth, 0), away))
        meshes += wall(random, azimuth, away, 2 * farthest * 2.2, height, top, paper)
    if kind == "room" and random.random() < CEILING_SHARE:
        lid = ground(random, top, 2.2 * farthest * 1.5)
        meshes.append(lid)
        walls.append(Wall(np.array([0, 0, 1.0]), top))
    place = Place(thing, len(thing.triangles), height, tuple(walls))
    reach = min([away for _, away in azimuths] or [2.5 * farthest])
    for item in clutter(random, any_object, height, 0.7 * nearest, 1.2 * farthest, reach):
        if all((item.vertices @ w.normal).max() < w.distance for w in walls):
            meshes.append(item)
    meshes.append(sky(random))
    mesh = joined(meshes)
    return replace(place, mesh=replace(mesh, openness=shadowed(random, mesh.vertices, thing, height)))


def shadowed(random: np.random.Generator, vertices: np.ndarray, thing: Mesh, height: float) -> np.ndarray:
    """(vertices,) 0..1: darker on the ground close to what stands there, and less so further off."""
    reach = 0.5 * np.ptp(thing.vertices[:, :2], axis=0).max()
    middle = thing.vertices[:, :2].mean(0)
    off = np.linalg.norm(vertices[:, :2] - middle, axis=1) / max(reach, 0.1)
    low = np.abs(vertices[:, 2] - height) < 0.02
    return np.where(low, 1 - random.uniform(0, 0.6) * np.exp(-((off / random.uniform(0.8, 1.4)) ** 2)), 1.0)
