"""The product against training's own network, visibility features and grid; `npm test` has built it before."""

import pytest
import torch

from product import Product
from scene import in_unit_cube
from visibility import with_visibility
from weights import read_weights

# Opacities, base colours and log-scales that shrink are changed by steps after the network, which training has not.
NETWORK_ALONE = [*range(3), *range(7, 11), *range(14, 23)]


def test_the_product_answers_as_training_does(sample, plain_weights):
    """Grid rule, visibility features, opacity bound and quaternion convention of the description file included."""
    network = read_weights(plain_weights)
    with torch.no_grad(), Product(plain_weights) as product:
        wanted = in_unit_cube(sample, lambda inside: network(with_visibility(inside)))
        answer = product.refine(sample)
    difference = (answer - wanted)[:, NETWORK_ALONE].abs()
    assert (wanted - sample)[:, NETWORK_ALONE].abs().max() > 0.05
    assert difference.mean() <= 1e-6 and difference.max() <= 1e-3
    growing = wanted[:, 3:6] > sample[:, 3:6]
    assert growing.any() and (answer - wanted)[:, 3:6][growing].abs().max() <= 1e-3


def test_strength_and_noise_floor_reach_the_product(sample, plain_weights):
    # Splats of all sides: of one side alone the product would doubt the axis, and prove the answer.
    sample = sample[::7]
    with Product(plain_weights) as product:
        full, half = product.refine(sample), product.refine(sample, 0.5)
        floored = product.refine(sample, noise_floor={"features_rest": 1e3})
    assert torch.allclose(half[:, :3], (full[:, :3] + sample[:, :3]) / 2, atol=1e-5)
    moved, moved_with_floor = ((answer - sample)[:, 14:].norm(dim=1) > 1e-6 for answer in (full, floored))
    assert moved.all() and moved_with_floor.float().mean() < 0.5
    assert torch.equal(floored[:, :3], full[:, :3])


def test_a_refusal_comes_back_as_its_sentence(sample, tmp_path):
    with Product(tmp_path / "missing.pth") as product, pytest.raises(RuntimeError, match=r"missing\.pth"):
        product.refine(sample)
