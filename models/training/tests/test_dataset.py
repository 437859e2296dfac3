"""Exact augmentations, and scenes that are held out of training."""

from pathlib import Path

import numpy as np
import pytest
import torch

from dataset import augmented, is_held_out, read_unseen
from make_scenes import save
from mesh import look_at
from rasteriser import render
from scene import normalise
from train import TrainingSet
from visibility import visibility_features


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_augmentations_keep_pictures(seed, sample):
    """A scene turned, mirrored and recoloured looks from the moved camera as it did, up to the same colours."""
    example_scene = sample
    example_scene[:, 11:] *= 0.3  # no colour is cut at 0
    cameras = torch.stack([look_at(30, 15, 3, 130, 48), look_at(200, 80, 3, 130, 48)])
    black = torch.zeros(2, 3)
    before = render(example_scene, cameras, black, 48, 48)
    pictures = torch.cat([before, torch.ones(2, 48, 48, 1)], 3)
    visibility = visibility_features(normalise(example_scene)[0])
    scene, moved_visibility, moved_cameras, moved_pictures = augmented(
        example_scene, visibility, cameras, pictures, np.random.default_rng(seed)
    )
    after = render(scene, moved_cameras, black, 48, 48)
    assert (scene[:, 7] >= 0).all()
    assert (after - moved_pictures[..., :3]).abs().max() < 1e-4
    # The views around the scene stay where they are, so visibility is nearly the same only; its colours go with the
    # scene's.
    again, colours = visibility_features(normalise(scene)[0]), [2, 3, 4, 9, 10, 11]
    assert (again - moved_visibility).abs().mean() < 0.1 * visibility.std(0).mean()
    assert (again - moved_visibility)[:, colours].abs().mean() < 0.5 * (visibility - moved_visibility)[
        :, colours
    ].abs().mean()


def test_held_out_scenes_are_never_trained_on(small_scene, tmp_path):
    for index in (23, 24, 25, 26):
        (tmp_path / f"{index:05d}.npz").write_bytes(small_scene.read_bytes())
    save(tmp_path / "00027.npz", {**np.load(small_scene), "family": np.array("knots")})
    data = TrainingSet([tmp_path])
    data.refresh()
    assert [is_held_out(index, "mixed") for index in (23, 24, 25, 26)] == [False, True, True, False]
    assert is_held_out(23, "knots")
    assert sorted(Path(example.name).name for example in [*data.damaged[tmp_path], *data.whole]) == ["00023", "00026"]
    assert [example.index for example in read_unseen([tmp_path / "00025.npz", tmp_path / "00027.npz"])] == [25, 27]
    assert len(read_unseen([tmp_path], seen=True)) == 5
    with pytest.raises(ValueError, match="had 2 of these scenes"):
        read_unseen([tmp_path])
