"""Residuals too short to be more than the network's own noise are left out: the gate that keeps splats as they are
where they are right."""

import torch
from torch import Tensor

from network import ATTRIBUTE_WIDTHS


def quietened(residuals: Tensor, floors: dict[str, float], held: Tensor) -> Tensor:
    """(splats, 23) residuals, each attribute's of length n shortened to max(0, n - floor) (soft thresholding, Donoho 1995), as the product does.

    held (splats, 1): the share of the floor that counts for each splat, see sight.py."""
    parts = []
    for name, part in zip(ATTRIBUTE_WIDTHS, residuals.split(list(ATTRIBUTE_WIDTHS.values()), 1)):
        length = part.norm(dim=1, keepdim=True).clamp_min(1e-12)
        parts.append(part * (1 - floors.get(name, 0.0) * held / length).clamp_min(0))
    return torch.cat(parts, 1)
