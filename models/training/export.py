"""A checkpoint's averaged weights as a published checkpoint: python export.py CHECKPOINT.pt OUT.pth."""

import argparse
from pathlib import Path

import torch

from scaling import folded
from whole_file import write_whole

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    saved = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
    weights = folded(saved["average"])
    write_whole(options.out, lambda file: torch.save(weights, file))
