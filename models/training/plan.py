"""Everything irregular the network needs, from positions alone.

Voxel cells, curve orders, attention patches, pooling clusters and neighbour tables follow Point Transformer V3 (Wu et
al., CVPR 2024). Ties are broken by the lowest index, cells are clamped at 0 and the four curves stay unshuffled.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass
class Patches:
    """One curve cut into attention windows."""

    members: Tensor  # (windows, size) point index of every slot
    answer_slot: Tensor  # (points,) the flat slot whose answer belongs to each point


@dataclass
class Taps:
    """The occupied entries of a neighbour table, tap by tap: two thirds of the table of a real scene are empty."""

    points: Tensor  # (pairs,) the point that receives
    neighbours: Tensor  # (pairs,) the point that gives
    counts: list[int]  # (27,) pairs of each tap


@dataclass
class Level:
    """One resolution of the pyramid."""

    points: int
    taps: Taps
    patches: list[Patches]  # z, transposed z, Hilbert, transposed Hilbert
    parent: Tensor | None = None  # (points of the finer level,) the point of this level each belongs to


def interleave(digits: Tensor) -> Tensor:
    """Bits of (points, depth, 3), most significant level first, read as one integer a point."""
    bits = digits.flatten(1)
    weights = 2 ** torch.arange(bits.shape[1] - 1, -1, -1)
    return (bits * weights).sum(1)


def bit_planes(cells: Tensor, depth: int) -> Tensor:
    """(points, 3) cells to their bits, (points, depth, 3), most significant first."""
    shifts = torch.arange(depth - 1, -1, -1)
    return (cells[:, None, :] >> shifts[None, :, None]) & 1


def z_curve(cells: Tensor, depth: int) -> Tensor:
    """Morton code, x most significant."""
    return interleave(bit_planes(cells, depth))


def hilbert_curve(cells: Tensor, depth: int) -> Tensor:
    """Hilbert index by Skilling's transform (AIP Conf. Proc. 707, 2004)."""
    axes = [cells[:, axis].clone() for axis in range(3)]
    for level in range(depth - 1, -1, -1):
        below = (1 << level) - 1
        for axis in range(3):
            inverted = (axes[axis] >> level & 1).bool()
            exchanged = (axes[0] ^ axes[axis]) & below
            first = axes[0]
            axes[0] = torch.where(inverted, first ^ below, first ^ exchanged)
            if axis > 0:
                axes[axis] = torch.where(inverted, axes[axis], axes[axis] ^ exchanged)
    gray = bit_planes(torch.stack(axes, 1), depth).flatten(1)
    binary = gray.cumsum(1) & 1  # Gray to binary: the parity of all higher bits
    return interleave(binary)


def neighbour_table(cells: Tensor) -> Tensor:
    """(points, 27) the point in each adjoining cell, in x, y, z order, or `points` where the cell is empty.

    The centre tap is always the point itself.
    """
    points, side = len(cells), int(cells.max()) + 3
    stride = torch.tensor([side * side, side, 1])
    key = ((cells + 1) * stride).sum(1)
    sorted_key, sorted_point = torch.sort(key, stable=True)
    offsets = torch.cartesian_prod(*[torch.arange(-1, 2)] * 3)
    wanted = key[:, None] + (offsets * stride).sum(1)[None]
    position = torch.searchsorted(sorted_key, wanted).clamp(max=points - 1)
    table = torch.where(sorted_key[position] == wanted, sorted_point[position], points)
    table[:, 13] = torch.arange(points)
    return table


def occupied_taps(table: Tensor) -> Taps:
    """The neighbour table without its empty entries."""
    by_tap = table.T
    tap, point = (by_tap < len(table)).nonzero(as_tuple=True)
    return Taps(point.contiguous(), by_tap[tap, point].contiguous(), (table < len(table)).sum(0).tolist())


def cut_patches(code: Tensor, size: int) -> Patches:
    """Windows of `size` along a curve; the last one looks back over the final `size` points."""
    order = torch.argsort(code, stable=True)
    points = len(order)
    rank = torch.empty_like(order)
    rank[order] = torch.arange(points)
    if points <= size:
        return Patches(order[None], rank)
    whole, rest = divmod(points, size)
    windows = [order[: whole * size].view(whole, size)]
    slot = rank
    if rest:
        windows.append(order[points - size :][None])
        slot = torch.where(rank >= whole * size, rank + size - rest, rank)
    return Patches(torch.cat(windows), slot)


def make_plan(unit_positions: Tensor, grid: int, patch: int, strides: tuple[int, ...]) -> list[Level]:
    """Levels from finest to coarsest for positions in the unit cube."""
    cells = (unit_positions * grid).floor().long().clamp_min(0)
    depth = max(1, int(cells.max()).bit_length())
    swapped = cells[:, [1, 0, 2]]
    codes = [z_curve(cells, depth), z_curve(swapped, depth), hilbert_curve(cells, depth), hilbert_curve(swapped, depth)]
    levels = []
    for stride in (None, *strides):
        parent = None
        if stride is not None:
            shift = (stride - 1).bit_length()
            _, parent = torch.unique(codes[0] >> 3 * shift, return_inverse=True)
            index = torch.arange(len(parent))
            first = torch.full((int(parent.max()) + 1,), len(parent)).scatter_reduce(0, parent, index, "amin")
            cells = cells[first] >> shift
            codes = [code[first] >> 3 * shift for code in codes]
        levels.append(
            Level(
                len(cells), occupied_taps(neighbour_table(cells)), [cut_patches(code, patch) for code in codes], parent
            )
        )
    return levels


# The shipped network's grid: the description file's `gridRule`.
REFERENCE_GRID, REFERENCE_SPLATS = 64, 4_000


def grid_for(splats: int) -> int:
    """Cells a side for a scene of so many splats.

    Twice as many for four times the splats, which lie on surfaces, so that the network meets the same neighbourhoods.
    Powers of two only: between them the curves run otherwise, and scenes of 14,000 splats gained a third less at 68
    cells than at 64.
    """
    return max(1, int(REFERENCE_GRID * 2.0 ** math.floor(math.log2(splats / REFERENCE_SPLATS) / 2)))
