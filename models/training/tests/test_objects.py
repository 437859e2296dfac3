"""Procedural objects of all families."""

import pytest

from household import household, utensils
from objects import knots, solids


def test_objects_fill_the_unit_box():
    for mesh in (solids(3), knots(3), *map(household, range(24)), *map(utensils, range(24))):
        extent = mesh.vertices.max(0) - mesh.vertices.min(0)
        assert extent.max() == pytest.approx(1)
