"""The network against the authors' own answers and the shipped weights."""

import json
from pathlib import Path

import torch
from hashed_weights import hashed

from network import SPLAT_WIDTH, Shape, SplatFormer
from plan import REFERENCE_GRID, REFERENCE_SPLATS
from scene import denormalise, in_unit_cube, normalise, read_ply, unit_quaternions
from visibility import VISIBILITY_WIDTH, with_visibility
from weights import read_weights

MODELS = Path(__file__).resolve().parents[2]
DATA = MODELS.parent / "test/data"
SMALL = Shape(
    (16, 24, 32, 48, 64),
    (1, 1, 1, 2, 1),
    (1, 2, 2, 4, 4),
    (24, 24, 32, 48),
    (1, 1, 1, 1),
    (2, 2, 2, 4),
    patch=1024,
    grid=384,
    batch_norm=True,
    visibility=False,
    opacity_reach=None,
)
FULL = Shape(
    (64, 96, 128, 256, 512),
    (2, 2, 2, 6, 2),
    (2, 4, 8, 16, 32),
    (96, 96, 128, 256),
    (2, 2, 2, 2),
    (4, 4, 8, 16),
    patch=1024,
    grid=384,
    batch_norm=True,
    visibility=False,
    opacity_reach=None,
)


def refine(network, scene):
    inside, scale, shift = normalise(scene)
    with torch.no_grad():
        return denormalise(network.eval()(inside), scale, shift)


def with_hashed_weights(network, seed):
    made = {
        name: torch.from_numpy(hashed(name, tuple(value.shape), seed)) if value.is_floating_point() else value
        for name, value in network.state_dict().items()
    }
    network.load_state_dict(made)
    return network


def test_small_network_gives_the_authors_answer():
    answer = refine(with_hashed_weights(SplatFormer(SMALL), 1), read_ply(DATA / "parity/small/in.ply"))
    assert (answer - read_ply(DATA / "parity/small/out.ply")).abs().max() <= 1e-4


def test_full_network_gives_the_authors_answer():
    answer = refine(with_hashed_weights(SplatFormer(FULL), 3), read_ply(DATA / "parity/full/in.ply"))
    assert (answer - read_ply(DATA / "parity/full/out.ply")).abs().max() <= 1e-3


def test_first_weights_give_the_answer_stored_beside_them():
    network = SplatFormer(Shape(grid=64, visibility=False, opacity_reach=None))
    network.load_state_dict(torch.load(DATA / "weights/first.pth", map_location="cpu"))
    answer = refine(network, unit_quaternions(read_ply(DATA / "weights/sample.ply")))
    assert (answer - read_ply(DATA / "weights/sample-refined.ply")).abs().max() <= 1e-4


def test_shipped_weights_load_whole_and_change_the_sample(sample):
    network = read_weights(MODELS / "splatformer-desktop.pth")
    sidecar = json.loads((MODELS / "splatformer-desktop.json").read_text())
    assert (
        sidecar["gridRule"] == {"kind": "count", "grid": REFERENCE_GRID, "splats": REFERENCE_SPLATS}
        and sidecar["patchSize"] == network.shape.patch
    )
    with torch.no_grad():
        answer = in_unit_cube(sample, lambda inside: network(with_visibility(inside)))
    assert torch.isfinite(answer).all() and (answer - sample).abs().max() > 0.05


def test_an_untrained_network_changes_nothing():
    inputs = torch.rand(40, SPLAT_WIDTH + VISIBILITY_WIDTH)
    assert torch.equal(SplatFormer().eval()(inputs), inputs[:, :SPLAT_WIDTH])
