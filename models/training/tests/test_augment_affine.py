"""Affine augmentation: mapped splats, meshes and pictures belong together."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import augment_affine
from augment_affine import map_splats, quaternions_to_rotations, rotations_to_quaternions
from dataset import read_example
from make_scenes import lit_object, make_scene, save
from mesh import look_at, picture
from objects import solids
from rasteriser import psnr, render
from scene import normalise
from train import TrainingSet
from visibility import ring


@pytest.fixture
def inside(sample: torch.Tensor) -> torch.Tensor:
    """The sample in the unit cube."""
    return normalise(sample)[0]


def test_splats_under_an_affine_map_have_its_covariances(inside):
    scene, matrix = inside[:500], torch.tensor([[1.2, 0.1, 0], [0.1, 0.8, 0], [0, 0, 1.4]])
    moved = map_splats(scene, matrix, np.random.default_rng(0))

    def covariances(splats: torch.Tensor) -> torch.Tensor:
        axes = quaternions_to_rotations(splats[:, 7:11]) * splats[:, None, 3:6].exp()
        return axes @ axes.mT

    wanted = matrix @ covariances(scene) @ matrix.T
    assert (covariances(moved) - wanted).abs().amax((1, 2)).div(wanted.abs().amax((1, 2))).max() < 1e-3
    assert torch.allclose(moved[:, :3], scene[:, :3] @ matrix.T)
    assert torch.equal(moved[:, [6, 11, 12, 13]], scene[:, [6, 11, 12, 13]])


def test_splats_under_the_identity_look_as_they_did(inside):
    cameras = ring((10.0, 70.0))[:4]
    black = torch.zeros(4, 3)
    same = map_splats(inside, torch.eye(3), np.random.default_rng(0))
    assert psnr(render(same, cameras, black, 64, 64), render(inside, cameras, black, 64, 64)).min() > 60


def test_quaternions_give_their_rotations_back():
    quats = torch.nn.functional.normalize(torch.randn(400, 4, generator=torch.Generator().manual_seed(0)), dim=1)
    quats[:4] = torch.eye(4)
    again = rotations_to_quaternions(quaternions_to_rotations(quats))
    assert ((again * quats).sum(1).abs() > 1 - 1e-5).all()


def test_a_camera_that_includes_the_map_sees_the_mapped_mesh():
    mesh = solids(3)
    matrix = np.diag([1.0, 0.7, 1.3])
    camera = look_at(40, 50, 3, 2.7 * 48, 48)
    through = torch.cat([(camera[:9].view(3, 3) @ torch.from_numpy(matrix).float()).flatten(), camera[9:]])
    coverage = picture(replace(mesh, vertices=mesh.vertices @ matrix.T), camera, 48)[..., 3]
    assert (picture(mesh, through, 48)[..., 3] - coverage).abs().max() < 0.4
    assert (picture(mesh, through, 48)[..., 3] - coverage).abs().mean() < 1e-3


@pytest.mark.parametrize(("family", "margin"), [("mixed", 0.5), ("household", 0.2), ("utensils", 0.2)])
def test_an_augmented_scene_is_as_good_a_fit_of_its_object(family, margin, tmp_path, monkeypatch):
    index = 2
    mesh = lit_object(index, [], family)
    assert mesh is not None
    save(tmp_path / f"{index:05d}.npz", make_scene(mesh, index, family, 32))
    example = read_example(tmp_path / f"{index:05d}.npz")
    assert (example.family, example.index) == (family, index)

    def quality(scene) -> float:
        low = scene.elevations <= 20
        wanted = scene.pictures[low, ..., :3].float() / 255
        black = torch.zeros(len(wanted), 3)
        return float(psnr(render(scene.scene, scene.cameras[low], black, scene.size, scene.size), wanted).mean())

    other = augment_affine.augment_affine(example, mesh, np.random.default_rng(0))
    assert not torch.allclose(other.scene[:, :3], example.scene[:, :3], atol=0.02)
    assert quality(other) > quality(example) - 4
    unmapped = torch.cat([other.scene[:, :3], example.scene[:, 3:]], 1)
    assert quality(other) > quality(replace(other, scene=unmapped)) + margin

    (tmp_path / "other.obj").write_text("")
    data = TrainingSet([tmp_path], tmp_path)
    monkeypatch.setattr("train.AFFINE_SHARE", 1.0)
    data.refresh()
    drawn = data.sample(np.random.default_rng(1))
    assert drawn.scene.shape == example.scene.shape and not torch.equal(drawn.scene, example.scene)
    assert quality(drawn) > quality(example) - 4


def test_a_random_map_keeps_the_longest_side():
    mesh = solids(4)
    for seed in range(5):
        matrix = augment_affine.random_affine(mesh, np.random.default_rng(seed))
        assert np.ptp(mesh.vertices @ matrix.T, axis=0).max() == pytest.approx(1)
