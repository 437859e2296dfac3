"""The network against the authors' own answers and the shipped weights."""

import json
import sys
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from network import Shape, SplatFormer  # noqa: E402
from plan import choose_grid  # noqa: E402
from scene import denormalise, normalise, read_ply, unit_quaternions  # noqa: E402

MODELS = HERE.parent.parent
SHARED = MODELS.parent.parent / "shared"
SMALL = Shape((16, 24, 32, 48, 64), (1, 1, 1, 2, 1), (1, 2, 2, 4, 4), (24, 24, 32, 48), (1, 1, 1, 1), (2, 2, 2, 4), patch=1024, grid=384, batch_norm=True)
FULL = Shape((64, 96, 128, 256, 512), (2, 2, 2, 6, 2), (2, 4, 8, 16, 32), (96, 96, 128, 256), (2, 2, 2, 2), (4, 4, 8, 16), patch=1024, grid=384, batch_norm=True)


def refine(network, scene):
    inside, scale, shift = normalise(scene)
    with torch.no_grad():
        return denormalise(network.eval()(inside), scale, shift)


def test_small_network_gives_the_authors_answer():
    network = SplatFormer(SMALL)
    network.load_state_dict(torch.load(SHARED / "parity/small/ckpt.pth", map_location="cpu"))
    answer = refine(network, read_ply(SHARED / "parity/small/in.ply"))
    assert (answer - read_ply(SHARED / "parity/small/out.ply")).abs().max() <= 1e-4


def test_full_network_gives_the_authors_answer():
    sys.path.insert(0, str(SHARED / "parity"))
    from hashed_weights import hashed

    network = SplatFormer(FULL)
    state = network.state_dict()
    made = {name: torch.from_numpy(hashed(name, tuple(value.shape), 3)) if value.is_floating_point() else value for name, value in state.items()}
    network.load_state_dict(made)
    answer = refine(network, read_ply(SHARED / "parity/full/in.ply"))
    assert (answer - read_ply(SHARED / "parity/full/out.ply")).abs().max() <= 1e-3


def test_first_weights_give_the_answer_stored_beside_them():
    network = SplatFormer()
    network.load_state_dict(torch.load(SHARED / "weights/first.pth", map_location="cpu"))
    answer = refine(network, unit_quaternions(read_ply(SHARED / "weights/sample.ply")))
    assert (answer - read_ply(SHARED / "weights/sample-refined.ply")).abs().max() <= 1e-4


def test_shipped_weights_load_whole_and_change_the_sample():
    network = SplatFormer()
    network.load_state_dict(torch.load(MODELS / "splatformer-desktop.pth", map_location="cpu"))
    sidecar = json.loads((MODELS / "splatformer-desktop.json").read_text())
    assert sidecar["gridResolution"] == network.shape.grid and sidecar["patchSize"] == network.shape.patch
    scene = unit_quaternions(read_ply(MODELS / "sample.ply"))
    answer = refine(network, scene)
    assert torch.isfinite(answer).all() and (answer - scene).abs().max() > 0.05


def test_an_untrained_network_changes_nothing():
    scene = torch.rand(40, 23)
    assert torch.equal(SplatFormer().eval()(scene), scene)


@pytest.mark.parametrize(("target", "expected"), [(8.0, 2), (1.0, 4), (0.5, 8)])
def test_grid_rule_takes_the_smallest_grid_that_is_sparse_enough(target, expected):
    corners = torch.cartesian_prod(*[torch.tensor([0.1, 0.35, 0.6, 0.85])] * 3)
    assert choose_grid(corners, target, [8, 4, 2]) == expected
