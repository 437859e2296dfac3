"""Which views tell the network what a capture saw: of its cameras, of a guess of them, or of rings around the subject.

The product is given the cameras, guesses them where surroundings are, or knows nothing, as of a lone object. One
network serves all three where it was trained on all three.
"""

from typing import Literal

import numpy as np
import torch
from torch import Tensor

from capture import DISTANCE, FOCAL_PER_WIDTH
from mesh import aimed
from visibility import LOW_DEGREES, SIZE, VIEWS, ring

Evidence = Literal["rings", "guessed", "captured"]
EVIDENCE_SHARES: dict[Evidence, float] = {"rings": 0.3, "guessed": 0.35, "captured": 0.35}
GUESSED_DISTANCE = 2.3  # radii of the subject from its middle, as captured-views.ts has it
GUESS_OFF_DEGREES = 7.0  # standard deviation of a guess: of the whole walk's height, and of every direction
LEAST_DISTANCE = 0.55  # sides of the cube: nearer a camera stands within what it looks at


def random_evidence(random: np.random.Generator, has_cameras: bool, has_surroundings: bool) -> Evidence:
    """What a person's scene comes with: a lone object has no guess, a scene without known cameras only rings."""
    if not has_cameras:
        return "rings"
    kinds: list[Evidence] = ["rings", "guessed", "captured"] if has_surroundings else ["rings", "captured"]
    shares = np.array([EVIDENCE_SHARES[kind] for kind in kinds])
    return kinds[random.choice(len(kinds), p=shares / shares.sum())]


def low_views(evidence: Evidence, eyes: Tensor, seed: int) -> Tensor:
    """(at most VIEWS, 16) cameras that look at the middle of the unit cube.

    From every distance the cube has the size that it has from a ring's. eyes: (captured, 3) where the capture's
    cameras stood, in sides of the cube. seed: decides a guess.
    """
    if evidence == "rings":
        return ring(LOW_DEGREES)
    middle = np.full(3, 0.5)
    away = eyes.double().numpy() - middle
    away = away[np.linspace(0, len(away) - 1, min(VIEWS, len(away))).round().astype(int)]
    distances = np.linalg.norm(away, axis=1)
    directions = away / np.maximum(distances, 1e-6)[:, None]
    if evidence == "guessed":
        directions = guessed(directions, np.random.default_rng([seed, 31]))
        distances[:] = GUESSED_DISTANCE * 0.5
    distances = distances.clip(LEAST_DISTANCE)
    focal_per_distance = FOCAL_PER_WIDTH * SIZE / DISTANCE
    return torch.stack(
        [
            aimed(middle + distance * direction, middle, 0.0, focal_per_distance * distance, SIZE)
            for distance, direction in zip(distances, directions, strict=True)
        ]
    ).contiguous()


def guessed(directions: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(views, 3) unit vectors, off as a guess is: all too high or too low, each a little elsewhere."""
    elevations = np.degrees(np.arcsin(directions[:, 2].clip(-1, 1)))
    azimuths = np.degrees(np.arctan2(directions[:, 1], directions[:, 0]))
    elevations = elevations + random.normal(0, GUESS_OFF_DEGREES) + random.normal(0, GUESS_OFF_DEGREES, len(directions))
    azimuths = np.radians(azimuths + random.normal(0, 2 * GUESS_OFF_DEGREES, len(directions)))
    elevations = np.radians(elevations.clip(-85, 89))
    level = np.cos(elevations)
    return np.stack([level * np.cos(azimuths), level * np.sin(azimuths), np.sin(elevations)], 1)
