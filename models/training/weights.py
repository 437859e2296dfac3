"""Shipped weights: a checkpoint for raw features and, beside it, the description file that the product reads."""

import json
from pathlib import Path

import torch

from network import Shape, SplatFormer


def read_weights(path: Path) -> SplatFormer:
    """The network on the grid that its description file names; without the file, on the grid of training."""
    sidecar = path.with_suffix(".json")
    description = json.loads(sidecar.read_text()) if sidecar.exists() else {}
    shape = Shape(
        grid=description.get("gridResolution"),
        visibility=not description or description.get("sight", False),
        opacity_reach=description.get("opacityReach") if description else Shape.opacity_reach,
    )
    network = SplatFormer(shape)
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval()
