"""From the network's answer to the repaired scene, as the product does it: noise is left out, surfaces stay closed, low views stay as they were."""

from torch import Tensor

from holes import without_holes
from noise_floor import quietened
from reconcile import reconciled


def finished(inside: Tensor, residuals: Tensor, floors: dict[str, float], held: Tensor) -> Tensor:
    """(splats, 23) the repaired scene in the unit cube. held: see sight.py."""
    return reconciled(inside, inside + without_holes(inside, quietened(residuals, floors, held)))
