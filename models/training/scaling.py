"""The scalings that training works in, and the way from there to a published checkpoint and back.

In training the network sees (raw - CENTRE) * SPREAD and each head's answer is multiplied by its RESIDUAL. `folded`
puts both into the first and last layers, so that the shipped weights take raw features, as published ones do.
"""

import torch
from torch import Tensor

from network import ATTRIBUTE_WIDTHS, OPACITY, SplatFormer, bounded
from plan import Level

# Of the visibility features: weight, share, colour 3, coverage, depth; from below and from above.
VISIBILITY_CENTRE, VISIBILITY_SPREAD = [0.8, 0.25, 0.0, 0.0, 0.0, 0.8, 0.1], [1.0, 4.0, 1.5, 1.5, 1.5, 3.0, 3.0]
CENTRE = torch.tensor([0.5] * 3 + [-4.5] * 3 + [0.0] + [0.0] * 4 + [0.0] * 3 + [0.0] * 9 + 2 * VISIBILITY_CENTRE)
SPREAD = torch.tensor([2.0] * 3 + [0.7] * 3 + [0.3] + [1.5] * 4 + [0.7] * 3 + [3.0] * 9 + 2 * VISIBILITY_SPREAD)
RESIDUAL = {"means": 0.03, "scales": 0.6, "opacities": 1.5, "quats": 0.3, "features_dc": 0.3, "features_rest": 0.1}

EMBEDDING = "backbone.backbone.embedding.0"


def residuals(network: SplatFormer, inputs: Tensor, levels: list[Level]) -> Tensor:
    """(splats, 23) residuals from (splats, inputs) features in the unit cube, by a network in training scale."""
    features = (inputs - CENTRE.to(inputs)) * SPREAD.to(inputs)
    joined = torch.cat([network.backbone["backbone"](features, levels), features], 1)
    found = [RESIDUAL[name] * head(joined) for name, head in network.features_outputhead.items()]
    found[0] = torch.tanh(found[0])
    found[OPACITY] = bounded(found[OPACITY], network.shape.opacity_reach)
    return torch.cat(found, 1)


def folded(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """A state dict for raw features (positions: scaled before their tanh, where it is nearly linear)."""
    out = {name: tensor.detach().clone() for name, tensor in state.items()}
    weight = out[f"{EMBEDDING}.weight"]
    out[f"{EMBEDDING}.bias"] = out[f"{EMBEDDING}.bias"] - weight @ (CENTRE * SPREAD)
    out[f"{EMBEDDING}.weight"] = weight * SPREAD
    for name in ATTRIBUTE_WIDTHS:
        first, last = f"features_outputhead.{name}.0", f"features_outputhead.{name}.6"
        weight = out[f"{first}.weight"]
        from_splat = weight[:, -len(CENTRE) :]
        out[f"{first}.bias"] = out[f"{first}.bias"] - from_splat @ (CENTRE * SPREAD)
        out[f"{first}.weight"] = torch.cat([weight[:, : -len(CENTRE)], from_splat * SPREAD], 1)
        for part in ("weight", "bias"):
            out[f"{last}.{part}"] = out[f"{last}.{part}"] * RESIDUAL[name]
    return out


def unfolded(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `folded`: a shipped checkpoint as training takes it up again."""
    out = {name: tensor.detach().clone() for name, tensor in state.items()}
    weight = out[f"{EMBEDDING}.weight"] / SPREAD
    out[f"{EMBEDDING}.weight"] = weight
    out[f"{EMBEDDING}.bias"] = out[f"{EMBEDDING}.bias"] + weight @ (CENTRE * SPREAD)
    for name in ATTRIBUTE_WIDTHS:
        first, last = f"features_outputhead.{name}.0", f"features_outputhead.{name}.6"
        weight = out[f"{first}.weight"]
        from_splat = weight[:, -len(CENTRE) :] / SPREAD
        out[f"{first}.weight"] = torch.cat([weight[:, : -len(CENTRE)], from_splat], 1)
        out[f"{first}.bias"] = out[f"{first}.bias"] + from_splat @ (CENTRE * SPREAD)
        for part in ("weight", "bias"):
            out[f"{last}.{part}"] = out[f"{last}.{part}"] / RESIDUAL[name]
    return out
