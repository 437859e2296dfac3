"""Per-splat visibility features: inputs of the network beside the splat's own 23 numbers.

A capture constrains the splats that its pictures show and leaves all others free. How much the low views see of a
splat, and what colour and depth they show at its place, tells one that must stay from one that no picture ever
constrained. The same from above tells what a viewer will see of it.
"""

from functools import cache

import torch
from torch import Tensor

from capture import DISTANCE, FOCAL_PER_WIDTH
from mesh import look_at
from native_library import library, pointer
from scene import SH_C0

LOW_DEGREES, HIGH_DEGREES = (4.0, 12.0), (60.0, 82.0)  # alternating around the vertical axis
VIEWS, SIZE = 12, 128
REFERENCE_SPLATS = 12_000  # weights are counted as of a scene of so many
PRIOR_WEIGHT = 0.01  # pixels; a splat that is seen by less shows its own colour and depth
DEPTH_UNIT = 0.1  # of the cube's side
RING_WIDTH, VISIBILITY_WIDTH = 7, 14


@cache
def ring(elevations_degrees: tuple[float, ...]) -> Tensor:
    """(VIEWS, 16) cameras around the centre of the unit cube."""
    cameras = torch.stack(
        [
            look_at(
                360 * (view + 0.5) / VIEWS,
                elevations_degrees[view % len(elevations_degrees)],
                DISTANCE,
                FOCAL_PER_WIDTH * SIZE,
                SIZE,
            )
            for view in range(VIEWS)
        ]
    )
    rotations = cameras[:, :9].view(-1, 3, 3)
    cameras[:, 9:12] -= rotations @ torch.full((3,), 0.5)
    return cameras.contiguous()


def visibility_sums(inside: Tensor, cameras: Tensor) -> Tensor:
    """(splats, 7) sums over all pixels of all cameras, see VISIBILITY_SUMS in native/rasteriser.hpp."""
    inside = inside.contiguous()
    sums = torch.zeros(len(inside), 7)
    library().visibility(len(inside), pointer(inside), len(cameras), pointer(cameras), SIZE, pointer(sums))
    return sums


def ring_features(inside: Tensor, cameras: Tensor, surroundings: Tensor | None = None) -> Tensor:
    """(splats, 7) of a scene in the unit cube.

    Logarithm of the blending weight; root of the share that is not occluded; colour seen less the splat's own (units
    of dc, 3); coverage; depth behind what is seen. surroundings: splats that are drawn, too, in the same units. Fewer
    cameras than VIEWS count for as many.
    """
    drawn = inside if surroundings is None else torch.cat([inside, surroundings])
    sums = visibility_sums(drawn, cameras)[: len(inside)] * (VIEWS / len(cameras))
    weight, weight_unoccluded = sums[:, :1], sums[:, 6:]
    normaliser = weight + PRIOR_WEIGHT
    splat_colour = 0.5 + SH_C0 * inside[:, 11:14]
    colour = ((sums[:, 1:4] + PRIOR_WEIGHT * splat_colour) / normaliser - splat_colour) / SH_C0
    return torch.cat(
        [
            torch.log1p(weight * (len(inside) / REFERENCE_SPLATS)),
            (weight / (weight_unoccluded + PRIOR_WEIGHT)).sqrt(),
            colour,
            sums[:, 4:5] / normaliser,
            sums[:, 5:6] / normaliser / DEPTH_UNIT,
        ],
        1,
    )


def visibility_features(inside: Tensor, low: Tensor | None = None, surroundings: Tensor | None = None) -> Tensor:
    """(splats, 14) of a scene in the unit cube: from the low ring or other low views, then from the high ring.

    surroundings: splats that stand around, in the same units. They are seen in low views alone: walls and ceilings
    would hide the subject from above.
    """
    low = ring(LOW_DEGREES) if low is None else low
    return torch.cat([ring_features(inside, low, surroundings), ring_features(inside, ring(HIGH_DEGREES))], 1)


def with_visibility(inside: Tensor) -> Tensor:
    """The network's inputs for a scene in the unit cube: (splats, 23) to (splats, 37)."""
    return torch.cat([inside, visibility_features(inside)], 1)
