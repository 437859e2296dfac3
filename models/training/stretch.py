"""Other scenes from one fit: a fitted scene and its object stretched along any horizontal direction and upwards.

A Gaussian under an affine map is a Gaussian, and a textured mesh is stretched with it, so what the fit got wrong stays
wrong in the same way, in a scene of another shape. New scenes
are what training lacks, and a fit costs ten times as much. Shading stays that of the object before.
"""

import math
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from capture import DISTANCE, FOCAL_PER_WIDTH
from dataset import Example
from mesh import Mesh, look_at, picture
from scene import mapped_harmonics, unit_quaternions

SIDEWAYS, UPWARDS = 1.35, 1.5  # largest factors, and one over them the smallest
LOW_VIEWS, MIDDLE_VIEWS, HIGH_VIEWS = 4, 2, 6
HIGHEST_CAPTURE = 20.0


def random_stretch(mesh: Mesh, random: np.random.Generator) -> np.ndarray:
    """(3, 3) symmetric; the mesh's longest side stays 1."""
    angle = random.uniform(0, math.pi)
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
    factors = [*SIDEWAYS ** random.uniform(-1, 1, 2), UPWARDS ** random.uniform(-1, 1)]
    matrix = turn @ np.diag(factors) @ turn.T
    return matrix / np.ptp(mesh.vertices @ matrix.T, axis=0).max()


def quaternions_of(rotations: Tensor) -> Tensor:
    """(splats, 3, 3) proper rotations to (splats, 4) wxyz: the largest of four forms, none of which then divides by
    little (Shepperd 1978)."""
    m = rotations
    xx, yy, zz = m[:, 0, 0], m[:, 1, 1], m[:, 2, 2]
    forms = torch.stack(
        [
            torch.stack(
                [1 + xx + yy + zz, m[:, 2, 1] - m[:, 1, 2], m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] - m[:, 0, 1]], 1
            ),
            torch.stack(
                [m[:, 2, 1] - m[:, 1, 2], 1 + xx - yy - zz, m[:, 1, 0] + m[:, 0, 1], m[:, 0, 2] + m[:, 2, 0]], 1
            ),
            torch.stack(
                [m[:, 0, 2] - m[:, 2, 0], m[:, 1, 0] + m[:, 0, 1], 1 - xx + yy - zz, m[:, 2, 1] + m[:, 1, 2]], 1
            ),
            torch.stack(
                [m[:, 1, 0] - m[:, 0, 1], m[:, 0, 2] + m[:, 2, 0], m[:, 2, 1] + m[:, 1, 2], 1 - xx - yy + zz], 1
            ),
        ],
        1,
    )
    best = forms.diagonal(dim1=1, dim2=2).argmax(1)
    return torch.nn.functional.normalize(forms[torch.arange(len(m)), best], dim=1)


def rotations_of(quaternions: Tensor) -> Tensor:
    w, x, y, z = torch.nn.functional.normalize(quaternions, dim=1).unbind(1)
    rows = [
        1 - 2 * (y * y + z * z),
        2 * (x * y - w * z),
        2 * (x * z + w * y),
        2 * (x * y + w * z),
        1 - 2 * (x * x + z * z),
        2 * (y * z - w * x),
        2 * (x * z - w * y),
        2 * (y * z + w * x),
        1 - 2 * (x * x + y * y),
    ]
    return torch.stack(rows, 1).view(-1, 3, 3)


def stretched_splats(scene: Tensor, matrix: Tensor, random: np.random.Generator) -> Tensor:
    """(splats, 23) under x -> matrix x. Axes come in random order, as fits have them; degree-1 harmonics (a vector a
    channel) to first order."""
    spread = matrix @ rotations_of(scene[:, 7:11]) * scene[:, None, 3:6].exp()
    # In double precision, as needles have variances of 1e-9 beside 1e-2.
    axes, scales, _ = torch.linalg.svd(spread.double(), full_matrices=False)
    order = torch.from_numpy(random.random((len(scene), 3))).argsort(1)
    axes, scales = axes.gather(2, order[:, None].expand(-1, 3, 3)), scales.gather(1, order)
    axes = axes * torch.linalg.det(axes).sign()[:, None, None]
    rest = mapped_harmonics(scene[:, 14:], torch.linalg.inv(matrix).T)
    moved = torch.cat(
        [
            scene[:, :3] @ matrix.T,
            scales.log().float(),
            scene[:, 6:7],
            quaternions_of(axes.float()),
            scene[:, 11:14],
            rest,
        ],
        1,
    )
    return unit_quaternions(moved)


def stretched(example: Example, mesh: Mesh, random: np.random.Generator) -> Example:
    """The example in another shape, with views of its own. mesh: what the example is a fit of, lit as it was."""
    matrix = random_stretch(mesh, random)
    top = min(
        float(example.elevations[example.elevations <= HIGHEST_CAPTURE].max()) * min(1.0, matrix[2, 2]), HIGHEST_CAPTURE
    )
    elevations = [
        *random.uniform(0, top, LOW_VIEWS),
        *random.uniform(25, 55, MIDDLE_VIEWS),
        *random.uniform(62, 90, HIGH_VIEWS),
    ]
    cameras = torch.stack(
        [
            look_at(random.uniform(0, 360), elevation, DISTANCE, FOCAL_PER_WIDTH * example.size, example.size)
            for elevation in elevations
        ]
    )
    shape = torch.from_numpy(matrix).float()
    # A camera whose rotation takes the stretch with it sees the unstretched mesh, shading included, as it sees the
    # stretched one.
    seen = torch.cat([(cameras[:, :9].view(-1, 3, 3) @ shape).flatten(1), cameras[:, 9:]], 1)
    pictures = torch.stack([picture(mesh, camera, example.size) for camera in seen])
    scene = stretched_splats(example.scene, shape, random)
    return replace(
        example,
        scene=scene,
        cameras=cameras,
        elevations=torch.tensor(elevations, dtype=torch.float32),
        pictures=(pictures.clamp(0, 1) * 255 + 0.5).byte(),
    )
