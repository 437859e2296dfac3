"""A checkpoint's averaged weights as a published checkpoint: python export.py CHECKPOINT.pt OUT.pth [--strength means=0.4 scales=0.4 ...]."""

import argparse
from pathlib import Path

import torch

from network import ATTRIBUTE_WIDTHS
from scaling import folded

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--strength", nargs="*", default=[], metavar="ATTRIBUTE=NUMBER", help=f"of {', '.join(ATTRIBUTE_WIDTHS)}; 1 unless named")
    options = parser.parse_args()
    strengths = {name: float(number) for name, number in (pair.split("=") for pair in options.strength)}
    unknown = strengths.keys() - ATTRIBUTE_WIDTHS.keys()
    if unknown:
        parser.error(f"no attribute is called {', '.join(sorted(unknown))}")
    saved = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
    torch.save(folded(saved["average"], strengths), options.out)
