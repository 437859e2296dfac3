"""Scenes that several tests share."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from make_scenes import make_scene, save
from network import Shape
from objects import solids
from scene import read_ply, unit_quaternions

MODELS = Path(__file__).resolve().parents[2]
DATA = MODELS.parent / "test/data"


@pytest.fixture
def sample() -> torch.Tensor:
    """A chair fitted from low views, (splats, 23)."""
    return unit_quaternions(read_ply(DATA / "scenes/sample.ply"))


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Small tensors gain nothing from more threads, and lose where other work shares the cores."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def small_scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a real capture, small: 24 pixels a side."""
    path = tmp_path_factory.mktemp("scenes") / "00002.npz"
    save(path, make_scene(solids(2), 2, "mixed", 24))
    return path


@pytest.fixture
def tiny_shape() -> Shape:
    """A network that takes steps in no time."""
    return Shape(
        (8, 8, 8, 8, 8), (1, 1, 1, 1, 1), (1, 1, 1, 1, 1), (8, 8, 8, 8), (1, 1, 1, 1), (1, 1, 1, 1), patch=64, grid=32
    )


@pytest.fixture
def held_out_scene(small_scene: Path, tmp_path: Path) -> Path:
    """The small scene by an index that training leaves out."""
    return Path(shutil.copyfile(small_scene, tmp_path / "00024.npz"))


@pytest.fixture
def plain_weights(tmp_path: Path) -> Path:
    """The shipped weights without noise floor and test-time augmentation."""
    weights = tmp_path / "plain.pth"
    shutil.copyfile(MODELS / "splatformer-desktop.pth", weights)
    sidecar = json.loads((MODELS / "splatformer-desktop.json").read_text())
    for name in ("noiseFloor", "symmetries"):
        del sidecar[name]
    weights.with_suffix(".json").write_text(json.dumps(sidecar))
    return weights
