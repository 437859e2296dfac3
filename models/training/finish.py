"""From a scene to its repair, as the product does it: what is seen goes to the network, then noise is left out,
surfaces stay closed and low views stay as they were."""

import torch
from torch import Tensor

from holes import without_holes
from network import SplatFormer
from noise_floor import quietened
from reconcile import reconciled
from sight import held_by, sight_of
from symmetries import MOST_SPLATS, mean_answer


def answered(network: SplatFormer, inside: Tensor) -> tuple[Tensor, Tensor]:
    """(splats, 23) residuals of a scene in the unit cube, and (splats, 1) how firmly low views hold each splat."""
    sight = sight_of(inside)
    symmetries = network.shape.symmetries if len(inside) <= MOST_SPLATS else 1
    return mean_answer(
        lambda splats, seen: network(torch.cat([splats, seen], 1)) - splats, inside, sight, symmetries
    ), held_by(sight)


def finished(inside: Tensor, residuals: Tensor, floors: dict[str, float], held: Tensor) -> Tensor:
    """(splats, 23) the repaired scene in the unit cube. residuals and held: of `answered`."""
    return reconciled(inside, inside + without_holes(inside, quietened(residuals, floors, held)))
