"""Trains what a network must beat: python baselines.py OUT.pt DATA... [--steps 600].

One constant offset for every splat, and a perceptron that sees each splat alone, both trained on pictures as the
network is.
"""

import argparse
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from network import ATTRIBUTE_WIDTHS, SPLAT_WIDTH
from scaling import CENTRE, RESIDUAL, SPREAD
from scene import in_unit_cube
from train import TrainingSet, step_loss
from whole_file import write_whole

WIDE = 940  # makes the perceptron's 2.75 M parameters equal to the network's
SIZES = torch.tensor([RESIDUAL[name] for name, count in ATTRIBUTE_WIDTHS.items() for _ in range(count)])


class Constant(nn.Module):
    def __init__(self):
        super().__init__()
        self.offset = nn.Parameter(torch.zeros(SPLAT_WIDTH))

    def forward(self, features: Tensor) -> Tensor:
        return self.offset.expand_as(features)


class Perceptron(nn.Module):
    """Four layers on one splat's features."""

    def __init__(self):
        super().__init__()
        widths = [SPLAT_WIDTH, WIDE, WIDE, WIDE, WIDE]
        hidden = [part for inner, outer in pairwise(widths) for part in (nn.Linear(inner, outer), nn.GELU())]
        last = nn.Linear(WIDE, SPLAT_WIDTH)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.layers = nn.Sequential(*hidden, last)

    def forward(self, features: Tensor) -> Tensor:
        return self.layers(features)


def refined_by(model: nn.Module) -> Callable[[Tensor], Tensor]:
    return lambda scene: in_unit_cube(
        scene, lambda inside: inside + SIZES * model((inside - CENTRE[:SPLAT_WIDTH]) * SPREAD[:SPLAT_WIDTH])
    )


def read_baselines(path: Path) -> dict[str, Callable[[Tensor], Tensor]]:
    saved = torch.load(path, map_location="cpu", weights_only=True)
    models = {"constant offset": Constant(), "per-splat perceptron": Perceptron()}
    for name, model in models.items():
        model.load_state_dict(saved[name])
    return {name: refined_by(model.eval()) for name, model in models.items()}


def trained(model: nn.Module, rate: float, data: TrainingSet, steps: int) -> dict[str, Tensor]:
    """The model's state after steps of AdamW whose rate falls to zero."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0, betas=(0.9, 0.99))
    refine, losses = refined_by(model), []
    for step in range(steps):
        random = np.random.default_rng([step, 11])
        for group in optimiser.param_groups:
            group["lr"] = rate * (1 - step / steps)
        optimiser.zero_grad()
        loss = step_loss(lambda scene, _: refine(scene), data.sample(random), random)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimiser.step()
        losses.append(loss.item())
    name, first, last = type(model).__name__, np.mean(losses[:50]), np.mean(losses[-50:])
    print(f"{name}: loss {first:.4f} at first, {last:.4f} at the end", flush=True)
    return model.state_dict()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--steps", type=int, default=600)
    options = parser.parse_args()
    data = TrainingSet(options.data)
    data.refresh()
    saved = {
        "constant offset": trained(Constant(), 1e-2, data, options.steps),
        "per-splat perceptron": trained(Perceptron(), 6e-4, data, options.steps),
    }
    write_whole(options.out, lambda file: torch.save(saved, file))


if __name__ == "__main__":
    main()
