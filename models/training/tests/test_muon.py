"""The optimiser."""

import torch

from muon import orthogonalised


def test_muons_updates_are_nearly_orthogonal():
    for shape in ((24, 24), (96, 24), (24, 648)):
        values = torch.linalg.svdvals(orthogonalised(torch.randn(shape, generator=torch.Generator().manual_seed(1))))
        assert values.min() > 0.3 and values.max() < 1.4
