"""Data, symmetries, scalings and the training loop's memory."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import train  # noqa: E402
from average import averaged  # noqa: E402
from capture import Settings, fit  # noqa: E402
from dataset import augmented, is_held_out, read_example, read_unseen  # noqa: E402
from household import household, utensils  # noqa: E402
from make_scenes import furniture_files, make_scene, object_for, save  # noqa: E402
from mesh import look_at, picture, read_obj  # noqa: E402
from muon import Muon, orthogonalised  # noqa: E402
from network import Shape, SplatFormer  # noqa: E402
from noise_floor import quietened  # noqa: E402
from objects import knots, solids  # noqa: E402
from rasteriser import psnr, render  # noqa: E402
from scaling import folded, residuals, unfolded  # noqa: E402
from scene import normalise, read_ply, unit_quaternions  # noqa: E402
from sight import sight_of, with_sight  # noqa: E402
from state import write_state  # noqa: E402

MODELS = HERE.parent.parent
TINY = Shape(
    (8, 8, 8, 8, 8), (1, 1, 1, 1, 1), (1, 1, 1, 1, 1), (8, 8, 8, 8), (1, 1, 1, 1), (1, 1, 1, 1), patch=64, grid=32
)


@pytest.fixture(scope="module")
def small_scene(tmp_path_factory):
    """A real capture, small: 24 pixels a side."""
    folder = tmp_path_factory.mktemp("scenes")
    arrays = make_scene(solids(2), 2, "mixed", 24)
    save(folder / "00002.npz", arrays)
    return folder / "00002.npz"


def test_the_same_index_gives_the_same_scene():
    first, second = (make_scene(solids(7), 7, "mixed", 16) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_fit_looks_like_its_object_from_where_it_was_captured():
    mesh = solids(5)
    scene = fit(mesh, Settings(size=32, splats=700, steps=600, views=12, highest_degrees=20, calibration_error=0.0), 1)
    camera = look_at(77, 10, 3, 2.7 * 32, 32)
    wanted = picture(mesh, camera, 32)[..., :3][None]
    assert psnr(render(scene, camera[None], torch.zeros(1, 3), 32, 32), wanted)[0] > 22


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_symmetries_keep_pictures(seed):
    """A scene turned, mirrored and recoloured looks from the moved camera as it did, up to the same colours."""
    example_scene = unit_quaternions(read_ply(MODELS / "sample.ply"))
    example_scene[:, 11:] *= 0.3  # no colour is cut at 0
    cameras = torch.stack([look_at(30, 15, 3, 130, 48), look_at(200, 80, 3, 130, 48)])
    black = torch.zeros(2, 3)
    before = render(example_scene, cameras, black, 48, 48)
    pictures = torch.cat([before, torch.ones(2, 48, 48, 1)], 3)
    sight = sight_of(normalise(example_scene)[0])
    scene, moved_sight, moved_cameras, moved_pictures = augmented(
        example_scene, sight, cameras, pictures, np.random.default_rng(seed)
    )
    after = render(scene, moved_cameras, black, 48, 48)
    assert (scene[:, 7] >= 0).all()
    assert (after - moved_pictures[..., :3]).abs().max() < 1e-4
    # The views around stay where they are, so what they see is nearly the same only; the colours seen go with the
    # scene's.
    again, colours = sight_of(normalise(scene)[0]), [2, 3, 4, 9, 10, 11]
    assert (again - moved_sight).abs().mean() < 0.1 * sight.std(0).mean()
    assert (again - moved_sight)[:, colours].abs().mean() < 0.5 * (sight - moved_sight)[:, colours].abs().mean()


def test_scalings_fold_into_the_first_and_last_layers():
    torch.manual_seed(0)
    network = SplatFormer(TINY)
    for head in network.features_outputhead.values():
        torch.nn.init.normal_(head[6].weight, std=0.05)
    inside, _, _ = normalise(unit_quaternions(read_ply(MODELS / "sample.ply")))
    plain = SplatFormer(TINY)
    plain.load_state_dict(folded(network.state_dict()))
    with torch.no_grad():
        from plan import make_plan

        levels = make_plan(inside[:, :3], TINY.grid, TINY.patch, TINY.strides)
        inputs = with_sight(inside)
        assert torch.allclose(plain(inputs, levels), inside + residuals(network, inputs, levels), atol=1e-4)
    again = unfolded(folded(network.state_dict()))
    assert all(torch.allclose(again[name], tensor, atol=1e-5) for name, tensor in network.state_dict().items())


def test_training_goes_on_exactly_where_it_stopped(small_scene, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "Shape", lambda: TINY)
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
    for a, b in zip(stopped.network.parameters(), straight.network.parameters()):
        assert torch.equal(a, b)
        assert all(
            torch.equal(torch.as_tensor(value), torch.as_tensor(straight.optimiser.state[b][name]))
            for name, value in stopped.optimiser.state[a].items()
        )


def test_muons_updates_are_nearly_orthogonal():
    for shape in ((24, 24), (96, 24), (24, 648)):
        values = torch.linalg.svdvals(orthogonalised(torch.randn(shape, generator=torch.Generator().manual_seed(1))))
        assert 0.3 < values.min() and values.max() < 1.4


def test_training_lowers_the_loss_of_a_scene(small_scene):
    torch.manual_seed(1)
    network, example = SplatFormer(TINY), read_example(small_scene)
    optimiser = Muon(network, 2e-3)

    def loss() -> torch.Tensor:
        return train.step_loss(
            lambda scene, sight: train.refined(network, scene, sight, np.random.default_rng(1)),
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


def test_held_out_scenes_are_never_trained_on(small_scene, tmp_path):
    for index in (23, 24, 25, 26):
        (tmp_path / f"{index:05d}.npz").write_bytes(small_scene.read_bytes())
    save(tmp_path / "00027.npz", {**np.load(small_scene), "family": np.array("knots")})
    pool = train.Pool([tmp_path])
    pool.refresh()
    assert [is_held_out(Path(f"{index:05d}.npz")) for index in (23, 24, 25, 26)] == [False, True, True, False]
    assert sorted(Path(example.name).name for example in [*pool.damaged[tmp_path], *pool.whole]) == ["00023", "00026"]
    assert [example.index for example in read_unseen([tmp_path / "00025.npz", tmp_path / "00027.npz"])] == [25, 27]
    assert len(read_unseen([tmp_path], seen=True)) == 5
    with pytest.raises(ValueError, match="had 2 of these scenes"):
        read_unseen([tmp_path])


def test_furniture_is_held_out_by_file(monkeypatch):
    """However many rounds the indices go, no file of a held-out scene is in one of the others."""
    monkeypatch.setattr("make_scenes.read_obj", lambda path: path)
    files = [Path(f"{number}.obj") for number in range(40)]
    files_of = {
        held: {
            object_for(index, files, "mixed")
            for index in range(1, 2001, 2)
            if is_held_out(Path(f"{index}.npz")) == held
        }
        for held in (True, False)
    }
    assert len(files_of[True]) == 3 and len(files_of[False]) == 33
    assert not files_of[True] & files_of[False]


def test_a_scene_is_stretched_only_as_the_object_that_it_shows(small_scene, tmp_path):
    (tmp_path / "a.obj").write_text("")
    pool = train.Pool([small_scene.parent], tmp_path)
    pool.refresh()
    example = read_example(small_scene)
    assert pool.object_of(example, 2) is not None
    assert pool.object_of(example, 8) is None
    with pytest.raises(ValueError, match="no OBJ"):
        furniture_files(small_scene.parent)


def test_branches_are_averaged(tmp_path):
    for name, value in (("a", 1.0), ("b", 3.0)):
        torch.save(
            {
                "network": {"w": torch.tensor([value])},
                "average": {"w": torch.tensor([-value])},
                "optimiser": {},
                "step": int(value),
                "first": 0,
            },
            tmp_path / f"{name}.pt",
        )
        torch.save({"w": torch.tensor([value])}, tmp_path / f"{name}.pth")
    both = averaged([tmp_path / "a.pt", tmp_path / "b.pt"])
    assert both == {
        "network": {"w": torch.tensor([2.0])},
        "average": {"w": torch.tensor([-2.0])},
        "optimiser": {},
        "step": 1,
        "first": 0,
    }
    assert averaged([tmp_path / "a.pth", tmp_path / "b.pth"]) == {"w": torch.tensor([2.0])}


def test_objects_fill_the_unit_box():
    for mesh in (solids(3), knots(3), *map(household, range(24)), *map(utensils, range(24))):
        extent = mesh.vertices.max(0) - mesh.vertices.min(0)
        assert extent.max() == pytest.approx(1)


def test_a_wavefront_file_is_read_with_its_texture_colours(tmp_path):
    (tmp_path / "a.mtl").write_text("newmtl red\nKd 1 0 0\n")
    (tmp_path / "a.obj").write_text(
        "mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nusemtl red\nf 1 2 3 4\nf -4 -3 -2\n"
    )
    mesh = read_obj(tmp_path / "a.obj")
    assert mesh.triangles.shape == (3, 3)
    assert mesh.textures[0][0, 0].tolist() == [255, 0, 0, 255]
    (tmp_path / "empty.obj").write_text("v 0 0 0\n")
    assert read_obj(tmp_path / "empty.obj") is None


def test_the_noise_floor_shortens_residuals_as_the_product_does():
    """The same numbers as test/unit/refine/noise-floor.test.ts."""
    residuals_of_two = torch.tensor(
        [
            [3, 0, 4, 1, 2, 3, -2, 1, 1, 1, 1, 0, -1, 0, *[0.01] * 9],
            [0.3, 0, 0.4, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0.5, 0, *[0.01] * 9],
        ]
    )
    kept = quietened(
        residuals_of_two,
        {"means": 1, "scales": 1, "opacities": 0.5, "features_dc": 0.5, "features_rest": 1},
        torch.ones(2, 1),
    )
    assert torch.allclose(kept[:, :3], torch.tensor([[2.4, 0, 3.2], [0, 0, 0]]))
    assert torch.isclose(kept[0, 3:6].norm(), torch.tensor(14.0).sqrt() - 1)
    assert kept[:, 6].tolist() == [-1.5, 0]
    assert torch.equal(kept[:, 7:11], residuals_of_two[:, 7:11])
    assert torch.allclose(kept[:, 11:14], torch.tensor([[0, -0.5, 0], [0, 0, 0.0]]))
    assert not kept[:, 14:].any() and not kept[1, 3:6].any()
    assert torch.equal(quietened(residuals_of_two, {}, torch.ones(2, 1)), residuals_of_two)
    loose = quietened(residuals_of_two, {"means": 1, "opacities": 1}, torch.tensor([[1.0], [0.25]]))
    assert torch.isclose(loose[1, :3].norm(), torch.tensor(0.25)) and loose[0, 6] == -1
