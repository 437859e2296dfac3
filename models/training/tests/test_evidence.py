"""Views that stand for what a capture saw."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from evidence import low_views, random_evidence
from mesh import look_at
from scene import normalise
from visibility import LOW_DEGREES, VIEWS, ring, visibility_features

DATA = Path(__file__).resolve().parents[3] / "test/data"
RINGS = torch.stack([look_at(azimuth, 8, 3, 1, 1) for azimuth in range(0, 360, 10)])


def eyes_of(cameras: torch.Tensor) -> torch.Tensor:
    return -torch.einsum("nji,nj->ni", cameras[:, :9].view(-1, 3, 3), cameras[:, 9:12])


def test_a_scene_has_the_evidence_that_a_person_would_have():
    random = np.random.default_rng(1)
    assert {random_evidence(random, False, True) for _ in range(50)} == {"rings"}
    assert {random_evidence(random, True, False) for _ in range(50)} == {"rings", "captured"}
    assert {random_evidence(random, True, True) for _ in range(50)} == {"rings", "guessed", "captured"}


def test_rings_are_those_that_training_always_had(sample):
    inside = normalise(sample)[0]
    rings = visibility_features(inside, low_views("rings", torch.zeros(0, 3), 1))
    assert torch.equal(rings, visibility_features(inside))


def test_cameras_that_stand_as_the_ring_does_see_what_it_sees():
    eyes = eyes_of(ring(LOW_DEGREES))
    views = low_views("captured", eyes, 1)
    assert torch.allclose(views, ring(LOW_DEGREES), atol=1e-4)


@pytest.mark.parametrize("distance", [1.2, 6.0])
def test_a_subject_has_one_size_from_near_and_far(distance):
    eyes = 0.5 + (eyes_of(RINGS) / 3) * distance
    views = low_views("captured", eyes, 1)
    assert len(views) == VIEWS
    middle = views[:, :9].view(-1, 3, 3) @ torch.full((3,), 0.5) + views[:, 9:12]
    assert torch.allclose(middle[:, :2], torch.zeros(VIEWS, 2), atol=1e-4)
    assert torch.allclose(views[:, 12] / middle[:, 2], (ring(LOW_DEGREES)[0, 12] / 3).expand(VIEWS), rtol=1e-4)


def test_a_guess_is_near_the_cameras_and_not_on_them():
    eyes = 0.5 + eyes_of(RINGS)
    guess = eyes_of(low_views("guessed", eyes, 1)) - 0.5
    true = eyes_of(low_views("captured", eyes, 1)) - 0.5
    cosines = torch.nn.functional.cosine_similarity(guess, true)
    assert (cosines > 0.6).all() and cosines.mean() < 0.9999
    assert torch.equal(guess, eyes_of(low_views("guessed", eyes, 1)) - 0.5)


def test_what_stands_before_the_subject_hides_it(sample):
    """A wall of splats on one side takes the weight of what is seen from there, and nothing from above."""
    inside = normalise(sample)[0]
    views = low_views("captured", torch.tensor([[3.5, 0.5, 0.5]]), 1)
    wall = inside.clone()
    wall[:, 0] = 1.4
    wall[:, 3:6] = -2.0
    wall[:, 6] = 6.0
    free, hidden = visibility_features(inside, views), visibility_features(inside, views, wall)
    assert hidden[:, 0].sum() < 0.05 * free[:, 0].sum()
    assert torch.equal(hidden[:, 7:], free[:, 7:])


def test_what_the_cameras_saw_is_what_the_product_lets_the_network_see():
    """`test/unit/refine/evidence.test.ts` holds the product to the same file."""
    example = json.loads((DATA / "evidence/capture-views.json").read_text())
    splats, surroundings, eyes, wanted = (
        torch.tensor(example[name]) for name in ("splats", "surroundings", "eyes", "visibility")
    )
    seen = visibility_features(splats, low_views("captured", eyes, 0), surroundings)
    assert (seen - wanted).abs().max() < 2e-4
