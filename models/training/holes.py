"""Looks at the finished picture: what was solid before stays solid.

A network that takes murk and floaters away now and then takes a surface for murk, and opens a hole in it (a plate's
middle, 7 dB). From above, before and after: where a pixel
was covered and no longer is, the splats that covered it keep their opacity and size.
"""

import torch
from torch import Tensor

from rasteriser import render
from sight import C0, FAINT, HIGH_DEGREES, SIZE, ring

SOLID = (0.9, 0.98)  # coverage from which a pixel counts as solid at all, and wholly
FOG = (0.4, 0.6)  # share of all solid cover that is lost from which it was fog, not a surface, and may go
OPENED = (0.1, 0.3)  # share of a splat's weight over lost cover from which its shrinking is held back, and wholly


def white(scene: Tensor) -> Tensor:
    """The same splats, of which a picture over black is the coverage."""
    return torch.cat([scene[:, :11], torch.full_like(scene[:, 11:14], 0.5 / C0), torch.zeros_like(scene[:, 14:])], 1)


def ramp(values: Tensor, bounds: tuple[float, float]) -> Tensor:
    return ((values - bounds[0]) / (bounds[1] - bounds[0])).clamp(0, 1)


def holding_back(inside: Tensor, after: Tensor) -> Tensor:
    """(splats,) 0..1 how far each splat's shrinking is to be held back: by the share of its weight from above, before,
    that lies over solid cover which is lost after."""
    cameras = ring(HIGH_DEGREES)
    black = torch.zeros(len(cameras), 3)
    with torch.enable_grad():
        before = white(inside).requires_grad_(True)
        cover = render(before, cameras, black, SIZE, SIZE)
        kept = render(white(after), cameras, black, SIZE, SIZE)
        solid = ramp(cover, SOLID).detach()
        lost = ((cover - kept).clamp_min(0) * solid).detach()
        (over_lost,) = torch.autograd.grad((cover * lost).sum(), before, retain_graph=True)
        (over_all,) = torch.autograd.grad(cover.sum(), before)
    surface = 1 - ramp(lost.sum() / solid.sum().clamp_min(1), FOG)
    return surface * ramp(over_lost[:, 11] / (over_all[:, 11] + FAINT * C0), OPENED)


def without_holes(inside: Tensor, residuals: Tensor) -> Tensor:
    """(splats, 23) residuals of which the shrinking of log-scales and opacity logits is held back where it would open a
    hole."""
    held_back = holding_back(inside, inside + residuals)[:, None]
    shrinking = residuals[:, 3:7]
    return torch.cat(
        [residuals[:, :3], torch.where(shrinking < 0, shrinking * (1 - held_back), shrinking), residuals[:, 7:]], 1
    )
