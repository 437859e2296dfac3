"""The grid against the product's rule."""

import pytest

from plan import grid_for


@pytest.mark.parametrize(
    ("splats", "expected"), [(1, 1), (3_999, 32), (4_000, 64), (15_999, 64), (16_000, 128), (1_000_000, 512)]
)
def test_the_grid_doubles_with_four_times_the_splats(splats, expected):
    """The same numbers as test/unit/refine/features.test.ts."""
    assert grid_for(splats) == expected
