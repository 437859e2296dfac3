"""Shipped weights: a checkpoint for raw features and, beside it, the description file that the product reads."""

import json
from pathlib import Path

import torch

from network import Shape, SplatFormer


def read_weights(path: Path) -> tuple[SplatFormer, dict[str, float]]:
    """The network on the grid, and the noise floors, that its description file names; without the file on the grid of
    training, and none."""
    sidecar = path.with_suffix(".json")
    description = json.loads(sidecar.read_text()) if sidecar.exists() else {}
    reach = description.get("opacityReach") if description else Shape.opacity_reach
    network = SplatFormer(
        Shape(
            grid=description.get("gridResolution"),
            sight=not description or description.get("sight", False),
            opacity_reach=reach,
            symmetries=description.get("symmetries", 1),
        )
    )
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval(), description.get("noiseFloor", {})
