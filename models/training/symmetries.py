"""Asks a network about a scene in several equivalent forms and takes the mean of its answers.

A scene turned by quarters around its vertical axis, mirrored, and with its colour channels in another order is as good
a scene, and its cells are the same cells; a network answers a
little differently, and the mean is nearer to the truth than one answer. The product does the same
(renderer/refine/symmetries.ts).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from dataset import multiply_quaternions
from scene import mapped_harmonics
from sight import SIGHT_WIDTH

MOST_SPLATS = 32_000  # larger scenes are asked about once: the network's share of the time grows with them
MIRROR, MIRROR_QUATERNION = (-1.0, 1.0, 1.0), (1.0, 1.0, -1.0, -1.0)


@dataclass(frozen=True)
class Symmetry:
    """Mirrored in x, then turned about z; red, green and blue are the scene's `channels`."""

    quarter_turns: int = 0
    mirrored: bool = False
    channels: tuple[int, int, int] = (0, 1, 2)

    @property
    def matrix(self) -> Tensor:
        cosine, sine = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[self.quarter_turns]
        turn = torch.tensor([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
        return turn * torch.tensor(MIRROR) if self.mirrored else turn

    def quaternions(self, quats: Tensor) -> Tensor:
        angle = self.quarter_turns * math.pi / 4
        return multiply_quaternions(
            (math.cos(angle), 0.0, 0.0, math.sin(angle)),
            quats * torch.tensor(MIRROR_QUATERNION) if self.mirrored else quats,
        )

    def quaternions_back(self, quats: Tensor) -> Tensor:
        angle = self.quarter_turns * math.pi / 4
        turned = multiply_quaternions((math.cos(angle), 0.0, 0.0, -math.sin(angle)), quats)
        return turned * torch.tensor(MIRROR_QUATERNION) if self.mirrored else turned


SYMMETRIES = (Symmetry(), Symmetry(1, True, (1, 2, 0)), Symmetry(2, False, (2, 0, 1)), Symmetry(3, True, (0, 2, 1)))


def mean_answer(ask: Callable[[Tensor, Tensor], Tensor], inside: Tensor, sight: Tensor, symmetries: int) -> Tensor:
    """(splats, 23) mean residuals of `ask`, which takes (splats, 23) in the unit cube and (splats, 14) of what is seen,
    over the first of SYMMETRIES."""
    total = torch.zeros_like(inside)
    for symmetry in SYMMETRIES[:symmetries]:
        matrix, channels = symmetry.matrix, list(symmetry.channels)
        quats = symmetry.quaternions(inside[:, 7:11])
        signs = torch.where(quats[:, :1] < 0, -1.0, 1.0)
        turned = torch.cat(
            [
                (inside[:, :3] - 0.5) @ matrix.T + 0.5,
                inside[:, 3:7],
                quats * signs,
                inside[:, 11:14][:, channels],
                mapped_harmonics(inside[:, 14:].view(-1, 3, 3)[..., channels], matrix),
            ],
            1,
        )
        groups = sight.view(-1, 2, SIGHT_WIDTH // 2)
        answer = ask(
            turned, torch.cat([groups[..., :2], groups[..., 2:5][..., channels], groups[..., 5:]], 2).flatten(1)
        )
        back = [channels.index(channel) for channel in range(3)]
        rest = mapped_harmonics(answer[:, 14:].view(-1, 3, 3)[..., back], matrix.T)
        total += torch.cat(
            [
                answer[:, :3] @ matrix,
                answer[:, 3:7],
                symmetry.quaternions_back(answer[:, 7:11] * signs),
                answer[:, 11:14][:, back],
                rest,
            ],
            1,
        )
    return total / symmetries
