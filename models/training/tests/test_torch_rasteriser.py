"""The rasteriser for graphics cards agrees with the native one, forwards and backwards."""

import pytest
import torch

import torch_rasteriser
from mesh import look_at
from rasteriser import render, ssim


def some_scene(seed: int, splats: int = 300) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)

    def normal(width: int, scale: float = 1.0) -> torch.Tensor:
        return torch.randn(splats, width, generator=generator, dtype=torch.float64) * scale

    return torch.cat([normal(3, 0.4), normal(3, 0.6) - 2.8, normal(1, 2), normal(4), normal(3), normal(9, 0.3)], 1)


@pytest.mark.parametrize(("seed", "width", "height"), [(0, 40, 40), (1, 37, 50)])
def test_pictures_and_gradients_agree(seed, width, height):
    scene = some_scene(seed)
    cameras = torch.stack([look_at(40, 20, 2.5, 60, width), look_at(200, 75, 1.2, 60, width)]).double()
    backgrounds = torch.tensor([[0.0, 0, 0], [0.2, 0.5, 0.9]]).double()
    slopes = torch.rand(2, height, width, 3, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    answers = []
    for draw in (render, torch_rasteriser.render):
        own = scene.clone().requires_grad_()
        pictures = draw(own, cameras, backgrounds, width, height)
        (pictures * slopes).sum().backward()
        answers.append((pictures.detach(), own.grad))
    (expected, slope), (got, got_slope) = answers
    assert (got - expected).abs().max() < 1e-6
    assert (got_slope - slope).abs().max() < 1e-4 * slope.abs().max()


def test_nothing_in_view_leaves_the_background():
    far = some_scene(2)
    far[:, 2] += 100
    seen = torch_rasteriser.render(far, look_at(0, 0, 3, 60, 20)[None], torch.full((1, 3), 0.3), 20, 20)
    assert (seen - 0.3).abs().max() < 1e-6


def test_similarity_agrees():
    a, b = torch.rand(2, 24, 30, 3), torch.rand(2, 24, 30, 3)
    mixed = (0.7 * a + 0.3 * b).requires_grad_()
    again = mixed.detach().clone().requires_grad_()
    ssim(mixed, b).sum().backward()
    torch_rasteriser.ssim(again, b).sum().backward()
    assert torch.allclose(ssim(mixed, b), torch_rasteriser.ssim(again, b), atol=1e-5)
    assert mixed.grad is not None and again.grad is not None
    assert torch.allclose(mixed.grad, again.grad, atol=1e-5)
