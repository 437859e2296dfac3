"""What the views around a scene see of every splat: inputs of the network beside the splat's own 23 numbers.

A capture fixes the splats that its pictures show, and nothing else does: how much of a splat the low views see, and
what colour and depth they show where it lies, tells a splat
that must stay from one that was never held by anything. The same from above tells what will be seen of it.
"""

from functools import cache

import torch
from torch import Tensor

from capture import DISTANCE, FOCAL_PER_WIDTH
from mesh import look_at
from native_library import library, pointer

LOW_DEGREES, HIGH_DEGREES = (4.0, 12.0), (60.0, 82.0)  # by turns around the vertical
VIEWS, SIZE = 12, 128
USUAL_SPLATS = 12_000
C0 = 0.28209479177387814
FAINT = 0.01  # weight in pixels below which a splat's own colour and depth stand for what is seen
DEPTH_UNIT = 0.1  # of the cube's side
WHOLE_HOLD = 3.0  # logarithm of the low views' weight from which a splat counts as held by the capture
GROUP_WIDTH, SIGHT_WIDTH = 7, 14


@cache
def ring(elevations_degrees: tuple[float, ...]) -> Tensor:
    """(VIEWS, 16) cameras around the middle of the unit cube."""
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


def group(inside: Tensor, cameras: Tensor) -> Tensor:
    """(splats, 7): logarithm of the weight, root of the share that is not hidden, colour seen less the splat's own
    (units of dc, 3), coverage, depth behind what is seen."""
    inside = inside.contiguous()
    sums = torch.zeros(len(inside), 7)
    library().sight(len(inside), pointer(inside), len(cameras), pointer(cameras), SIZE, pointer(sums))
    weight, open_weight = sums[:, :1], sums[:, 6:]
    seen = weight + FAINT
    own = 0.5 + C0 * inside[:, 11:14]
    colour = ((sums[:, 1:4] + FAINT * own) / seen - own) / C0
    logarithm = torch.log1p(weight * (len(inside) / USUAL_SPLATS))
    return torch.cat(
        [
            logarithm,
            (weight / (open_weight + FAINT)).sqrt(),
            colour,
            sums[:, 4:5] / seen,
            sums[:, 5:6] / seen / DEPTH_UNIT,
        ],
        1,
    )


def held_by(sight: Tensor) -> Tensor:
    """(splats, 1) 0..1: how firmly the low views hold each splat. What nothing holds may be changed on a weaker word."""
    return (sight[:, :1] / WHOLE_HOLD).clamp_max(1)


def with_sight(inside: Tensor) -> Tensor:
    """The network's inputs of a scene in the unit cube: (splats, 23) to (splats, 37)."""
    return torch.cat([inside, sight_of(inside)], 1)


def sight_of(inside: Tensor) -> Tensor:
    """(splats, 14) of a scene in the unit cube: from the low ring, then from the high one."""
    return torch.cat([group(inside, ring(LOW_DEGREES)), group(inside, ring(HIGH_DEGREES))], 1)
