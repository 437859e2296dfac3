"""How people move around what they capture: rings, arcs, two heights and spirals with wobble, lenses, and exposures."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mesh import aimed, towards
from surroundings import Place

KINDS = ("ring", "ring", "low ring", "two heights", "arc", "arc", "spiral", "near and far", "everywhere")


@dataclass(frozen=True)
class Walk:
    """One capture's plan, before a hand shakes it."""

    kind: str  # of KINDS
    views: int
    distance: float  # from the subject's middle; longest side 1
    focal_per_width: float
    lowest_degrees: float
    highest_degrees: float
    start_degrees: float
    arc_degrees: float
    wobble: float  # share of the distance, and a twentieth of a turn's degrees
    exposure: float  # standard deviation of a picture's brightness
    calibration_error: float  # radians of turn, scene units of shift

    @property
    def whole(self) -> bool:
        return self.kind == "everywhere"

    @property
    def behind_degrees(self) -> float | None:
        """The azimuth at which no camera stands; None where they stand all around."""
        return None if self.arc_degrees > 240 else self.start_degrees + self.arc_degrees / 2 + 180


def random_walk(random: np.random.Generator, whole: bool) -> Walk:
    kind = "everywhere" if whole else str(random.choice(KINDS[:-1]))
    fills = random.uniform(0.35, 0.95)  # of the picture's width
    focal = float(np.exp(random.uniform(np.log(0.8), np.log(2.7))))
    low = random.uniform(-3, 30)
    lowest, highest = {
        "low ring": (0.0, random.choice([10.0, 15.0, 20.0])),
        "two heights": (random.uniform(0, 12), random.uniform(22, 42)),
        "everywhere": (-20.0, 90.0),
    }.get(kind, (low, low + random.uniform(2, 14)))
    return Walk(
        kind,
        64 if whole else int(random.integers(16, 49)),
        float(np.clip(focal / fills, 1.25, 4.5)),
        focal,
        lowest,
        highest,
        random.uniform(0, 360),
        random.uniform(110, 230) if kind == "arc" else 360.0,
        random.uniform(0, 0.08),
        0.0 if whole else float(random.choice([0, 0.02, 0.05])),
        0.0 if whole else float(random.choice([0, 0.002, 0.004])),
    )


def elevation_at(walk: Walk, way: float, random: np.random.Generator) -> float:
    """way: 0..1 along the walk."""
    low, high = walk.lowest_degrees, walk.highest_degrees
    if walk.kind == "two heights":
        return (low if way < 0.5 else high) + random.normal(0, 1.5)
    if walk.kind == "spiral":
        return low + (high - low) * way + random.normal(0, 1)
    if walk.kind == "everywhere":
        return float(np.degrees(np.arcsin(random.uniform(np.sin(np.radians(low)), 1))))
    return random.uniform(low, high)


def cameras_of(walk: Walk, place: Place, size: int, random: np.random.Generator) -> Tensor:
    """(views, 16) true cameras, as many of the walk's as have room."""
    found = []
    for view in range(walk.views):
        way = (view + random.uniform(-0.3, 0.3)) / walk.views
        turns = 2 if walk.kind in ("two heights", "spiral") else 1
        azimuth = walk.start_degrees + walk.arc_degrees * ((way * turns) % 1 if walk.arc_degrees == 360 else way)
        distance = walk.distance * (1 + random.normal(0, walk.wobble))
        if walk.kind == "near and far":
            distance *= random.choice([0.65, 1.0, 1.5])
        eye = max(distance, 0.9) * towards(azimuth, elevation_at(walk, way, random))
        if place.ground is not None:
            eye[2] = max(eye[2], place.ground + 0.15)
        target = random.normal(0, walk.wobble * walk.distance * 0.6, 3)
        if place.has_room_at(eye):
            focal = walk.focal_per_width * size * (1.0 if walk.kind != "near and far" else random.uniform(0.9, 1.1))
            found.append(aimed(eye, target, random.normal(0, 40 * walk.wobble), focal, size))
    return torch.stack(found)


def exposed(pictures: Tensor, walk: Walk, random: np.random.Generator) -> Tensor:
    """Pictures as a camera's automatic takes them: brightness drifts along the walk, jumps a little, and colours have a
    cast of their own."""
    views = len(pictures)
    drift = np.sin(np.linspace(0, random.uniform(1, 6), views) + random.uniform(0, 6)) + 0.7 * random.normal(size=views)
    cast = random.normal(size=(views, 3)) * 0.3
    gain = torch.from_numpy(1 + walk.exposure * (drift[:, None] + cast)).float()
    return torch.cat([pictures[..., :3] * gain[:, None, None], pictures[..., 3:]], -1)


def looked_at(cameras: Tensor) -> np.ndarray:
    """(3,) the point nearest to all optical axes."""
    rotations = cameras[:, :9].view(-1, 3, 3).double().numpy()
    eyes = -np.einsum("nji,nj->ni", rotations, cameras[:, 9:12].double().numpy())
    across = np.eye(3) - rotations[:, 2, :, None] * rotations[:, 2, None, :]
    return np.linalg.solve(across.sum(0), np.einsum("nij,nj->i", across, eyes))
