"""The rasteriser against the product's CPU rasteriser, and its gradients against finite differences."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from mesh import look_at
from rasteriser import render, ssim
from scene import read_ply

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "test/data"


def looking(position, target, up, fov_y_degrees, width, height):
    eye, aim = (torch.tensor(point, dtype=torch.float64) for point in (position, target))
    forward = F.normalize(aim - eye, dim=0)
    right = F.normalize(torch.linalg.cross(forward, torch.tensor(up, dtype=torch.float64)), dim=0)
    rotation = torch.stack([right, torch.linalg.cross(forward, right), forward])
    focal = height / 2 / np.tan(np.radians(fov_y_degrees) / 2)
    return torch.tensor([[*rotation.flatten(), *(-rotation @ eye), focal, focal, width / 2, height / 2]])


def test_the_picture_is_the_twins():
    """test/unit/core/reference-render.training.test.ts keeps tests/twin.png equal to the twin's answer."""
    wanted = torch.from_numpy(np.asarray(Image.open(HERE / "twin.png"))[..., :3].copy()).float() / 255
    height, width = wanted.shape[:2]
    camera = looking((1.6, -1.9, 1.4), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 30, width, height).float()
    drawn = render(read_ply(DATA / "scenes/sample.ply"), camera, torch.tensor([[0.2, 0.5, 0.8]]), width, height)[0]
    difference = (drawn.clamp(0, 1) - wanted).abs()
    assert difference.mean() < 0.4 / 255
    assert difference.max() < 1.5 / 255


def some_scene(seed: int, splats: int = 24) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)

    def normal(columns: int) -> torch.Tensor:
        return torch.randn(splats, columns, generator=random, dtype=torch.float64)

    return torch.cat(
        [normal(3) * 0.3, normal(3) * 0.3 - 1.6, normal(1), normal(4), normal(3) * 0.5, normal(9) * 0.1], 1
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gradients_are_the_finite_differences(seed):
    scene = some_scene(seed).requires_grad_(True)
    width, height = 35, 30
    cameras = torch.stack([look_at(40 + seed, 20, 3, 60, width), look_at(200, 75, 3, 60, width)]).double()
    cameras[:, 15] = height / 2
    backgrounds = torch.tensor([[0.2, 0.3, 0.4], [0.0, 1.0, 0.5]], dtype=torch.float64)
    weights = torch.randn(2, height, width, 3, generator=torch.Generator().manual_seed(9), dtype=torch.float64)

    def loss(values: torch.Tensor) -> torch.Tensor:
        return (render(values, cameras, backgrounds, width, height) * weights).sum()

    loss(scene).backward()
    assert scene.grad is not None
    step, off = 1e-6, 0
    for splat in range(len(scene)):
        for column in range(scene.shape[1]):
            moved = torch.zeros_like(scene)
            moved[splat, column] = step
            numeric = float(loss(scene.detach() + moved) - loss(scene.detach() - moved)) / (2 * step)
            exact = float(scene.grad[splat, column])
            off += abs(numeric - exact) > 1e-4 * (abs(numeric) + abs(exact)) + 1e-5
    # Alpha jumps at 1/255 and pixels end at 1e-4: where a step crosses such an edge the difference is not a slope.
    assert off <= 4


def test_ssim_is_the_plain_formula_with_its_gradient():
    random = torch.Generator().manual_seed(3)
    a, b = (torch.rand(2, 19, 23, 3, generator=random) for _ in range(2))
    window = torch.exp(-((torch.arange(11) - 5.0) ** 2) / 4.5)
    kernel = (window / window.sum())[:, None] * (window / window.sum())[None]

    def plain(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        def blur(image: torch.Tensor) -> torch.Tensor:
            return F.conv2d(image.permute(0, 3, 1, 2).reshape(-1, 1, *image.shape[1:3]), kernel[None, None], padding=5)

        m, n = blur(x), blur(y)
        va, vb, cov = blur(x * x) - m * m, blur(y * y) - n * n, blur(x * y) - m * n
        return ((2 * m * n + 1e-4) * (2 * cov + 9e-4) / ((m * m + n * n + 1e-4) * (va + vb + 9e-4))).view(2, -1).mean(1)

    own, other = a.clone().requires_grad_(True), a.clone().requires_grad_(True)
    scale = torch.tensor([1.0, 2.0])
    (ssim(own, b) * scale).sum().backward()
    (plain(other, b) * scale).sum().backward()
    assert torch.allclose(ssim(a, b), plain(a, b), atol=1e-5)
    assert own.grad is not None and other.grad is not None
    assert torch.allclose(own.grad, other.grad, atol=1e-6)


def test_a_splat_below_the_smallest_alpha_is_not_drawn():
    scene = some_scene(4).float()
    camera, background = look_at(10, 30, 3, 60, 32)[None], torch.zeros(1, 3)
    clean = render(scene, camera, background, 32, 32)
    scene = torch.cat([scene, scene[:1]])
    scene[-1, 6] = -20.0  # far too transparent to be drawn
    assert torch.equal(render(scene, camera, background, 32, 32), clean)
