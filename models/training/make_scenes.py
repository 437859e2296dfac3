"""Makes training scenes, resumable: python make_scenes.py OUT FIRST LAST [options].

An index decides everything: the object by remainder and family (a third of the procedural ones are tableware, held out
or not), its light, the capture and the test views. One process a core; give each its own FIRST.
Every fifth scene is whole (captured from everywhere). Indices that are 0 or 1 modulo 24 are held out of training, and
so is every twelfth file of furniture; the `knots` family is held out altogether.
"""

import argparse
import random as python_random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from capture import DISTANCE, FOCAL_PER_WIDTH, fit, random_settings
from dataset import HELD_OUT_EVERY
from household import household, utensils
from mesh import Mesh, look_at, picture, read_obj
from objects import knots, solids, tableware
from whole_file import write_whole

LOW_VIEWS, HIGH_VIEWS, MIDDLE_VIEWS = 6, 16, 4
FAMILIES = {"household": household, "utensils": utensils, "knots": knots}  # of their own; "mixed" is everything else


def furniture_files(folder: Path | None) -> list[Path]:
    """OBJ files in a fixed random order. Raises ValueError for a folder without any."""
    files = sorted(folder.rglob("*.obj")) if folder else []
    if folder is not None and not files:
        raise ValueError(f"{folder} holds no OBJ files.")
    python_random.Random(5).shuffle(files)
    return files


def object_for(index: int, furniture: list[Path], family: str) -> Mesh | None:
    if family != "mixed":
        return FAMILIES[family](index)
    if index % 2 and furniture:
        # Round after round the same files are held out: the last few, which would shift them, are left out.
        held_out_every = HELD_OUT_EVERY // 2
        return read_obj(furniture[index // 2 % (len(furniture) // held_out_every * held_out_every or len(furniture))])
    return tableware(index) if index // 2 % 3 == index // 24 % 3 else solids(index)


def random_light(random: np.random.Generator) -> tuple[np.ndarray, float]:
    direction = random.normal(size=3)
    direction[2] = abs(direction[2]) + 0.3
    return direction / np.linalg.norm(direction), float(random.uniform(0.35, 0.95))


def lit_object(index: int, furniture: list[Path], family: str) -> Mesh | None:
    """What a scene is a fit of, as `make_scene` lights it."""
    mesh = object_for(index, furniture, family)
    if mesh is not None:
        mesh.light = random_light(randomness(index))
    return mesh


def randomness(index: int) -> np.random.Generator:
    """Of a scene's light first, then of its capture."""
    return np.random.default_rng([index, 3])


def make_scene(
    mesh: Mesh, index: int, family: str, size: int, splats: int | None = None, steps: tuple[int, int] | None = None
) -> dict[str, np.ndarray]:
    """Arrays of one file.

    scene (splats, 23) float32, cameras (views, 16), elevations in degrees, pictures (views, size, size, 4) uint8 over
    black. steps: of the fit, drawn from here instead of the protocol's.
    """
    random = randomness(index)
    mesh.light = random_light(random)
    settings = random_settings(random, size, whole=index % 5 == 4)
    if splats is not None:
        settings = replace(settings, splats=splats)
    if steps is not None:
        settings = replace(settings, steps=int(random.integers(steps[0], steps[1] + 1)))
    scene = fit(mesh, settings, index)
    top = min(settings.highest_degrees, 20)
    elevations = [
        *random.uniform(0, top, LOW_VIEWS),
        *random.uniform(55, 90, HIGH_VIEWS),
        *random.uniform(25, 55, MIDDLE_VIEWS),
    ]
    cameras = [
        look_at(random.uniform(0, 360), elevation, DISTANCE, FOCAL_PER_WIDTH * size, size) for elevation in elevations
    ]
    pictures = torch.stack([picture(mesh, camera, size) for camera in cameras])
    return {
        "family": np.array(family),
        "scene": scene.numpy(),
        "cameras": torch.stack(cameras).numpy(),
        "elevations": np.array(elevations, np.float32),
        "pictures": (pictures.clamp(0, 1) * 255 + 0.5).byte().numpy(),
        "whole": np.array(index % 5 == 4),
    }


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    write_whole(path, lambda file: np.savez_compressed(file, allow_pickle=False, **arrays))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--splats", type=int, help="in every scene, instead of a random number")
    parser.add_argument(
        "--steps", type=int, nargs=2, help="of every fit at least and at most, instead of the protocol's"
    )
    parser.add_argument("--furniture", type=Path)
    parser.add_argument("--family", choices=["mixed", *FAMILIES], default="mixed")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    furniture = furniture_files(options.furniture)
    for index in range(options.first, options.last, options.step):
        path = options.out / f"{index:05d}.npz"
        if path.exists():
            continue
        started = time.process_time()
        mesh = object_for(index, furniture, options.family)
        if mesh is None:
            print(f"{index} passed over: no faces, or too many", flush=True)
            continue
        arrays = make_scene(mesh, index, options.family, options.size, options.splats, options.steps)
        if not np.isfinite(arrays["scene"]).all():
            print(f"{index} passed over: its fit ran away", flush=True)
            continue
        save(path, arrays)
        print(f"{index} {len(arrays['scene'])} splats, {time.process_time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
