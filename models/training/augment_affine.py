"""Affine augmentation: other scenes from one fit, by a map of scene, object and pictures together.

A Gaussian under an affine map is a Gaussian, and a textured mesh is mapped with it, so what the fit got wrong stays
wrong in the same way in a scene of another shape. New scenes are what training lacks, and a fit costs ten times as
much. Maps scale along any two horizontal directions and upwards; shading stays that of the object before.
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

LARGEST_HORIZONTAL_SCALE, LARGEST_VERTICAL_SCALE = 1.35, 1.5  # and one over them the smallest
LOW_VIEWS, MIDDLE_VIEWS, HIGH_VIEWS = 4, 2, 6
HIGHEST_CAPTURE_DEGREES = 20.0


def random_affine(mesh: Mesh, random: np.random.Generator) -> np.ndarray:
    """(3, 3) symmetric; the mesh's longest side stays 1."""
    angle = random.uniform(0, math.pi)
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
    scales = [*LARGEST_HORIZONTAL_SCALE ** random.uniform(-1, 1, 2), LARGEST_VERTICAL_SCALE ** random.uniform(-1, 1)]
    matrix = turn @ np.diag(scales) @ turn.T
    return matrix / np.ptp(mesh.vertices @ matrix.T, axis=0).max()


def rotations_to_quaternions(rotations: Tensor) -> Tensor:
    """(splats, 3, 3) proper rotations to (splats, 4) wxyz, by the one of four formulas whose divisor is largest.

    Shepperd, Quaternion from rotation matrix, 1978.
    """
    rows = [row.unbind(1) for row in rotations.unbind(1)]
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = rows
    candidates = torch.stack(
        [
            torch.stack([1 + xx + yy + zz, zy - yz, xz - zx, yx - xy], 1),
            torch.stack([zy - yz, 1 + xx - yy - zz, yx + xy, xz + zx], 1),
            torch.stack([xz - zx, yx + xy, 1 - xx + yy - zz, zy + yz], 1),
            torch.stack([yx - xy, xz + zx, zy + yz, 1 - xx - yy + zz], 1),
        ],
        1,
    )
    best = candidates.diagonal(dim1=1, dim2=2).argmax(1)
    return torch.nn.functional.normalize(candidates[torch.arange(len(best)), best], dim=1)


def quaternions_to_rotations(quaternions: Tensor) -> Tensor:
    """(splats, 4) wxyz of any length to (splats, 3, 3)."""
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


def map_splats(scene: Tensor, matrix: Tensor, random: np.random.Generator) -> Tensor:
    """(splats, 23) under x -> matrix x.

    Axes come in random order, as fits have them; degree-1 harmonics (a vector a channel) are mapped to first order.
    """
    spread = matrix @ quaternions_to_rotations(scene[:, 7:11]) * scene[:, None, 3:6].exp()
    # In double precision, as needles have variances of 1e-9 beside 1e-2.
    axes, scales, _ = torch.linalg.svd(spread.double(), full_matrices=False)
    order = torch.from_numpy(random.random((len(scene), 3))).argsort(1)
    axes, scales = axes.gather(2, order[:, None].expand(-1, 3, 3)), scales.gather(1, order)
    axes = axes * torch.linalg.det(axes).sign()[:, None, None]
    mapped = [
        scene[:, :3] @ matrix.T,
        scales.log().float(),
        scene[:, 6:7],
        rotations_to_quaternions(axes.float()),
        scene[:, 11:14],
        mapped_harmonics(scene[:, 14:], torch.linalg.inv(matrix).T),
    ]
    return unit_quaternions(torch.cat(mapped, 1))


def augment_affine(example: Example, mesh: Mesh, random: np.random.Generator) -> Example:
    """The example in another shape, with views of its own. mesh: what the example is a fit of, lit as it was."""
    matrix = random_affine(mesh, random)
    captured = float(example.elevations[example.elevations <= HIGHEST_CAPTURE_DEGREES].max())
    top = min(captured * min(1.0, matrix[2, 2]), HIGHEST_CAPTURE_DEGREES)
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
    # A camera whose rotation includes the map sees the original mesh, shading included, as it sees the mapped one.
    mapped_cameras = torch.cat([(cameras[:, :9].view(-1, 3, 3) @ shape).flatten(1), cameras[:, 9:]], 1)
    pictures = torch.stack([picture(mesh, camera, example.size) for camera in mapped_cameras])
    scene = map_splats(example.scene, shape, random)
    return replace(
        example,
        scene=scene,
        cameras=cameras,
        elevations=torch.tensor(elevations, dtype=torch.float32),
        pictures=(pictures.clamp(0, 1) * 255 + 0.5).byte(),
    )
