"""Captures as people make them, resumable: python make_captures.py OUT FIRST LAST [--step N] [--objects DIR]
[--sizes 64 96 128] [--steps FEWEST MOST]

An index decides everything. Half of them show an object alone in empty space, the others one to three on textured
ground with walls, clutter and sky around. Three in five subjects are textured objects, the others procedural ones.
Every eighth scene is whole (captured from everywhere). Indices that are 0 or 1 modulo 24 are held out of training and
show the real scans that are kept back; no other index shows one.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from capture import DISTANCE, FOCAL_PER_WIDTH, RATES, misplaced, optimise, scattered
from dataset import is_held_out
from hand_held import Walk, cameras_of, exposed, looked_at, random_walk
from household import household, utensils
from make_scenes import random_light, save
from mesh import SUPERSAMPLING, Mesh, Sphere, aimed, filtered, samples, towards
from objects import solids, tableware
from scene import SH_C0
from surroundings import Place, furnished, subject
from textured import TexturedObjects, textured_objects

LOW_VIEWS, MIDDLE_VIEWS, HIGH_VIEWS = 6, 4, 16
TEXTURED_SHARE, PROTOCOL_SHARE = 0.6, 0.4
SIZES, SIZE_SHARES = (64, 96, 128, 192, 256), (0.25, 0.4, 0.28, 0.05, 0.02)
PREVIEW, FEWEST_VIEWS = 16, 6
RIM = 0.88, 1.1  # of a region's radius: where a cut through splats shows
FEWEST_SPLATS, MOST_SPLATS = 4_000, 40_000
ATTRIBUTE_STEPS_SHARE = 0.3
LOOSE_SHARE = 0.15  # of the first splats: anywhere in the room instead of on a surface


@dataclass(frozen=True)
class Plan:
    """How one scene is fitted."""

    size: int
    splats: int
    steps: int
    surroundings: bool
    whole: bool


def random_plan(index: int, random: np.random.Generator, sizes: tuple[int, ...], steps: tuple[int, int]) -> Plan:
    shares = np.array([share for size, share in zip(SIZES, SIZE_SHARES, strict=True) if size in sizes])
    size = int(random.choice(sizes, p=shares / shares.sum()))
    surroundings = index % 2 == 1
    dense = np.exp(random.uniform(np.log(0.7), np.log(1.4))) * (random.uniform(1, 2.4) if surroundings else 1)
    splats = int(np.clip(11_000 * (size / 128) ** 1.6 * dense, FEWEST_SPLATS, MOST_SPLATS))
    return Plan(size, splats, int(random.integers(steps[0], steps[1] + 1)), surroundings, index // 2 % 8 == 7)


def object_maker(objects: TexturedObjects | None, held_out: bool):
    """Draws subjects: textured ones or procedural ones, or of the scans that are kept back only; without textured
    objects procedural ones."""

    def draw(random: np.random.Generator) -> Mesh:
        if objects is not None and held_out:
            return objects.read(str(random.choice(objects.kept_back)))
        if objects is not None and random.random() < TEXTURED_SHARE:
            return objects.read(str(random.choice(objects.training)))
        return (solids, tableware, household, utensils)[random.integers(4)](int(random.integers(1 << 30)))

    return draw


def random_place(
    random: np.random.Generator, plan: Plan, walk: Walk, objects: TexturedObjects | None, held_out: bool
) -> Place:
    draw = object_maker(objects, held_out)
    thing = subject(random, draw)
    thing.light = random_light(random)
    count = int(random.choice([0, 0, 1, 2]))
    thing.more_lights = tuple((random_light(random)[0], float(random.uniform(0.2, 0.9))) for _ in range(count))
    if not plan.surroundings:
        return Place(thing, len(thing.triangles))
    nearest, farthest = (0.65, 1.6) if walk.kind == "near and far" else (0.9, 1.1)
    return furnished(
        random,
        thing,
        object_maker(objects, False),
        nearest * walk.distance,
        farthest * walk.distance,
        walk.behind_degrees,
    )


def surface_points(random: np.random.Generator, place: Place, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(count, 3) points on what is there, fewer the farther from the subject, the gaps between them (count,), and their
    colours (count, 3) as textures have them."""
    mesh = place.mesh
    a, b, c = (mesh.vertices[mesh.triangles[:, corner]] for corner in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    weight = area / np.maximum(np.linalg.norm((a + b + c) / 3, axis=1), 0.5) ** 2
    chosen = random.choice(len(area), count, p=weight / weight.sum())
    u, v = random.random((2, count, 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    points = a[chosen] + u * (b - a)[chosen] + v * (c - a)[chosen]
    gaps = np.sqrt(weight.sum() * area[chosen] / (count * weight[chosen] + 1e-12))
    uv = mesh.uv[chosen]
    uv = (uv[:, 0] + u * (uv[:, 1] - uv[:, 0]) + v * (uv[:, 2] - uv[:, 0])) % 1
    colours = np.zeros((count, 3))
    for number, texels in enumerate(mesh.textures):
        here = mesh.texture_of[chosen] == number
        height, width = texels.shape[:2]
        rows = np.minimum(((1 - uv[here, 1]) * height).astype(int), height - 1)
        colours[here] = texels[rows, np.minimum((uv[here, 0] * width).astype(int), width - 1), :3] / 255
    return points, gaps, colours


def seen_in(points: np.ndarray, cameras: Tensor, nearest: Tensor) -> np.ndarray:
    """(points,) in how many pictures each is the nearest thing. nearest: (views, samples, samples, 1) of 1 / depth."""
    counts = np.zeros(len(points), int)
    side = nearest.shape[1]
    for camera, inverse in zip(cameras.double().numpy(), nearest[..., 0].numpy(), strict=True):
        view = points @ camera[:9].reshape(3, 3).T + camera[9:12]
        depth = np.maximum(view[:, 2], 1e-3)
        pixel = (view[:, :2] / depth[:, None] * camera[12:14] + camera[14:16]) * SUPERSAMPLING
        inside = (view[:, 2] > 0.05) & (pixel >= 0).all(1) & (pixel < side).all(1)
        x, y = np.where(inside[:, None], pixel, 0).astype(int).T
        counts += inside & (np.abs(inverse[y, x] * depth - 1) < 0.02)
    return counts


def first_splats(random: np.random.Generator, place: Place, count: int, cameras: Tensor, nearest: Tensor) -> Tensor:
    """Anywhere in the volume around a lone subject. In a place, mostly near surfaces that two pictures or more show, in
    their colours, as points matched between pictures are, and some anywhere."""
    if place.ground is None:
        return scattered(random.random((count, 3)) * 1.1 - 0.55, 0.55 * count ** (-1 / 3), random)
    matched = int(count * (1 - LOOSE_SHARE))
    points, gaps, colours = surface_points(random, place, 4 * matched)
    known = np.flatnonzero(seen_in(points, cameras, nearest) >= 2)[:matched]
    gaps = (gaps * np.sqrt(4 * matched / max(1, len(known))))[known].clip(1e-3, 0.5)
    points = points[known] + random.normal(size=(len(known), 3)) * gaps[:, None] * 0.2
    rest = count - len(known)
    away = np.exp(random.uniform(np.log(0.2), np.log(6), (rest, 1)))
    way = random.normal(size=(rest, 3))
    loose = away * way / np.linalg.norm(way, axis=1, keepdims=True)
    loose[:, 2] = np.abs(loose[:, 2] - place.ground) + place.ground
    scene = scattered(
        np.concatenate([points, loose]), np.concatenate([gaps, (0.1 * away[:, 0]).clip(1e-3, 0.5)]), random
    )
    light = random.uniform(0.5, 1)
    scene[: len(known), 11:14] = torch.from_numpy((colours[known] * light - 0.5) / SH_C0)
    return scene


def everything(place: Place, cameras: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Of every camera: colour with how much of a pixel is subject (views, size, size, 4), and 1 / depth of the samples
    (views, 3 size, 3 size, 1)."""
    marks = np.arange(len(place.mesh.triangles)) < place.subject_triangles
    seen = [samples(place.mesh, camera, size, marks) for camera in cameras]
    pictures = torch.stack([filtered(torch.cat([colour, subject], 2)) for colour, _, subject in seen])
    return pictures, torch.stack([nearest for _, nearest, _ in seen])


def sees_subject(place: Place, cameras: Tensor) -> Tensor:
    """(views,) bool: whose way to the subject is free, as a person would step aside."""
    marks = np.arange(len(place.mesh.triangles)) < place.subject_triangles
    small = cameras.clone()
    small[:, 12:] *= PREVIEW / (2 * cameras[:, 14:15])
    shown = torch.stack([samples(place.mesh, camera, PREVIEW, marks)[2].mean() for camera in small])
    return shown > 0.35 * shown.median()


def region_alone(
    place: Place, cameras: Tensor, size: int, region: Sphere, nearest: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Of every camera: what lies in the region, over black, with coverage (views, size, size, 4); how much of a pixel
    shows it when everything is there, and how much of a pixel is off the region's rim, where splats reach through the
    cut (both (views, size, size)). nearest: of everything."""
    wider = Sphere(region.centre, region.radius * RIM[1])
    cut, seen, off_rim = [], [], []
    for camera, whole in zip(cameras, nearest, strict=True):
        colour, inside, covered = samples(place.mesh, camera, size, within=region)
        cut.append(filtered(torch.cat([colour, covered], 2)))
        seen.append(filtered(covered * (inside >= whole * 0.9999))[..., 0])
        _, around, _ = samples(place.mesh, camera, size, within=wider)
        away = distances(camera, around, region.centre)
        off_rim.append(filtered(((away < region.radius * RIM[0]) | (around == 0)).float())[..., 0])
    return torch.stack(cut), torch.stack(seen), torch.stack(off_rim)


def distances(camera: Tensor, nearest: Tensor, point: np.ndarray) -> Tensor:
    """(samples, samples, 1) how far from `point` lies what is seen; meaningless where nothing is."""
    lens = camera[12:16] * SUPERSAMPLING
    y, x = torch.meshgrid(*(torch.arange(len(nearest)) + 0.5,) * 2, indexing="ij")
    depth = 1 / nearest[..., 0].clamp_min(1e-6)
    seen = torch.stack([(x - lens[2]) / lens[0] * depth, (y - lens[3]) / lens[1] * depth, depth], 2)
    middle = camera[:9].view(3, 3) @ torch.from_numpy(point).float() + camera[9:12]
    return (seen - middle).norm(dim=2, keepdim=True)


def target_cameras(
    random: np.random.Generator, place: Place, walk: Walk, centre: np.ndarray, radius: float, size: int
) -> tuple[Tensor, list[float]]:
    """(views, 16) from the captured side, from above and from between, with elevations in degrees; around a lone
    subject as training always had them."""
    low, high = max(walk.lowest_degrees, -5), min(walk.highest_degrees, 40)
    lone = place.ground is None
    cameras, elevations = [], []
    for lowest, highest, count in [(low, high, LOW_VIEWS), (55, 90, HIGH_VIEWS), (25, 55, MIDDLE_VIEWS)]:
        found, angles = [], []
        for _ in range(40 * count):
            elevation = random.uniform(lowest, highest)
            distance = DISTANCE if lone else random.uniform(0.85, 1.1) * max(walk.distance, 2.2 * radius)
            eye = centre + distance * towards(random.uniform(0, 360), elevation)
            if place.has_room_at(eye):
                focal = FOCAL_PER_WIDTH if lone else 0.46 * np.sqrt(distance**2 - radius**2) / radius
                found.append(aimed(eye, centre, 0.0, focal * size, size))
                angles.append(elevation)
            if len(found) == (count if lone else 2 * count):
                break
        if found:
            some = torch.stack(found)
            free = torch.arange(len(some)) if lone else sees_subject(place, some).nonzero()[:, 0]
            cameras.append(some[free[:count]])
            elevations += [angles[view] for view in free[:count]]
    return torch.cat(cameras), elevations


def protocol_walk(random: np.random.Generator, walk: Walk) -> Walk:
    """The even ring close to the ground that training began with, at its distance and lens."""
    top, error = float(random.choice([10, 15, 20])), float(random.choice([0, 0.002, 0.004]))
    return Walk("low ring", 24, DISTANCE, FOCAL_PER_WIDTH, 0, top, walk.start_degrees, 360, 0.0, 10 * error, error)


def make_capture(
    index: int, objects: TexturedObjects | None, sizes: tuple[int, ...] = SIZES, steps: tuple[int, int] = (500, 1_000)
) -> dict[str, np.ndarray]:
    """Arrays of one file: those of `make_scene` (scene (splats, 23), target cameras, elevations, pictures over black),
    where pictures of a scene with surroundings show what lies in the region alone; and

    capture_cameras (captured, 16): true ones; fitted_cameras: as a calibration had them
    region (4,): centre and radius of what the product would cut out; in_region (splats,) bool; lone: no surroundings
    full_pictures (views, size, size, 4) uint8: everything, and how much of a pixel is subject (not of lone scenes)
    region_seen (views, size, size) uint8: how much of a pixel of full_pictures shows the region (not of lone scenes)
    off_rim (views, size, size) uint8: how much of a pixel of pictures is not the region's rim (not of lone scenes)
    wanted (splats, 23): the same splats after pictures from everywhere, splat by splat
    """
    random = np.random.default_rng([index, 11])
    plan = random_plan(index, random, sizes, steps)
    walk = random_walk(random, plan.whole)
    if not plan.surroundings and not plan.whole and random.random() < PROTOCOL_SHARE:
        walk = protocol_walk(random, walk)
    place = random_place(random, plan, walk, objects, is_held_out(index))
    cameras = cameras_of(walk, place, plan.size, random)
    free = sees_subject(place, cameras)
    cameras = cameras[free] if free.sum() >= FEWEST_VIEWS else cameras
    centre = looked_at(cameras) if plan.surroundings else np.zeros(3)
    extent = np.linalg.norm(place.alone().vertices[np.unique(place.alone().triangles)] - centre, axis=1).max()
    region = Sphere(centre, float(extent * random.uniform(0.95, 1.5))) if plan.surroundings else None
    captured, nearest = everything(place, cameras, plan.size)
    if plan.surroundings:
        captured[..., 3] = 1
    fitted_cameras = torch.stack([misplaced(camera, walk.calibration_error, random) for camera in cameras])
    scene = first_splats(random, place, plan.splats, cameras, nearest)
    optimise(scene, fitted_cameras, exposed(captured, walk, random).contiguous(), plan.steps, index)

    radius = region.radius if region else 0.5
    targets, elevations = target_cameras(random, place, walk, centre, radius, plan.size)
    full, nearest = everything(place, targets, plan.size)
    everywhere = full.clone()
    if plan.surroundings:
        everywhere[..., 3] = 1
    wanted = scene.clone()
    optimise(
        wanted,
        torch.cat([targets, cameras]).contiguous(),
        torch.cat([everywhere, captured]).contiguous(),
        int(plan.steps * ATTRIBUTE_STEPS_SHARE),
        index,
        relocating=False,
        rates=RATES * 0.5,
    )
    away = np.linalg.norm(scene[:, :3].numpy() - centre, axis=1)
    arrays = {
        "family": np.array("captures" if plan.surroundings else "lone"),
        "walk": np.array(walk.kind),
        "scene": scene.numpy(),
        "wanted": wanted.numpy(),
        "cameras": targets.numpy(),
        "elevations": np.array(elevations, np.float32),
        "pictures": as_bytes(full),
        "whole": np.array(plan.whole),
        "lone": np.array(not plan.surroundings),
        "capture_cameras": cameras.numpy(),
        "fitted_cameras": fitted_cameras.numpy(),
        "region": np.array([*centre, radius], np.float32),
        "in_region": away < radius if plan.surroundings else np.ones(len(scene), bool),
    }
    if region is not None:
        cut, seen, off_rim = region_alone(place, targets, plan.size, region, nearest)
        arrays |= {"pictures": as_bytes(cut), "full_pictures": as_bytes(full)}
        arrays |= {"region_seen": as_bytes(seen), "off_rim": as_bytes(off_rim)}
    return arrays


def as_bytes(pictures: Tensor) -> np.ndarray:
    return (pictures.clamp(0, 1) * 255 + 0.5).byte().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--objects", type=Path, help="textured ones; without it all are procedural")
    parser.add_argument("--sizes", type=int, nargs="+", choices=SIZES, default=SIZES)
    parser.add_argument("--steps", type=int, nargs=2, default=(500, 1_000), help="of every fit at least and at most")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "settings.json").write_text(json.dumps(vars(options), default=str, indent=1) + "\n")
    objects = textured_objects(options.objects) if options.objects else None
    for index in range(options.first, options.last, options.step):
        path = options.out / f"{index:05d}.npz"
        if path.exists():
            continue
        started = time.process_time()
        arrays = make_capture(index, objects, tuple(options.sizes), tuple(options.steps))
        if not all(np.isfinite(arrays[name]).all() for name in ("scene", "wanted")):
            print(f"{index} passed over: its fit ran away", flush=True)
            continue
        save(path, arrays)
        kind, size = f"{arrays['family']}, {arrays['walk']}", arrays["pictures"].shape[1]
        print(
            f"{index} {kind}, {size} px, {len(arrays['scene'])} splats, {time.process_time() - started:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
