"""A capture of an object from low views, and a fit of splats to it.

Pictures come with what a person's calibration gets wrong.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mesh import Mesh, look_at, picture
from native_library import library, pointer

DISTANCE = 3.0
FOCAL_PER_WIDTH = 2.7
# Adam's rates for position, log-scale, opacity logit, quaternion, dc and degree-1 harmonics.
RATES = torch.tensor([2e-3] * 3 + [8e-3] * 3 + [5e-2] + [2e-3] * 4 + [1e-2] * 3 + [5e-4] * 9)


@dataclass(frozen=True)
class Settings:
    """How one scene is captured and fitted."""

    size: int = 128  # pixels a side
    splats: int = 12_000
    steps: int = 2_500
    views: int = 24
    lowest_degrees: float = 0.0
    highest_degrees: float = 15.0
    calibration_error: float = 0.002  # radians of turn, scene units of shift; exposure is off by ten times that


# Splats at 128 px a side: most scenes are as dense as a person's fit to such pictures, some far from it.
USUAL_SPLATS, ANY_SPLATS, ANY_SHARE = (10_000, 16_000), (3_000, 30_000), 0.25


def random_settings(random: np.random.Generator, size: int, whole: bool) -> Settings:
    """Settings of the protocol.

    A whole scene is seen from everywhere and calibrated well: the network must leave it alone.
    """
    fewest, most = ANY_SPLATS if random.random() < ANY_SHARE else USUAL_SPLATS
    splats = int(math.exp(random.uniform(math.log(fewest), math.log(most))) * (size / 128) ** 2)
    if whole:
        return Settings(size, splats, 1_500, 64, -20, 90, 0.0)
    top, error = float(random.choice([10, 15, 20])), float(random.choice([0, 0.002, 0.004]))
    steps = int(random.choice([1_500, 2_000, 2_500]))
    return Settings(size, splats, steps, int(random.choice([24, 32])), 0, top, error)


def misplaced(camera: Tensor, error: float, random: np.random.Generator) -> Tensor:
    """The camera as a faulty calibration would have it."""
    turn, shift = random.normal(size=3) * error, random.normal(size=3) * error
    skew = torch.tensor([[0, -turn[2], turn[1]], [turn[2], 0, -turn[0]], [-turn[1], turn[0], 0]]).float()
    rotation = torch.matrix_exp(skew)
    moved = camera.clone()
    moved[:9] = (rotation @ camera[:9].view(3, 3)).flatten()
    moved[9:12] = rotation @ camera[9:12] + torch.from_numpy(shift).float()
    return moved


def fit(mesh: Mesh, settings: Settings, seed: int) -> Tensor:
    """(splats, 23) fitted to a capture of `mesh`.

    Splats start at random in the volume and dead ones are relocated onto live ones; there is no regulariser.
    """
    random = np.random.default_rng([seed, 1])
    cameras, pictures = [], []
    for view in range(settings.views):
        elevation = random.uniform(settings.lowest_degrees, settings.highest_degrees)
        camera = look_at(
            360 * view / settings.views + random.uniform(-4, 4),
            elevation,
            DISTANCE,
            FOCAL_PER_WIDTH * settings.size,
            settings.size,
        )
        image = picture(mesh, camera, settings.size)
        image[..., :3] *= 1 + 10 * settings.calibration_error * random.normal()
        cameras.append(misplaced(camera, settings.calibration_error, random))
        pictures.append(image)
    scene = scattered(random.random((settings.splats, 3)) * 1.1 - 0.55, 0.55 * settings.splats ** (-1 / 3), random)
    optimise(scene, torch.stack(cameras), torch.stack(pictures), settings.steps, seed)
    return scene


def scattered(positions: np.ndarray, spacing: np.ndarray | float, random: np.random.Generator) -> Tensor:
    """(splats, 23) faint grey splats that a fit starts from, as large as the gaps between them."""
    scene = torch.zeros(len(positions), 23)
    scene[:, :3] = torch.from_numpy(positions)
    scene[:, 3:6] = torch.from_numpy(np.log(np.broadcast_to(spacing, len(positions)))[:, None].copy())
    scene[:, 6] = -2
    scene[:, 7:11] = torch.from_numpy(random.normal(size=(len(positions), 4)))
    return scene


def optimise(
    scene: Tensor,
    cameras: Tensor,
    pictures: Tensor,
    steps: int,
    seed: int,
    relocating: bool = True,
    rates: Tensor = RATES,
) -> None:
    """Fits `scene` in place to pictures (views, size, size, 4).

    relocating: dead splats move onto live ones; without, every splat stays the one that it was.
    """
    size = pictures.shape[1]
    library().fit(
        len(scene),
        pointer(scene),
        steps,
        seed,
        len(cameras),
        pointer(cameras),
        size,
        size,
        pointer(pictures),
        pointer(rates),
        int(relocating),
    )
