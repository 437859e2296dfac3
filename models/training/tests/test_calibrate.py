"""The choice of noise floors."""

import json
import sys

import numpy as np
import pytest

import calibrate
from network import ATTRIBUTE_WIDTHS


def test_the_score_counts_gains_from_above_and_losses():
    assert calibrate.score(np.array([[1.0, 0.0], [5.0, 0.0]])) == pytest.approx(2)  # of 5 dB, 3 count
    assert calibrate.score(np.array([[1.0, -0.1]])) == pytest.approx(1 - 8 * 0.1)
    assert calibrate.score(np.array([[-0.6, 0.0]])) == pytest.approx(-0.6 - 2 * 0.5)


class StandIn:
    """In the product's place: spoils a scene where the floor of positions is not 0, and where that of dc is."""

    def __init__(self, model):
        assert model.suffix == ".pth"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def refine(self, scene, noise_floor):
        spoilt = scene.clone()
        spoilt[:, 0] += 0.05 * (noise_floor.get("means", 0) > 0)
        spoilt[:, 11] += 2 * (noise_floor.get("features_dc", 0) == 0)
        return spoilt


def test_floors_are_chosen_by_what_the_product_makes_of_scenes(held_out_scene, plain_weights, monkeypatch, capsys):
    monkeypatch.setattr(calibrate, "Product", StandIn)
    monkeypatch.setattr(sys, "argv", list(map(str, ["calibrate.py", plain_weights, held_out_scene, held_out_scene])))
    calibrate.main()
    printed = capsys.readouterr().out
    assert "without floors: high" in printed and "with them: high +0.00" in printed
    floors = json.loads(printed[printed.index("{") :])["noiseFloor"]
    assert set(floors) == set(ATTRIBUTE_WIDTHS)
    assert floors["means"] == 0 and floors["features_dc"] > 0
