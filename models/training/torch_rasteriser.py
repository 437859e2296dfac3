"""Pictures of splats and SSIM in PyTorch alone, for any device: the equations of native/rasteriser.hpp.

Slower than the native half on a CPU; on a graphics card it needs nothing compiled.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from scene import SH_C0

TILE = 16  # pixels a side
NEAR_Z, LOW_PASS, LARGEST_ALPHA, SMALLEST_ALPHA, TRANSMITTANCE_STOP = 0.2, 0.3, 0.99, 1 / 255, 1e-4
SH_C1 = 0.4886025119029199
SSIM_REACH, SSIM_SIGMA = 5, 1.5


@dataclass
class Projected:
    """Splats in one picture's pixels, (splats, ...)."""

    centre: Tensor  # 2
    conic: Tensor  # 3: inverse covariance xx, xy, yy
    opacity: Tensor
    colour: Tensor  # 3
    extent: Tensor  # 2: half sides of the box outside of which alpha is below SMALLEST_ALPHA
    depth: Tensor
    visible: Tensor  # bool


def rotations(quaternions: Tensor) -> Tensor:
    """(splats, 3, 3) of (splats, 4) wxyz of any length."""
    w, x, y, z = F.normalize(quaternions, dim=1).unbind(1)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return torch.stack([torch.stack(row, 1) for row in rows], 1)


def project(scene: Tensor, camera: Tensor, width: int, height: int) -> Projected:
    """(splats, 23) seen by one camera (16,)."""
    view, shift = camera[:9].view(3, 3), camera[9:12]
    focal, principal = camera[12:14], camera[14:16]
    seen = scene[:, :3] @ view.T + shift
    opacity = torch.sigmoid(scene[:, 6])
    visible = (seen[:, 2] > NEAR_Z) & (opacity >= SMALLEST_ALPHA)
    depth = torch.where(visible, seen[:, 2], 1.0)
    slope = seen[:, :2] / depth[:, None]
    size = camera.new_tensor([width, height])
    margin = 0.15 * size / focal
    clamped = torch.maximum(torch.minimum(slope, (size - principal) / focal + margin), -principal / focal - margin)
    axes = view @ rotations(scene[:, 7:11]) * scene[:, None, 3:6].exp()
    spread = (axes[:, :2] - clamped[:, :, None] * axes[:, 2:]) * (focal / depth[:, None])[:, :, None]
    a = (spread[:, 0] ** 2).sum(1) + LOW_PASS
    b = (spread[:, 0] * spread[:, 1]).sum(1)
    c = (spread[:, 1] ** 2).sum(1) + LOW_PASS
    conic = torch.stack([c, -b, a], 1) / (a * c - b * b)[:, None]
    direction = F.normalize(scene[:, :3] + view.T @ shift, dim=1)
    x, y, z = (direction[:, axis, None] for axis in range(3))
    rest = scene[:, 14:].view(-1, 3, 3)
    colour = 0.5 + SH_C0 * scene[:, 11:14] + SH_C1 * (-y * rest[:, 0] + z * rest[:, 1] - x * rest[:, 2])
    centre = focal * slope + principal
    with torch.no_grad():
        reach = 2 * torch.log(255 * opacity).clamp_min(0)
        extent = (reach[:, None] * torch.stack([a, c], 1)).sqrt()
        visible = visible & (centre + extent > 0).all(1) & (centre - extent < size).all(1)
    return Projected(centre, conic, opacity, colour.clamp_min(0), extent, seen[:, 2], visible)


