"""The optimiser."""

import torch
from torch import Tensor

from muon import NEWTON_SCHULZ, orthogonalised

SHAPES = (24, 24), (96, 24), (24, 648)


def random_matrix(shape: tuple[int, int]) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


def test_muons_updates_are_nearly_orthogonal():
    for shape in SHAPES:
        values = torch.linalg.svdvals(orthogonalised(random_matrix(shape)))
        assert values.min() > 0.3 and values.max() < 1.4


def test_steps_on_small_matrices_are_newton_schulz():
    a, b, c = NEWTON_SCHULZ
    for shape in SHAPES:
        wanted = random_matrix(shape).double()
        wanted = wanted / wanted.norm()
        for _ in range(5):
            gram = wanted @ wanted.T
            wanted = a * wanted + (b * gram + c * gram @ gram) @ wanted
        assert (orthogonalised(random_matrix(shape)) - wanted).norm() < 1e-3 * wanted.norm()
