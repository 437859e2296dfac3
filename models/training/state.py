"""What training goes on from on another day, small enough to be committed.

It holds the weights, and their average as half-precision differences. The optimiser's memory is left out: momentum is
built again within some twenty steps, under the warm-up of the rate.
"""

import argparse
from pathlib import Path

import torch

from network import SplatFormer
from whole_file import write_whole


def read_state(path: Path, network: SplatFormer, average: SplatFormer) -> int:
    """Fills both and returns the step. Raises KeyError where the file is something else."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    network.load_state_dict(state["network"])
    average.load_state_dict(
        {name: tensor + state["averageMinusNetwork"][name] for name, tensor in state["network"].items()}
    )
    return state["step"]


def write_state(checkpoint: Path, out: Path) -> None:
    """A checkpoint of train.py as a state."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    difference = {name: (saved["average"][name] - tensor).half() for name, tensor in saved["network"].items()}
    state = {"step": saved["step"], "network": saved["network"], "averageMinusNetwork": difference}
    write_whole(out, lambda file: torch.save(state, file))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="python state.py CHECKPOINT OUT: packs a checkpoint of train.py to be committed."
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    write_state(options.checkpoint, options.out)
