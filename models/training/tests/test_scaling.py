"""Training scale against the published checkpoints' raw features."""

import torch

from network import SplatFormer
from plan import make_plan
from scaling import folded, residuals, unfolded
from scene import normalise
from visibility import with_visibility


def test_scalings_fold_into_the_first_and_last_layers(sample, tiny_shape):
    torch.manual_seed(0)
    network = SplatFormer(tiny_shape)
    for head in network.features_outputhead.values():
        torch.nn.init.normal_(head.get_parameter("6.weight"), std=0.05)
    inside, _, _ = normalise(sample)
    plain = SplatFormer(tiny_shape)
    plain.load_state_dict(folded(network.state_dict()))
    with torch.no_grad():
        levels = make_plan(inside[:, :3], tiny_shape.grid, tiny_shape.patch, tiny_shape.strides)
        inputs = with_visibility(inside)
        assert torch.allclose(plain(inputs, levels), inside + residuals(network, inputs, levels), atol=1e-4)
    again = unfolded(folded(network.state_dict()))
    assert all(torch.allclose(again[name], tensor, atol=1e-5) for name, tensor in network.state_dict().items())
