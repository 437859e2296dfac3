"""Means of weights: python average.py OUT A B [C...], all checkpoints of train.py (.pt) or all exported weights (.pth).

Of checkpoints, the optimiser and step are those of A, so branches of one run go on as one. Weights that began alike
lie in one valley, and their mean answers better than each (model soups, Wortsman et al. 2022).
"""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from whole_file import write_whole


def mean(parts: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    return {name: torch.stack([part[name] for part in parts]).mean(0) for name in parts[0]}


def averaged(paths: list[Path]) -> dict:
    """Raises KeyError where the files are not of one kind or their networks differ."""
    parts = [torch.load(path, map_location="cpu", weights_only=True) for path in paths]
    if "network" not in parts[0]:
        return mean(parts)
    return parts[0] | {name: mean([part[name] for part in parts]) for name in ("network", "average")}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("parts", type=Path, nargs="+")
    options = parser.parse_args()
    together = averaged(options.parts)
    write_whole(options.out, lambda file: torch.save(together, file))
