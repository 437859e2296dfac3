"""Chooses the noise floors of weights on held-out scenes: python calibrate.py WEIGHTS.pth SCENES...

Prints them as the description file wants them. A floor is a soft threshold of the residuals of one attribute. They
are chosen by what the scenes gain from above (each counted up to 3 dB, so that floaters decide nothing), less what low
views lose beyond a budget and what scenes lose that get worse. The scenes must not have been trained on, and figures
on them are no longer those of scenes never seen.
"""

import argparse
import json
from contextlib import ExitStack
from itertools import chain
from multiprocessing.pool import ThreadPool
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dataset import Example, read_unseen
from evaluate import HIGH_DEGREES, LOW_DEGREES
from network import ATTRIBUTE_WIDTHS, SplatFormer
from product import Product
from rasteriser import psnr, render
from scene import normalise
from visibility import with_visibility
from weights import read_weights

VIEWS = 6  # of each kind
START = 2.0  # floors at the beginning, in medians of the residuals' lengths
MEDIAN_FACTORS, BEST_FACTORS = (0.0, 0.5, 1.0, 3.0, 5.0), (0.7, 1.4)  # tried on the medians, then on the best floors
LARGEST_GAIN, LOW_BUDGET, ACCEPTED_LOSS = 3.0, 0.0, 0.1  # dB
LOW_WEIGHT, LOSS_WEIGHT = 8.0, 2.0

Floors = dict[str, float]


class Case:
    """One scene and what it gains from the product for any floors."""

    def __init__(self, product: Product, example: Example):
        degrees = example.elevations.numpy()
        views = np.concatenate(
            [np.flatnonzero(degrees >= HIGH_DEGREES)[:VIEWS], np.flatnonzero(degrees <= LOW_DEGREES)[:VIEWS]]
        )
        self.product, self.scene = product, example.scene
        self.high = degrees[views] >= HIGH_DEGREES
        self.cameras, self.size = example.cameras[views], example.size
        self.wanted = example.pictures[views, ..., :3].float() / 255
        self.before = self.psnr(example.scene)

    def psnr(self, scene: Tensor) -> np.ndarray:
        black = torch.zeros(len(self.cameras), 3)
        return psnr(render(scene.contiguous(), self.cameras, black, self.size, self.size), self.wanted).numpy()

    def gains(self, floors: Floors) -> tuple[float, float]:
        """Mean of the high views, and of the low ones, in dB."""
        gain = self.psnr(self.product.refine(self.scene, noise_floor=floors)) - self.before
        return float(gain[self.high].mean()), float(gain[~self.high].mean())


def score(gains: np.ndarray) -> float:
    """What is maximised; gains (scenes, 2) from above and from below."""
    high, low = gains.T
    return float(
        np.minimum(high, LARGEST_GAIN).mean()
        + LOW_WEIGHT * min(low.mean() + LOW_BUDGET, 0)
        + LOSS_WEIGHT * np.minimum(high + ACCEPTED_LOSS, 0).mean()
    )


def median_lengths(network: SplatFormer, examples: list[Example]) -> Floors:
    """Median length of the network's own residuals by attribute, over the splats of all scenes."""
    residuals = []
    for example in examples:
        inside, _, _ = normalise(example.scene)
        residuals.append(network(with_visibility(inside)) - inside)
    parts = torch.cat(residuals).split(list(ATTRIBUTE_WIDTHS.values()), 1)
    return {name: float(part.norm(dim=1).median()) for name, part in zip(ATTRIBUTE_WIDTHS, parts, strict=True)}


class Search:
    """Coordinate ascent on the score, one attribute after the other. shares: cases of each process."""

    def __init__(self, shares: list[list[Case]], medians: Floors):
        self.shares, self.medians = shares, medians
        self.pool = ThreadPool(len(shares))
        self.floors = {name: START * median for name, median in medians.items()}
        self.best = score(self.gains(self.floors))

    def gains(self, floors: Floors) -> np.ndarray:
        """(scenes, 2) gains of every case, scenes side by side where there are several processes."""
        gains = self.pool.map(lambda share: [case.gains(floors) for case in share], self.shares)
        return np.array(list(chain.from_iterable(gains)))

    def run(self, factors: tuple[float, ...], base: Floors) -> None:
        """Tries each floor at all factors of its `base`, and keeps what raises the score."""
        for name in ATTRIBUTE_WIDTHS:
            start = base[name]
            for factor in factors:
                candidate = {**self.floors, name: factor * start}
                found = score(self.gains(candidate))
                if found > self.best:
                    self.best, self.floors = found, candidate
        print(f"score {self.best:.3f}", flush=True)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("scenes", type=Path, nargs="+")
    parser.add_argument("--processes", type=int, default=2, help="of the product, which share the scenes")
    options = parser.parse_args()
    torch.set_num_threads(1)  # scenes side by side instead
    examples = read_unseen(options.scenes)
    with ExitStack() as stack:
        products = [stack.enter_context(Product(options.weights)) for _ in range(options.processes)]
        shares = [
            [Case(product, example) for example in examples[start :: options.processes]]
            for start, product in enumerate(products)
        ]
        search = Search(shares, median_lengths(read_weights(options.weights), examples))
        search.run(MEDIAN_FACTORS, search.medians)
        search.run(BEST_FACTORS, search.floors)
        for title, chosen in (("without floors", {}), ("with them", search.floors)):
            high, low = search.gains(chosen).T
            print(
                f"{title}: high {high.mean():+.2f}, median {np.median(high):+.2f}, worst {high.min():+.2f}, "
                f"low {low.mean():+.2f} dB"
            )
    print(json.dumps({"noiseFloor": {name: float(f"{floor:.3g}") for name, floor in search.floors.items()}}, indent=2))


if __name__ == "__main__":
    main()
