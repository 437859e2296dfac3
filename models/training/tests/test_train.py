"""The training loop: its memory, its loss and its data."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import torch_rasteriser
import train
from dataset import read_example
from make_scenes import furniture_files
from muon import Muon
from network import SplatFormer
from state import write_state


def test_training_goes_on_exactly_where_it_stopped(small_scene, tiny_shape, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "Shape", lambda: tiny_shape)
    monkeypatch.setattr(train, "SAVE_EVERY", 3)

    def run(checkpoint: Path, until: int) -> None:
        monkeypatch.setattr(
            sys, "argv", ["train.py", str(checkpoint), str(small_scene.parent), "--until", str(until), "--threads", "1"]
        )
        train.main()

    run(tmp_path / "short.pt", 3)
    assert torch.load(tmp_path / "short.pt", weights_only=True)["step"] == 3
    training = train.load(tmp_path / "short.pt")
    assert training.step == 3
    write_state(tmp_path / "short.pt", tmp_path / "state.pt")
    resumed = train.begin(tmp_path / "state.pt")
    assert resumed.step == 3
    for name, tensor in training.network.state_dict().items():
        assert torch.equal(tensor, resumed.network.state_dict()[name])
        average = training.average.state_dict()[name]
        assert torch.allclose(average, resumed.average.state_dict()[name], atol=1e-5)

    run(tmp_path / "short.pt", 6)
    run(tmp_path / "long.pt", 6)
    stopped, straight = train.load(tmp_path / "short.pt"), train.load(tmp_path / "long.pt")
    for a, b in zip(stopped.network.parameters(), straight.network.parameters(), strict=True):
        assert torch.equal(a, b)
        assert all(
            torch.equal(torch.as_tensor(value), torch.as_tensor(straight.optimiser.state[b][name]))
            for name, value in stopped.optimiser.state[a].items()
        )


def test_training_lowers_the_loss_of_a_scene(small_scene, tiny_shape):
    torch.manual_seed(1)
    network, example = SplatFormer(tiny_shape), read_example(small_scene)
    optimiser = Muon(network, 2e-3)

    def loss() -> torch.Tensor:
        return train.step_loss(
            lambda scene, visibility: train.refined(network, scene, visibility, np.random.default_rng(1)),
            example,
            np.random.default_rng(0),
        )

    first = loss().item()
    for _ in range(40):
        optimiser.zero_grad()
        value = loss()
        value.backward()
        optimiser.step()
    assert loss().item() < first - 0.005


def test_a_scene_is_augmented_only_as_the_object_that_it_shows(small_scene, tmp_path):
    (tmp_path / "a.obj").write_text("")
    data = train.TrainingSet([small_scene.parent], tmp_path)
    data.refresh()
    example = read_example(small_scene)
    assert data.object_of(example, 2) is not None
    assert data.object_of(example, 8) is None
    with pytest.raises(ValueError, match="no OBJ"):
        furniture_files(small_scene.parent)


def gradient_of_step(example, shape) -> tuple[float, torch.Tensor]:
    """Loss, and the gradient of one of the last layers."""
    torch.manual_seed(1)
    network = SplatFormer(shape)
    loss = train.step_loss(
        lambda scene, visibility: train.refined(network, scene, visibility, np.random.default_rng(1)),
        example,
        np.random.default_rng(0),
    )
    loss.backward()
    gradient = network.get_parameter("features_outputhead.features_dc.6.weight").grad
    assert gradient is not None
    return loss.item(), gradient


def test_the_pictures_of_a_graphics_card_train_alike(small_scene, tiny_shape, monkeypatch):
    example = read_example(small_scene)
    loss, gradient = gradient_of_step(example, tiny_shape)
    monkeypatch.setattr(train, "render", torch_rasteriser.render)
    monkeypatch.setattr(train, "ssim", torch_rasteriser.ssim)
    other_loss, other_gradient = gradient_of_step(example, tiny_shape)
    assert other_loss == pytest.approx(loss, abs=1e-4)
    assert (other_gradient - gradient).norm() < 1e-2 * gradient.norm()


def test_nothing_is_learned_where_pictures_are_not_trusted(small_scene, tiny_shape):
    example = read_example(small_scene)
    assert gradient_of_step(example, tiny_shape)[1].abs().max() > 0
    example.trusted = torch.zeros(example.pictures.shape[:3], dtype=torch.uint8)
    assert gradient_of_step(example, tiny_shape)[1].abs().max() < 1e-6
