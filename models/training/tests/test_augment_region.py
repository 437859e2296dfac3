"""Region augmentation: other balls of a capture, as a person or the product would cut them out."""

from dataclasses import replace

import numpy as np
import pytest
import torch

import augment_region as regions
from augment_region import augment_region
from dataset import Example


@pytest.fixture
def capture(sample: torch.Tensor) -> Example:
    """The sample as a subject within its own splats spread ten times as far."""
    away = sample.clone()
    away[:, :3] = (away[:, :3] - away[:, :3].mean(0)) * 10 + away[:, :3].mean(0)
    scene = torch.cat([sample, away])
    subject = torch.arange(len(scene)) < len(sample)
    pictures = torch.zeros(1, 8, 8, 4, dtype=torch.uint8)
    seen = torch.zeros(1, 8, 8, dtype=torch.uint8)
    return Example(
        "made/00003", scene, torch.zeros(1, 16), torch.zeros(1), pictures, False, subject=subject, region_seen=seen
    )


def test_regions_are_balls_near_the_subject_of_bearable_size(capture):
    own = capture.scene[: len(capture.scene) // 2, :3]
    middle = own.median(0).values
    radius = (own - middle).norm(dim=1).quantile(0.95)
    sizes = []
    for seed in range(30):
        other = augment_region(capture, np.random.default_rng(seed))
        assert other.subject is not None and other.scene is capture.scene and other.region_seen is None
        sizes.append(int(other.subject.sum()))
        inside = other.scene[other.subject][:, :3]
        assert (inside - middle).norm(dim=1).max() < (regions.LARGEST + regions.LARGEST_SHIFT) * radius * 1.01
    assert min(sizes) >= regions.FEWEST_SPLATS and max(sizes) <= regions.MOST_SPLATS
    assert min(sizes) < 0.8 * len(own) and len(set(sizes)) > 15


def test_what_a_capture_saw_is_computed_anew_for_another_region(capture):
    other = augment_region(capture, np.random.default_rng(0))
    assert other.subject is not None
    assert len(other.visibility) == int(other.subject.sum()) != len(capture.visibility)


def test_a_capture_too_small_for_another_region_stays_itself(capture):
    few = replace(capture, scene=capture.scene[:100], subject=capture.subject[:100])
    assert augment_region(few, np.random.default_rng(0)) is few


def test_a_lone_object_has_no_other_region(capture):
    with pytest.raises(ValueError, match="made/00003 has no surroundings"):
        augment_region(replace(capture, subject=None), np.random.default_rng(0))
