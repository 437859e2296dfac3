"""Other forms of a scene: stretched ones to train on, and equivalent ones that a network is asked about."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import stretch  # noqa: E402
from dataset import read_example  # noqa: E402
from make_scenes import lit_object, make_scene, save  # noqa: E402
from mesh import look_at, picture  # noqa: E402
from objects import solids  # noqa: E402
from rasteriser import psnr, render  # noqa: E402
from scene import normalise, read_ply, unit_quaternions  # noqa: E402
from sight import SIGHT_WIDTH, ring  # noqa: E402
from stretch import quaternions_of, rotations_of, stretched, stretched_splats  # noqa: E402
from symmetries import SYMMETRIES, mean_answer  # noqa: E402
from train import Pool  # noqa: E402

SAMPLE = HERE.parent.parent / "sample.ply"


def sample() -> torch.Tensor:
    return unit_quaternions(normalise(read_ply(SAMPLE))[0])


def test_splats_under_an_affine_map_have_its_covariances():
    scene, matrix = sample()[:500], torch.tensor([[1.2, 0.1, 0], [0.1, 0.8, 0], [0, 0, 1.4]])
    moved = stretched_splats(scene, matrix, np.random.default_rng(0))

    def covariances(splats: torch.Tensor) -> torch.Tensor:
        axes = rotations_of(splats[:, 7:11]) * splats[:, None, 3:6].exp()
        return axes @ axes.mT

    wanted = matrix @ covariances(scene) @ matrix.T
    assert (covariances(moved) - wanted).abs().amax((1, 2)).div(wanted.abs().amax((1, 2))).max() < 1e-3
    assert torch.allclose(moved[:, :3], scene[:, :3] @ matrix.T)
    assert torch.equal(moved[:, [6, 11, 12, 13]], scene[:, [6, 11, 12, 13]])


def test_splats_that_are_not_stretched_look_as_they_did():
    scene, cameras = sample(), ring((10.0, 70.0))[:4]
    black = torch.zeros(4, 3)
    same = stretched_splats(scene, torch.eye(3), np.random.default_rng(0))
    assert psnr(render(same, cameras, black, 64, 64), render(scene, cameras, black, 64, 64)).min() > 60


def test_quaternions_give_their_rotations_back():
    quats = torch.nn.functional.normalize(torch.randn(400, 4, generator=torch.Generator().manual_seed(0)), dim=1)
    quats[:4] = torch.eye(4)
    again = quaternions_of(rotations_of(quats))
    assert ((again * quats).sum(1).abs() > 1 - 1e-5).all()


def test_a_camera_that_stretches_sees_the_stretched_mesh():
    mesh = solids(3)
    matrix = np.diag([1.0, 0.7, 1.3])
    camera = look_at(40, 50, 3, 2.7 * 48, 48)
    through = torch.cat([(camera[:9].view(3, 3) @ torch.from_numpy(matrix).float()).flatten(), camera[9:]])
    coverage = picture(replace(mesh, vertices=mesh.vertices @ matrix.T), camera, 48)[..., 3]
    assert (picture(mesh, through, 48)[..., 3] - coverage).abs().max() < 0.4
    assert (picture(mesh, through, 48)[..., 3] - coverage).abs().mean() < 1e-3


@pytest.mark.parametrize(("family", "margin"), [("mixed", 0.5), ("household", 0.2), ("utensils", 0.2)])
def test_a_stretched_scene_is_as_good_a_fit_of_its_object(family, margin, tmp_path, monkeypatch):
    index = 2
    save(tmp_path / f"{index:05d}.npz", make_scene(lit_object(index, [], family), index, family, 32))
    example = read_example(tmp_path / f"{index:05d}.npz")
    assert (example.family, example.index) == (family, index)

    def quality(scene) -> float:
        low = scene.elevations <= 20
        wanted = scene.pictures[low, ..., :3].float() / 255
        black = torch.zeros(len(wanted), 3)
        return float(psnr(render(scene.scene, scene.cameras[low], black, scene.size, scene.size), wanted).mean())

    other = stretched(example, lit_object(index, [], family), np.random.default_rng(0))
    assert not torch.allclose(other.scene[:, :3], example.scene[:, :3], atol=0.02)
    assert quality(other) > quality(example) - 4
    unstretched = torch.cat([other.scene[:, :3], example.scene[:, 3:]], 1)
    assert quality(other) > quality(replace(other, scene=unstretched)) + margin

    (tmp_path / "other.obj").write_text("")
    pool = Pool([tmp_path], tmp_path)
    monkeypatch.setattr("train.STRETCHED_SHARE", 1.0)
    monkeypatch.setattr("train.is_held_out", lambda path: False)
    pool.refresh()
    drawn = pool.draw(np.random.default_rng(1))
    assert drawn.scene.shape == example.scene.shape and not torch.equal(drawn.scene, example.scene)
    assert quality(drawn) > quality(example) - 4


def test_a_stretch_keeps_the_longest_side():
    mesh = solids(4)
    for seed in range(5):
        matrix = stretch.random_stretch(mesh, np.random.default_rng(seed))
        assert np.ptp(mesh.vertices @ matrix.T, axis=0).max() == pytest.approx(1)


@pytest.mark.parametrize("number", range(len(SYMMETRIES)))
def test_an_equivalent_form_looks_the_same(number, monkeypatch):
    """From a camera that is turned and mirrored with it, with its channels in order; and an answer that goes with the
    scene comes back as it was."""
    inside, symmetry = sample(), SYMMETRIES[number]
    monkeypatch.setattr("symmetries.SYMMETRIES", (symmetry,))
    sight = torch.randn(len(inside), SIGHT_WIDTH, generator=torch.Generator().manual_seed(1))
    asked = []

    def ask(splats: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        asked.append((splats, seen))
        centre = torch.tensor([0.5] * 3 + [0.0] * 20)
        colours = torch.cat(
            [torch.zeros(len(splats), 11), seen.view(-1, 2, 7)[:, 1, 2:5], torch.zeros(len(splats), 9)], 1
        )
        return 0.1 * (splats - centre) + 0.01 * colours

    answer = mean_answer(ask, inside, sight, 1)
    (turned, _), matrix = asked[0], symmetry.matrix
    cameras = ring((10.0, 70.0))[:4]
    rotations = cameras[:, :9].view(-1, 3, 3)
    middle = torch.full((3,), 0.5)
    moved = rotations @ matrix.T
    shifts = cameras[:, 9:12] + rotations @ middle - moved @ middle
    there = torch.cat([moved.flatten(1), shifts, cameras[:, 12:]], 1)
    black = torch.zeros(4, 3)
    wanted = render(inside, cameras, black, 64, 64)[..., list(symmetry.channels)]
    assert psnr(render(turned, there, black, 64, 64), wanted).min() > 70
    assert (turned[:, 7] >= 0).all()
    assert torch.allclose(answer, ask(inside, sight), atol=1e-5)
