"""Splat scenes as one (splats, 23) array in the network's feature order, their INRIA PLY files, and the unit cube."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

SH_C0 = 0.28209479177387814  # constant spherical harmonic: colour is 0.5 + SH_C0 dc

# Files are channel-major.
REST = [f"f_rest_{channel * 3 + coefficient}" for coefficient in range(3) for channel in range(3)]
COLUMNS = [
    "x",
    "y",
    "z",
    "scale_0",
    "scale_1",
    "scale_2",
    "opacity",
    "rot_0",
    "rot_1",
    "rot_2",
    "rot_3",
    "f_dc_0",
    "f_dc_1",
    "f_dc_2",
    *REST,
]


def read_ply(path: str | Path) -> Tensor:
    """A degree-1 scene in storage space (log scales, opacity logits, raw quaternions).

    Raises ValueError for anything else.
    """
    header, found, body = Path(path).read_bytes().partition(b"end_header\n")
    lines = header.decode("ascii").split("\n")
    if not found or "format binary_little_endian 1.0" not in lines:
        raise ValueError(f"{path} is not a binary little-endian PLY file.")
    count = next(int(line.split()[2]) for line in lines if line.startswith("element vertex"))
    names = [line.split()[2] for line in lines if line.startswith("property float")]
    if sum(name.startswith("f_rest_") for name in names) != 9:
        raise ValueError(f"{path} has no harmonics of degree 1.")
    table = np.frombuffer(body, "<f4", count * len(names)).reshape(count, len(names))
    return torch.from_numpy(table[:, [names.index(name) for name in COLUMNS]].copy())


def write_ply(path: str | Path, scene: Tensor) -> None:
    """Writes a (splats, 23) scene in storage space, to the bit as `read_ply` gives it back."""
    header = [
        "ply",
        "format binary_little_endian 1.0",
        f"element vertex {len(scene)}",
        *(f"property float {name}" for name in COLUMNS),
        "end_header\n",
    ]
    Path(path).write_bytes("\n".join(header).encode("ascii") + scene.numpy().astype("<f4").tobytes())


def normalise(scene: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The scene inside the unit cube, with the scale and shift that took it there."""
    low, high = scene[:, :3].amin(0), scene[:, :3].amax(0)
    longest = (high - low).max()
    scale = torch.where(longest > 0, 1 / longest, 1.0)
    # Rounded once: other orders move splats that lie on a cell border.
    shift = (0.5 - (low.double() + high.double()) * scale.double() / 2).float()
    inside = torch.cat([scene[:, :3] * scale + shift, scene[:, 3:6] + scale.log(), scene[:, 6:]], 1)
    return inside, scale, shift


def denormalise(inside: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """The inverse of `normalise`."""
    return torch.cat([(inside[:, :3] - shift) / scale, inside[:, 3:6] - scale.log(), inside[:, 6:]], 1)


def in_unit_cube(scene: Tensor, repair: Callable[[Tensor], Tensor]) -> Tensor:
    """Runs `repair` inside the unit cube and takes its answer back to the scene's own scale."""
    inside, scale, shift = normalise(scene)
    return denormalise(repair(inside), scale, shift)


def unit_quaternions(scene: Tensor) -> Tensor:
    """Quaternions of length 1 with w >= 0, as the project's own weights expect them."""
    quats = torch.nn.functional.normalize(scene[:, 7:11], dim=1)
    quats = torch.where(quats[:, :1] < 0, -quats, quats)
    return torch.cat([scene[:, :7], quats, scene[:, 11:]], 1)


def mapped_harmonics(rest: Tensor, matrix: Tensor) -> Tensor:
    """(splats, 9) degree-1 harmonics of splats under a matrix: a vector (x, y, z) a channel, stored as (-y, z, -x)."""
    stored = rest.view(-1, 3, 3)
    vector = torch.einsum("ij,njc->nic", matrix, torch.stack([-stored[:, 2], -stored[:, 0], stored[:, 1]], 1))
    return torch.stack([-vector[:, 1], vector[:, 2], -vector[:, 0]], 1).flatten(1)
