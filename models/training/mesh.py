"""Textured triangle meshes: what training scenes are captured from."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from native_library import library, pointer

SUPERSAMPLING = 3
LARGEST_TEXTURE = 512


@dataclass
class Mesh:
    """Longest side 1, centred at the origin, z up."""

    vertices: np.ndarray  # (vertices, 3)
    triangles: np.ndarray  # (triangles, 3) vertex index
    uv: np.ndarray  # (triangles, 3, 2)
    texture_of: np.ndarray  # (triangles,)
    textures: list[np.ndarray]  # (height, width, 4) uint8
    # direction towards the light (unit), ambient share
    light: tuple[np.ndarray, float] = (np.array([0.4, 0.3, 0.86]), 0.55)
    # further lights: direction (unit), strength beside the first one's 1
    more_lights: tuple[tuple[np.ndarray, float], ...] = ()
    openness: np.ndarray | None = None  # (vertices,) 0..1: how much light reaches them; None: all of it


@dataclass(frozen=True)
class Sphere:
    """A part of the world."""

    centre: np.ndarray  # (3,)
    radius: float


def picture(mesh: Mesh, camera: torch.Tensor, size: int) -> torch.Tensor:
    """(size, size, 4) colour over black and coverage, box-filtered from 3 x 3 samples a pixel.

    camera: 16 numbers as in rasteriser.py; any matrix may stand for the rotation.
    """
    colour, _, seen = samples(mesh, camera, size)
    return filtered(torch.cat([colour, seen], 2))


def filtered(values: torch.Tensor) -> torch.Tensor:
    """Samples (3 size, 3 size, channels) to pixels (size, size, channels)."""
    size = len(values) // SUPERSAMPLING
    return values.view(size, SUPERSAMPLING, size, SUPERSAMPLING, -1).mean((1, 3))


def samples(
    mesh: Mesh, camera: torch.Tensor, size: int, marks: np.ndarray | None = None, within: Sphere | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Samples of one picture, 3 x 3 a pixel, all 0 where nothing is.

    Colour (3 size, 3 size, 3), 1 / depth (3 size, 3 size, 1) and the mark of the triangle seen (3 size, 3 size, 1).
    marks: (triangles,), else 1. within: draws only what lies in it; its camera needs a true rotation.
    """
    side = size * SUPERSAMPLING
    numbers = camera.double().numpy()
    rotation, translation = numbers[:9].reshape(3, 3), numbers[9:12]
    lens = numbers[12:16] * SUPERSAMPLING
    view = mesh.vertices @ rotation.T + translation
    depth = np.maximum(view[:, 2], 1e-3)
    x, y = view[:, 0] / depth * lens[0] + lens[2], view[:, 1] / depth * lens[1] + lens[3]
    screen = np.stack([x, y, np.where(view[:, 2] > 0.05, 1 / depth, 0)], 1)
    corners = torch.from_numpy(np.concatenate([screen[mesh.triangles], mesh.uv], 2).astype(np.float32))
    shade = torch.from_numpy(shading(mesh, -np.linalg.solve(rotation, translation)))
    table, texels, offset = [], [], 0
    for texture in mesh.textures:
        table.append((texture.shape[1], texture.shape[0], offset))
        texels.append(np.ascontiguousarray(texture).reshape(-1))
        offset += texture.size
    packed = torch.from_numpy(np.concatenate(texels))
    textures = torch.tensor(table, dtype=torch.int32)
    texture_of = torch.from_numpy(mesh.texture_of.astype(np.int32))
    marked = torch.ones(len(mesh.triangles)) if marks is None else torch.from_numpy(marks.astype(np.float32))
    sphere = torch.zeros(4)
    if within is not None:
        sphere = torch.tensor([*(rotation @ within.centre + translation), within.radius], dtype=torch.float32)
    colour, nearest, seen = torch.zeros(side, side, 3), torch.zeros(side, side, 1), torch.zeros(side, side, 1)
    library().mesh(
        len(mesh.triangles),
        side,
        side,
        *map(pointer, (corners, texture_of, textures, packed, shade, marked, torch.from_numpy(lens).float(), sphere)),
        *map(pointer, (colour, nearest, seen)),
    )
    return colour, nearest, seen


