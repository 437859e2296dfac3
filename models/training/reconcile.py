"""Keeps what the capture showed: after a repair, opacities and base colours move until the low views look as they did.

Those views are what a capture fixes, and there the scene was right before (data consistency, as solvers of inverse
problems with a learnt prior have it). The views from above
shall stay as the repair made them meanwhile, so what they do not see is moved first. The product does the same from
fewer views where a scene's list would not fit into memory.
"""

import ctypes

import torch
from torch import Tensor

from native_library import library, pointer
from sight import C0, HIGH_DEGREES, SIZE, ring

KEPT_DEGREES = (
    5.0,
    17.0,
)  # by turns; a little higher than `sight` looks from, as what lies flat is seen better from there
STEPS = 10
HIGH_SHARE = 0.2  # of the high views' error that counts
# curvature from which dc and opacity logits move at all: little more than a pixel of weight
DAMPING = (1.25 * C0**2, 0.006)


def reconciled(inside: Tensor, after: Tensor) -> Tensor:
    """(splats, 23) `after` with dc and opacity logits such that the low views look as they do of `inside`."""
    before, out = inside.contiguous(), after.detach().clone(memory_format=torch.contiguous_format)
    low, high = ring(KEPT_DEGREES), ring(HIGH_DEGREES)
    library().reconcile(
        len(out),
        pointer(before),
        pointer(out),
        len(low),
        len(high),
        pointer(torch.cat([low, high])),
        SIZE,
        STEPS,
        ctypes.c_float(HIGH_SHARE),
        pointer(torch.tensor(DAMPING)),
    )
    return out
