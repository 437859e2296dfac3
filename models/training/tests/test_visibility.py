"""Visibility features against the gradients of pictures."""

import torch

from rasteriser import render
from scene import SH_C0, normalise
from visibility import LOW_DEGREES, SIZE, ring, visibility_sums


def test_visibility_is_the_gradient_of_the_picture(sample):
    """Weight is what a splat's colour counts for in the picture.

    The weighted colour is the same with the picture itself as the gradient of a loss.
    """
    sample[:, 11:14] *= 0.3
    sample[:, 14:] = 0
    inside = normalise(sample)[0]
    cameras = ring(LOW_DEGREES)
    backgrounds = torch.zeros(len(cameras), 3)
    coloured = inside.clone().requires_grad_(True)
    pictures = render(coloured, cameras, backgrounds, SIZE, SIZE)
    (of_sum,) = torch.autograd.grad(pictures.sum(), coloured, retain_graph=True)
    (of_square,) = torch.autograd.grad((pictures * pictures.detach()).sum(), coloured)
    sums = visibility_sums(inside, cameras)
    assert torch.allclose(sums[:, 0] * SH_C0, of_sum[:, 11], atol=1e-4)
    assert torch.allclose(sums[:, 1:4] * SH_C0, of_square[:, 11:14], atol=1e-4)
    assert sums[:, 0].sum() > 1000
