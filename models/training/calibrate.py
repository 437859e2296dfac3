"""Chooses the noise floors of weights on held-out scenes: python calibrate.py WEIGHTS.pth SCENES...

Prints them as the description file wants them. They are chosen by what the scenes gain from above (each counted up to 3
dB, so that floaters decide nothing), less what low views
lose beyond a budget and what scenes lose that get worse. The scenes must not have been trained on, and figures on them
are no longer those of scenes never seen.
"""

import argparse
import json
from multiprocessing.pool import ThreadPool
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dataset import Example, read_unseen
from evaluate import HIGH_DEGREES, LOW_DEGREES
from finish import answered, finished
from network import ATTRIBUTE_WIDTHS, SplatFormer
from rasteriser import psnr, render
from scene import denormalise, normalise
from weights import read_weights

VIEWS = 6  # of each kind
FIRST, FACTORS = (
    2.0,
    ((0.0, 0.5, 1.0, 3.0, 5.0), (0.7, 1.4)),
)  # floors in medians of the residuals' lengths; then factors on the best
LARGEST_GAIN, LOW_BUDGET, ACCEPTED_LOSS = 3.0, 0.0, 0.1  # dB
LOW_WEIGHT, LOSS_WEIGHT = 8.0, 2.0


class Case:
    """One scene with the network's answer: gains for any floors without another pass."""

    def __init__(self, network: SplatFormer, example: Example):
        degrees = example.elevations.numpy()
        views = np.concatenate(
            [np.flatnonzero(degrees >= HIGH_DEGREES)[:VIEWS], np.flatnonzero(degrees <= LOW_DEGREES)[:VIEWS]]
        )
        self.high = degrees[views] >= HIGH_DEGREES
        self.cameras, self.size = example.cameras[views], example.size
        self.wanted = example.pictures[views, ..., :3].float() / 255
        self.inside, self.scale, self.shift = normalise(example.scene)
        self.residuals, self.held = answered(network, self.inside)
        self.before = self.psnr(example.scene)

    def psnr(self, scene: Tensor) -> np.ndarray:
        return psnr(
            render(scene.contiguous(), self.cameras, torch.zeros(len(self.cameras), 3), self.size, self.size),
            self.wanted,
        ).numpy()

    def gains(self, floors: dict[str, float]) -> tuple[float, float]:
        """Mean of the high views, and of the low ones, in dB."""
        gain = (
            self.psnr(denormalise(finished(self.inside, self.residuals, floors, self.held), self.scale, self.shift))
            - self.before
        )
        return float(gain[self.high].mean()), float(gain[~self.high].mean())


def score(gains: np.ndarray) -> float:
    """gains (scenes, 2)."""
    high, low = gains.T
    return float(
        np.minimum(high, LARGEST_GAIN).mean()
        + LOW_WEIGHT * min(low.mean() + LOW_BUDGET, 0)
        + LOSS_WEIGHT * np.minimum(high + ACCEPTED_LOSS, 0).mean()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("scenes", type=Path, nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)  # scenes side by side instead
    torch.set_grad_enabled(False)
    pool = ThreadPool(options.threads)
    network, _ = read_weights(options.weights)
    cases = [Case(network, example) for example in read_unseen(options.scenes)]

    lengths = torch.cat([case.residuals for case in cases]).split(list(ATTRIBUTE_WIDTHS.values()), 1)
    medians = {name: float(part.norm(dim=1).median()) for name, part in zip(ATTRIBUTE_WIDTHS, lengths)}
    floors = {name: FIRST * median for name, median in medians.items()}

    def measured(candidate: dict[str, float]) -> np.ndarray:
        return np.array(pool.map(lambda case: case.gains(candidate), cases, chunksize=1))

    best = score(measured(floors))
    for round_number, factors in enumerate(FACTORS):
        for name in ATTRIBUTE_WIDTHS:
            base = medians[name] if round_number == 0 else floors[name]
            for factor in factors:
                candidate = {**floors, name: factor * base}
                found = score(measured(candidate))
                if found > best:
                    best, floors = found, candidate
        print(f"round {round_number + 1}: score {best:.3f}", flush=True)
    for title, chosen in (("without floors", {}), ("with them", floors)):
        high, low = measured(chosen).T
        print(
            f"{title}: high {high.mean():+.2f}, median {np.median(high):+.2f}, worst {high.min():+.2f}, low {low.mean():+.2f} dB"
        )
    print(json.dumps({"noiseFloor": {name: float(f"{floor:.3g}") for name, floor in floors.items()}}, indent=2))


if __name__ == "__main__":
    main()