def shading(mesh: Mesh, eye: np.ndarray) -> np.ndarray:
    """(triangles, 3): two-sided Lambert with lights and ambience, flat a triangle but for what keeps light away."""
    a, b, c = (mesh.vertices[mesh.triangles[:, corner]] for corner in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    facing = normal * np.sign((normal * (eye - a)).sum(1, keepdims=True) + 1e-9)
    direction, ambient = mesh.light
    lights = [(direction, 1.0), *mesh.more_lights]
    total = sum(strength for _, strength in lights)
    lit = np.sum([strength / total * np.clip(facing @ to_light, 0, 1) for to_light, strength in lights], 0)
    flat = np.repeat((ambient + (1 - ambient) * lit)[:, None], 3, 1)
    if mesh.openness is not None:
        flat = flat * mesh.openness[mesh.triangles]
    return flat.astype(np.float32)


def centred(vertices: np.ndarray) -> np.ndarray:
    low, high = vertices.min(0), vertices.max(0)
    return (vertices - (low + high) / 2) / (high - low).max()


def read_obj(path: Path, most_triangles: int = 60_000, up: str = "y") -> Mesh | None:
    """A Wavefront file with y or z up and its first textures.

    None where it has no faces, or too many for a quick picture.
    """
    positions, coordinates, triangles, triangle_uv, names = [], [], [], [], []
    materials: dict[str, tuple[tuple[float, ...], Path | None]] = {}
    current = ""
    for line in path.read_text(errors="ignore").splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "v":
            positions.append([float(word) for word in words[1:4]])
        elif words[0] == "vt":
            coordinates.append([float(word) for word in words[1:3]])
        elif words[0] == "mtllib":
            materials |= read_materials(path.parent / " ".join(words[1:]))
        elif words[0] == "usemtl":
            current = " ".join(words[1:])
        elif words[0] == "f":
            corners = [corner_of(word, len(positions), len(coordinates)) for word in words[1:]]
            for last in range(2, len(corners)):
                fan = (corners[0], corners[last - 1], corners[last])
                triangles.append([corner[0] for corner in fan])
                triangle_uv.append([corner[1] for corner in fan])
                names.append(current)
    if not triangles or len(triangles) > most_triangles:
        return None
    vertices = np.array(positions)
    if up == "y":
        vertices = vertices[:, [0, 2, 1]] * np.array([1, -1, 1])
    faces, uv_index = np.array(triangles), np.array(triangle_uv)
    used, faces = np.unique(faces, return_inverse=True)
    known = np.array(coordinates or [[0.0, 0.0]])
    uv = np.where(uv_index[..., None] >= 0, known[np.maximum(uv_index, 0)], 0)
    order = list(dict.fromkeys(names))
    textures = [texture_for(*materials.get(name, ((0.7, 0.7, 0.7), None))) for name in order]
    return Mesh(
        centred(vertices[used]), faces.reshape(-1, 3), uv, np.array([order.index(name) for name in names]), textures
    )


def corner_of(word: str, positions: int, coordinates: int) -> tuple[int, int]:
    """Position and texture index of `7/3/1`; negative ones count from the end, -1 stands for no texture."""
    parts = word.split("/")
    position = int(parts[0])
    coordinate = int(parts[1]) if len(parts) > 1 and parts[1] else 0
    return (position - 1 if position > 0 else positions + position), (
        coordinate - 1 if coordinate >= 0 else coordinates + coordinate
    )


def read_materials(path: Path) -> dict[str, tuple[tuple[float, ...], Path | None]]:
    found: dict[str, tuple[tuple[float, ...], Path | None]] = {}
    name = ""
    for line in path.read_text(errors="ignore").splitlines() if path.exists() else []:
        word, _, rest = line.strip().partition(" ")
        if word == "newmtl":
            name = rest.strip()
            found[name] = ((0.7, 0.7, 0.7), None)
        elif word == "Kd" and name:
            found[name] = (tuple(float(number) for number in rest.split()[:3]), found[name][1])
        elif word == "map_Kd" and name:
            choices = [path.parent / rest.split()[-1].replace("\\", "/"), path.parent / rest.strip().replace("\\", "/")]
            found[name] = (found[name][0], next((choice for choice in choices if choice.exists()), None))
    return found


def texture_for(colour: tuple[float, ...], file: Path | None) -> np.ndarray:
    """Opaque RGBA bytes of an image, or one colour."""
    if file is None:
        return np.tile(np.array([*(np.clip(colour, 0, 1) * 255), 255], np.uint8), (2, 2, 1))
    image = Image.open(file).convert("RGBA")
    image.thumbnail((LARGEST_TEXTURE, LARGEST_TEXTURE))
    texels = np.array(image)
    texels[..., 3] = 255
    return texels


def look_at(azimuth_degrees: float, elevation_degrees: float, distance: float, focal: float, size: int) -> torch.Tensor:
    """16 numbers of a camera that looks at the origin from around the z axis, square picture."""
    return aimed(distance * towards(azimuth_degrees, elevation_degrees), np.zeros(3), 0.0, focal, size)


def towards(azimuth_degrees: float, elevation_degrees: float) -> np.ndarray:
    """(3,) of length 1, from the origin."""
    azimuth, elevation = math.radians(azimuth_degrees), math.radians(elevation_degrees)
    return np.array(
        [math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth), math.sin(elevation)]
    )


def aimed(eye: np.ndarray, target: np.ndarray, roll_degrees: float, focal: float, size: int) -> torch.Tensor:
    """16 numbers of a camera at `eye` that looks at `target`, turned about its axis by `roll_degrees`."""
    forward = (target - eye) / np.linalg.norm(target - eye)
    up = np.array([0.0, 0.0, 1.0]) if abs(forward[2]) < 0.999 else np.array([0.0, 1.0, 0.0])
    right = np.cross(forward, up)
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cosine, sine = math.cos(math.radians(roll_degrees)), math.sin(math.radians(roll_degrees))
    rotation = np.stack([cosine * right + sine * down, cosine * down - sine * right, forward])
    return torch.tensor([*rotation.ravel(), *(-rotation @ eye), focal, focal, size / 2, size / 2], dtype=torch.float32)
