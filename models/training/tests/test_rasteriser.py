"""The rasteriser against the product's CPU twin, and its gradients against finite differences."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from holes import without_holes  # noqa: E402
from mesh import look_at  # noqa: E402
from native_library import library, pointer  # noqa: E402
from rasteriser import render, ssim  # noqa: E402
import reconcile  # noqa: E402
from reconcile import KEPT_DEGREES, reconciled  # noqa: E402
from scene import normalise, read_ply, unit_quaternions  # noqa: E402
from sight import C0, HIGH_DEGREES, LOW_DEGREES, SIZE, ring  # noqa: E402

MODELS = HERE.parent.parent


def looking(position, target, up, fov_y_degrees, width, height):
    eye, aim = (torch.tensor(point, dtype=torch.float64) for point in (position, target))
    forward = F.normalize(aim - eye, dim=0)
    right = F.normalize(torch.linalg.cross(forward, torch.tensor(up, dtype=torch.float64)), dim=0)
    rotation = torch.stack([right, torch.linalg.cross(forward, right), forward])
    focal = height / 2 / np.tan(np.radians(fov_y_degrees) / 2)
    return torch.tensor([[*rotation.flatten(), *(-rotation @ eye), focal, focal, width / 2, height / 2]])


def test_the_picture_is_the_twins():
    """test/unit/training/twin.test.ts keeps tests/twin.png equal to the twin's answer."""
    wanted = torch.from_numpy(np.asarray(Image.open(HERE / "twin.png"))[..., :3].copy()).float() / 255
    height, width = wanted.shape[:2]
    camera = looking((1.6, -1.9, 1.4), (0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 30, width, height).float()
    drawn = render(read_ply(MODELS / "sample.ply"), camera, torch.tensor([[0.2, 0.5, 0.8]]), width, height)[0]
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
    assert torch.allclose(own.grad, other.grad, atol=1e-6)


def test_a_splat_below_the_smallest_alpha_is_not_drawn():
    scene = some_scene(4).float()
    camera, background = look_at(10, 30, 3, 60, 32)[None], torch.zeros(1, 3)
    clean = render(scene, camera, background, 32, 32)
    scene = torch.cat([scene, scene[:1]])
    scene[-1, 6] = -20.0  # far too transparent to be drawn
    assert torch.equal(render(scene, camera, background, 32, 32), clean)


def test_what_is_seen_is_the_gradient_of_the_picture():
    """Weight is what a splat's colour counts for in the picture; the weighted colour is the same with the picture for a
    slope."""
    scene = unit_quaternions(read_ply(MODELS / "sample.ply"))
    scene[:, 11:14] *= 0.3
    scene[:, 14:] = 0
    inside = normalise(scene)[0]
    cameras = ring(LOW_DEGREES)
    backgrounds = torch.zeros(len(cameras), 3)
    coloured = inside.clone().requires_grad_(True)
    pictures = render(coloured, cameras, backgrounds, SIZE, SIZE)
    (of_sum,) = torch.autograd.grad(pictures.sum(), coloured, retain_graph=True)
    (of_square,) = torch.autograd.grad((pictures * pictures.detach()).sum(), coloured)
    sums = torch.zeros(len(inside), 7)
    library().sight(len(inside), pointer(inside), len(cameras), pointer(cameras), SIZE, pointer(sums))
    assert torch.allclose(sums[:, 0] * C0, of_sum[:, 11], atol=1e-4)
    assert torch.allclose(sums[:, 1:4] * C0, of_square[:, 11:14], atol=1e-4)
    assert sums[:, 0].sum() > 1000


def test_no_hole_is_opened_in_what_was_solid():
    """A closed slab loses its middle, and a floater beside it goes: only the slab's splats are held back."""
    cells = torch.cartesian_prod(torch.arange(40), torch.arange(40)) / 40 * 0.6 + 0.2
    slab = torch.zeros(1601, 23)
    slab[:, :3] = torch.cat([torch.cat([cells, torch.full((1600, 1), 0.5)], 1), torch.tensor([[1.0, 1.0, 0.9]])])
    slab[:, 3:6], slab[:, 6], slab[:, 7] = -4.2, 4, 1
    slab[-1, 6] = -1
    residuals = torch.zeros(1601, 23)
    residuals[14 * 40 : 26 * 40, 6] = -12
    residuals[14 * 40 : 26 * 40, 3] = 0.5
    residuals[-1, 6] = -12
    kept = without_holes(slab, residuals)
    middle = 20 * 40 + 20
    assert kept[middle, 6] == 0 and kept[middle, 3] == 0.5
    assert kept[-1, 6] == -12
    residuals[:, 6] = -12  # all of it goes: that was fog
    assert (without_holes(slab, residuals)[:, 6] == -12).all()


def scenes_before_and_after():
    """The scenes of test/unit/refine/reconcile.test.ts."""
    state, splats = 1, 400

    def random() -> float:
        nonlocal state
        state = state * 16807 % 2147483647
        return state / 2147483647

    before = torch.zeros(splats, 23)
    for i in range(splats):
        for k in range(3):
            before[i, k], before[i, 3 + k], before[i, 11 + k] = (
                random(),
                -2.5 - 2 * random(),
                -2.5 if i % 10 == 5 else i * 37 % 100 / 100 - 0.5,
            )
        before[i, 6] = 4 * random() - 1
        for k in range(7, 11):
            before[i, k] = random() - 0.5
        if i % 10 == 0:
            before[i, 6] = 7
        for k in range(14, 23):
            before[i, k] = ((i * 5 + k * 3) % 7 - 3) / 10
    size = torch.zeros(23)
    size[:3], size[6], size[11:14] = 0.004, 0.8, 0.3
    shift = ((torch.arange(splats)[:, None] * 7 + torch.arange(23) * 13) % 11 - 5) / 5
    return before, before + shift * size


def test_low_views_are_reconciled():
    """Low views come back, those from above stay nearer to the change; the numbers are the product's."""
    before, after = scenes_before_and_after()
    answer = reconciled(before, after)

    def likeness(a: torch.Tensor, b: torch.Tensor, degrees: tuple[float, ...]) -> float:
        views = ring(degrees)
        first, second = (render(scene, views, torch.ones(len(views), 3), SIZE, SIZE) for scene in (a, b))
        return float(-10 * torch.log10(((first - second) ** 2).mean()))

    assert likeness(answer, before, KEPT_DEGREES) > likeness(after, before, KEPT_DEGREES) + 6
    assert likeness(answer, after, HIGH_DEGREES) > likeness(before, after, HIGH_DEGREES)
    changing = [6, 11, 12, 13]
    kept = [column for column in range(23) if column not in changing]
    assert torch.equal(answer[:, kept], after[:, kept])
    moved = [7.4777, -0.5148, -0.5035, -0.5259, 2.9705, -2.0834, -2.2521, -2.1713, -0.1333, 0.2399, 0.1092, 0.092]
    assert torch.allclose(answer[[100, 105, 399]][:, changing].flatten(), torch.tensor(moved), atol=5e-4)


def test_the_first_step_goes_down_the_low_views_error(monkeypatch):
    """With much damping, one step is the gradient of half the squared error over grey and of half the coverage."""
    before, after = scenes_before_and_after()
    monkeypatch.setattr(reconcile, "STEPS", 1)
    monkeypatch.setattr(reconcile, "DAMPING", (1e5, 1e5))
    move = reconciled(before, after) - after
    views = ring(KEPT_DEGREES)
    grey, black = torch.full((len(views), 3), 0.5), torch.zeros(len(views), 3)
    changed = after.clone().requires_grad_(True)
    colour = render(changed, views, grey, SIZE, SIZE) - render(before, views, grey, SIZE, SIZE)
    # Over grey less over black is what shines through: once a channel, where the fourth channel has half of it once.
    light = colour - (render(changed, views, black, SIZE, SIZE) - render(before, views, black, SIZE, SIZE))
    ((colour**2).sum() / 2 + (light[..., 0] ** 2).sum() / 2).backward()
    seen = 0.5 + C0 * after[:, 11:14] - 0.4886025 * 0.9 > 0  # never cut off at 0
    for mine, theirs in ((move[:, 6], -changed.grad[:, 6]), (move[:, 11:14][seen], -changed.grad[:, 11:14][seen])):
        assert F.cosine_similarity(mine.flatten(), theirs.flatten(), dim=0) > 0.999
        assert mine.norm() * 1e5 == pytest.approx(float(theirs.norm()), rel=0.02)
