"""The network against the authors' own answers and the shipped weights."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
from evaluate import of_network  # noqa: E402
from hashed_weights import hashed  # noqa: E402
from network import SPLAT_WIDTH, Shape, SplatFormer  # noqa: E402
from plan import FEWEST_SPLATS, USUAL_GRID, grid_for  # noqa: E402
from scene import denormalise, in_unit_cube, normalise, read_ply, unit_quaternions  # noqa: E402
from sight import SIGHT_WIDTH, with_sight  # noqa: E402
from weights import read_weights  # noqa: E402

MODELS = HERE.parent.parent
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
    sight=False,
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
    sight=False,
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
    network = SplatFormer(Shape(grid=64, sight=False, opacity_reach=None))
    network.load_state_dict(torch.load(DATA / "weights/first.pth", map_location="cpu"))
    answer = refine(network, unit_quaternions(read_ply(DATA / "weights/sample.ply")))
    assert (answer - read_ply(DATA / "weights/sample-refined.ply")).abs().max() <= 1e-4


def test_shipped_weights_load_whole_and_change_the_sample():
    network, _ = read_weights(MODELS / "splatformer-desktop.pth")
    sidecar = json.loads((MODELS / "splatformer-desktop.json").read_text())
    assert (
        sidecar["gridRule"] == {"kind": "count", "grid": USUAL_GRID, "splats": FEWEST_SPLATS}
        and sidecar["patchSize"] == network.shape.patch
    )
    scene = unit_quaternions(read_ply(MODELS / "sample.ply"))
    with torch.no_grad():
        answer = in_unit_cube(scene, lambda inside: network(with_sight(inside)))
    assert torch.isfinite(answer).all() and (answer - scene).abs().max() > 0.05


def test_the_product_refines_the_sample_as_training_does(tmp_path):
    """Grid rule, noise floors and quaternion convention of the description file included; `npm test` has built the
    command line before."""
    weights = MODELS / "splatformer-desktop.pth"
    command_line = MODELS.parent / "dist/cli/cli.js"
    subprocess.run(
        ["node", command_line, "refine", MODELS / "sample.ply", "--out-dir", tmp_path, "--device", "cpu"],
        check=True,
        timeout=300,
    )
    network, floors = read_weights(weights)
    assert floors
    with torch.no_grad():
        answer = of_network(network, 1.0, floors)(unit_quaternions(read_ply(MODELS / "sample.ply")))
    difference = (answer - read_ply(tmp_path / "sample.ply")).abs()
    # What a view sees changes by a little where rounding takes a splat across the 1/255 of its visibility; keeping the
    # low views hands that on to opacities around it.
    assert difference.mean() <= 1e-5 and (difference > 1e-3).float().mean() <= 5e-4 and difference.max() <= 2e-2


def test_an_untrained_network_changes_nothing():
    inputs = torch.rand(40, SPLAT_WIDTH + SIGHT_WIDTH)
    assert torch.equal(SplatFormer().eval()(inputs), inputs[:, :SPLAT_WIDTH])


@pytest.mark.parametrize(
    ("splats", "expected"), [(1, 1), (3_999, 32), (4_000, 64), (15_999, 64), (16_000, 128), (1_000_000, 512)]
)
def test_the_grid_doubles_with_four_times_the_splats(splats, expected):
    """The same numbers as test/unit/refine/features.test.ts."""
    assert grid_for(splats) == expected
