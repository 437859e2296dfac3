"""A checkpoint's averaged weights as a published checkpoint: python export.py CHECKPOINT.pt OUT.pth."""

import argparse
from pathlib import Path

import torch

from scaling import folded

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    saved = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
    torch.save(folded(saved["average"]), options.out)