def tile_lists(splats: Projected, width: int, height: int) -> Tensor:
    """(tiles, longest list) splats that may reach each tile, near to far; filled up with the number of splats."""
    across, down = -(-width // TILE), -(-height // TILE)
    bounds = splats.centre.new_tensor([across - 1, down - 1])
    visible = splats.visible.nonzero()[:, 0]
    visible = visible[torch.argsort(splats.depth[visible], stable=True)]
    centre, extent = splats.centre[visible], splats.extent[visible]
    first = ((centre - extent) / TILE).floor().clamp_min(0).minimum(bounds).long()
    last = ((centre + extent) / TILE).floor().clamp_min(0).minimum(bounds).long()
    sides = last - first + 1
    counts = sides[:, 0] * sides[:, 1]
    member = torch.repeat_interleave(torch.arange(len(visible), device=counts.device), counts)
    within = torch.arange(len(member), device=counts.device) - (counts.cumsum(0) - counts)[member]
    column = first[member, 0] + within % sides[member, 0]
    tile = (first[member, 1] + within // sides[member, 0]) * across + column
    order = torch.argsort(tile, stable=True)  # members are near to far already
    lengths = torch.bincount(tile, minlength=across * down)
    slot = torch.arange(len(order), device=counts.device) - (lengths.cumsum(0) - lengths)[tile[order]]
    longest = max(1, int(lengths.max()))
    lists = torch.full((across * down, longest), len(splats.depth), device=counts.device)
    lists[tile[order], slot] = visible[member[order]]
    return lists


def picture(scene: Tensor, camera: Tensor, background: Tensor, width: int, height: int) -> Tensor:
    """(height, width, 3) by one camera (16,) over a background (3,)."""
    splats = project(scene, camera, width, height)
    with torch.no_grad():
        lists = tile_lists(splats, width, height)
        across, down = -(-width // TILE), -(-height // TILE)
        tile = torch.arange(across * down, device=scene.device)
        pixel = torch.arange(TILE * TILE, device=scene.device)
        x = (tile % across * TILE)[:, None] + pixel % TILE + 0.5
        y = (tile // across * TILE)[:, None] + pixel // TILE + 0.5
    # One more splat, which nothing sees, stands for the free slots of the lists.
    rows = torch.cat([splats.centre, splats.conic, splats.opacity[:, None], splats.colour], 1)
    rows = torch.cat([rows, rows.new_zeros(1, rows.shape[1])])[lists]
    dx, dy = rows[..., :1] - x[:, None], rows[..., 1:2] - y[:, None]
    a, b, c, opacity = (rows[..., column, None] for column in range(2, 6))
    power = dx * (-0.5 * a * dx - b * dy) - 0.5 * c * dy * dy
    alpha = (opacity * power.clamp_max(0).exp()).clamp_max(LARGEST_ALPHA)
    alpha = torch.where(alpha >= SMALLEST_ALPHA, alpha, 0.0)
    after = torch.cumprod(1 - alpha, 1)
    before = torch.cat([torch.ones_like(after[:, :1]), after[:, :-1]], 1)
    weights = torch.where(after >= TRANSMITTANCE_STOP, alpha * before, 0.0)
    colours = torch.einsum("tlp,tlk->tpk", weights, rows[..., 6:]) + (1 - weights.sum(1))[..., None] * background
    return (
        colours.view(down, across, TILE, TILE, 3)
        .transpose(1, 2)
        .reshape(down * TILE, across * TILE, 3)[:height, :width]
    )


def render(scene: Tensor, cameras: Tensor, backgrounds: Tensor, width: int, height: int) -> Tensor:
    """(views, height, width, 3), see rasteriser.render. Only one picture's intermediate values are in memory."""
    cameras, backgrounds = cameras.to(scene.dtype), backgrounds.to(scene.dtype)
    pictures = [
        checkpoint(picture, scene, camera, background, width, height, use_reentrant=False)
        for camera, background in zip(cameras, backgrounds, strict=True)
    ]
    return torch.stack(pictures)


def ssim(pictures: Tensor, wanted: Tensor) -> Tensor:
    """(views,) mean SSIM, see rasteriser.ssim."""
    a, b = pictures.movedim(-1, 1), wanted.movedim(-1, 1)
    channels = a.shape[1]
    steps = torch.arange(-SSIM_REACH, SSIM_REACH + 1, device=a.device, dtype=a.dtype)
    line = torch.exp(-(steps**2) / (2 * SSIM_SIGMA**2))
    line = (line / line.sum()).expand(channels, 1, -1)

    def blur(image: Tensor) -> Tensor:
        across = F.conv2d(image, line[:, :, None], padding=(0, SSIM_REACH), groups=channels)
        return F.conv2d(across, line[..., None], padding=(SSIM_REACH, 0), groups=channels)

    mean_a, mean_b = blur(a), blur(b)
    variance_a, variance_b = blur(a * a) - mean_a**2, blur(b * b) - mean_b**2
    covariance = blur(a * b) - mean_a * mean_b
    luminance = (2 * mean_a * mean_b + 1e-4) / (mean_a**2 + mean_b**2 + 1e-4)
    return (luminance * (2 * covariance + 9e-4) / (variance_a + variance_b + 9e-4)).mean((1, 2, 3))
