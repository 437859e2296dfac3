"""What a network must beat: one constant offset for every splat, and a perceptron that sees each splat alone, both trained on pictures as the network is.

python baselines.py OUT.pt DATA... [--steps 600]
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from network import ATTRIBUTE_WIDTHS, SPLAT_WIDTH
from scaling import CENTRE, RESIDUAL, SPREAD
from scene import in_unit_cube
from train import Pool, step_loss
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
        self.layers = nn.Sequential(
            nn.Linear(SPLAT_WIDTH, WIDE),
            nn.GELU(),
            nn.Linear(WIDE, WIDE),
            nn.GELU(),
            nn.Linear(WIDE, WIDE),
            nn.GELU(),
            nn.Linear(WIDE, WIDE),
            nn.GELU(),
            nn.Linear(WIDE, SPLAT_WIDTH),
        )
        nn.init.zeros_(self.layers[-1].weight)
        nn.init.zeros_(self.layers[-1].bias)

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--steps", type=int, default=600)
    options = parser.parse_args()
    pool = Pool(options.data)
    pool.refresh()
    saved = {}
    for name, model, rate in (("constant offset", Constant(), 1e-2), ("per-splat perceptron", Perceptron(), 6e-4)):
        optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0, betas=(0.9, 0.99))
        refine, losses = refined_by(model), []
        for step in range(options.steps):
            random = np.random.default_rng([step, 11])
            for group in optimiser.param_groups:
                group["lr"] = rate * (1 - step / options.steps)
            optimiser.zero_grad()
            loss = step_loss(lambda scene, _: refine(scene), pool.draw(random), random)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimiser.step()
            losses.append(loss.item())
        print(f"{name}: loss {np.mean(losses[:50]):.4f} at first, {np.mean(losses[-50:]):.4f} at the end", flush=True)
        saved[name] = model.state_dict()
    write_whole(options.out, lambda file: torch.save(saved, file))


if __name__ == "__main__":
    main()
