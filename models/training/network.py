"""SplatFormer (Chen et al., ICLR 2025), its modules named as in published checkpoints so that those load as they are.

Any widths, with or without batch norm. Inputs are 23 features a splat: position 3, log-scale 3, opacity logit 1,
quaternion wxyz 4, dc 3, degree-1 harmonics 9. The project's own weights take visibility features besides
(visibility.py).
"""

from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from plan import Level, Patches, Taps, grid_for, make_plan
from visibility import VISIBILITY_WIDTH

ATTRIBUTE_WIDTHS = {"means": 3, "scales": 3, "opacities": 1, "quats": 4, "features_dc": 3, "features_rest": 9}
SPLAT_WIDTH = sum(ATTRIBUTE_WIDTHS.values())
OPACITY = list(ATTRIBUTE_WIDTHS).index("opacities")


@dataclass(frozen=True)
class Shape:
    """What a checkpoint's sidecar and tensor shapes say; decoder lists run dec0 to dec3."""

    encoder_channels: tuple[int, ...] = (32, 48, 64, 96, 128)
    encoder_depths: tuple[int, ...] = (1, 1, 1, 2, 1)
    encoder_heads: tuple[int, ...] = (2, 4, 4, 8, 8)
    decoder_channels: tuple[int, ...] = (48, 48, 64, 96)
    decoder_depths: tuple[int, ...] = (1, 1, 1, 1)
    decoder_heads: tuple[int, ...] = (4, 4, 4, 8)
    strides: tuple[int, ...] = (1, 2, 2, 2)
    patch: int = 256
    grid: int | None = None  # `grid_for` the scene's splats where it is None
    batch_norm: bool = False
    visibility: bool = True  # the published network has no such inputs
    opacity_reach: float | None = 5.0  # nor this limit, see `bounded`

    @property
    def inputs(self) -> int:
        return SPLAT_WIDTH + (VISIBILITY_WIDTH if self.visibility else 0)


class TapProducts(torch.autograd.Function):
    """Sum over the 27 taps of neighbour times weight.

    Only occupied pairs are walked: a third of the work and memory of gathering the whole table.
    """

    @staticmethod
    def forward(ctx, features: Tensor, weights: Tensor, bias: Tensor, taps: Taps) -> Tensor:
        """features (points, in), weights (27, in, out), bias (out,)."""
        out = bias.repeat(len(features), 1)
        for weight, point, neighbour in zip(
            weights, taps.points.split(taps.counts), taps.neighbours.split(taps.counts), strict=True
        ):
            if len(point):
                out.index_add_(0, point, features.index_select(0, neighbour) @ weight)
        ctx.save_for_backward(features, weights)
        ctx.taps = taps
        return out

    @staticmethod
    def backward(ctx, *grad_outputs: Tensor):
        (slope,) = grad_outputs
        features, weights = ctx.saved_tensors
        taps = ctx.taps
        for_features, for_weights = torch.zeros_like(features), torch.zeros_like(weights)
        for tap, (point, neighbour) in enumerate(
            zip(taps.points.split(taps.counts), taps.neighbours.split(taps.counts), strict=True)
        ):
            if len(point):
                received = slope.index_select(0, point)
                for_features.index_add_(0, neighbour, received @ weights[tap].T)
                torch.mm(features.index_select(0, neighbour).T, received, out=for_weights[tap])
        return for_features, for_weights, slope.sum(0), None


class SparseConvolution(nn.Module):
    """27-tap convolution over occupied cells; weight (out, 3, 3, 3, in)."""

    def __init__(self, channels: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels, 3, 3, 3, channels) * (27 * channels) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor, taps: Taps) -> Tensor:
        weights = self.weight.flatten(1, 3).permute(1, 2, 0).contiguous()
        return TapProducts.apply(features, weights, self.bias, taps)


class Attention(nn.Module):
    """Self-attention inside the windows of one curve."""

    def __init__(self, channels: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, features: Tensor, patches: Patches) -> Tensor:
        windows, size = patches.members.shape
        split = self.qkv(features)[patches.members].view(windows, size, 3, self.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(query, key, value)
        slots = mixed.transpose(1, 2).reshape(windows * size, -1)
        return self.proj(slots[patches.answer_slot])


class FeedForward(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.fc1 = nn.Linear(channels, 4 * channels)
        self.fc2 = nn.Linear(4 * channels, channels)

    def forward(self, features: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(features)))


class Block(nn.Module):
    """Positional convolution, attention and feed-forward, each added to its input."""

    def __init__(self, channels: int, heads: int):
        super().__init__()
        self.cpe = nn.ModuleList([SparseConvolution(channels), nn.Linear(channels, channels), nn.LayerNorm(channels)])
        self.norm1 = nn.Sequential(nn.LayerNorm(channels))
        self.attn = Attention(channels, heads)
        self.norm2 = nn.Sequential(nn.LayerNorm(channels))
        self.mlp = nn.Sequential(FeedForward(channels))

    def forward(self, features: Tensor, convolved: Tensor, level: Level, curve: int) -> Tensor:
        convolution, linear, norm = self.cpe
        features = features + norm(linear(convolution(convolved, level.taps)))
        features = features + self.attn(self.norm1(features), level.patches[curve])
        return features + self.mlp(self.norm2(features))


def linear_with_norm(inputs: int, outputs: int, batch_norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Linear(inputs, outputs)]
    if batch_norm:
        layers.append(nn.BatchNorm1d(outputs, eps=1e-3, momentum=0.01))
    return nn.Sequential(*layers)


class Pooling(nn.Module):
    """Largest projected feature among the members of a coarser cell."""

    def __init__(self, inputs: int, outputs: int, batch_norm: bool):
        super().__init__()
        self.proj = nn.Linear(inputs, outputs)
        self.norm = nn.Sequential(nn.BatchNorm1d(outputs, eps=1e-3, momentum=0.01) if batch_norm else nn.Identity())

    def forward(self, features: Tensor, level: Level) -> Tensor:
        assert level.parent is not None
        projected = self.proj(features)
        index = level.parent[:, None].expand_as(projected)
        largest = projected.new_full((level.points, projected.shape[1]), -torch.inf).scatter_reduce(
            0, index, projected, "amax"
        )
        return F.gelu(self.norm(largest))


class Unpooling(nn.Module):
    def __init__(self, coarse: int, skip: int, outputs: int, batch_norm: bool):
        super().__init__()
        self.proj = linear_with_norm(coarse, outputs, batch_norm)
        self.proj_skip = linear_with_norm(skip, outputs, batch_norm)

    def forward(self, coarse: Tensor, skip: Tensor, parent: Tensor) -> tuple[Tensor, Tensor]:
        """The sum, and the skip half alone: the first block's convolution sees only that, as upstream's does."""
        kept = F.gelu(self.proj_skip(skip))
        return kept + F.gelu(self.proj(coarse))[parent], kept


class Backbone(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        encoder, decoder = shape.encoder_channels, shape.decoder_channels
        self.embedding = linear_with_norm(shape.inputs, encoder[0], shape.batch_norm)
        self.enc, self.dec = nn.ModuleDict(), nn.ModuleDict()
        for stage, channels in enumerate(encoder):
            parts = nn.ModuleDict({"down": Pooling(encoder[stage - 1], channels, shape.batch_norm)} if stage else {})
            for block in range(shape.encoder_depths[stage]):
                parts[f"block{block}"] = Block(channels, shape.encoder_heads[stage])
            self.enc[f"enc{stage}"] = parts
        for stage, channels in enumerate(decoder):
            coarse = decoder[stage + 1] if stage + 1 < len(decoder) else encoder[-1]
            parts = nn.ModuleDict({"up": Unpooling(coarse, encoder[stage], channels, shape.batch_norm)})
            for block in range(shape.decoder_depths[stage]):
                parts[f"block{block}"] = Block(channels, shape.decoder_heads[stage])
            self.dec[f"dec{stage}"] = parts

    def forward(self, inputs: Tensor, levels: list[Level]) -> Tensor:
        features, skips = F.gelu(self.embedding(inputs)), []
        for stage, level in enumerate(levels):
            parts = cast(nn.ModuleDict, self.enc[f"enc{stage}"])
            if stage:
                features = parts["down"](features, level)
            for block in range(self.shape.encoder_depths[stage]):
                features = parts[f"block{block}"](features, features, level, block % 4)
            skips.append(features)
        for stage in reversed(range(len(self.dec))):
            parts = cast(nn.ModuleDict, self.dec[f"dec{stage}"])
            features, convolved = parts["up"](features, skips[stage], levels[stage + 1].parent)
            for block in range(self.shape.decoder_depths[stage]):
                features = parts[f"block{block}"](features, convolved, levels[stage], block % 4)
                convolved = features
        return features


def output_head(inputs: int, outputs: int) -> nn.Sequential:
    """Four linear layers; the last one begins at zero, so that an untrained network changes nothing."""
    hidden = [
        nn.Linear(inputs, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, 128),
        nn.ReLU(inplace=True),
    ]
    last = nn.Linear(128, outputs)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(*hidden, last)


def bounded(residuals: Tensor, reach: float | None) -> Tensor:
    """Softsign: shorter than `reach`, and alike near 0.

    A residual that has made a splat invisible has no gradient; without this bound such ones grew to 50 logits.
    """
    return residuals if reach is None else residuals / (1 + residuals.abs() / reach)


class SplatFormer(nn.Module):
    """Residuals of all attributes from features in the unit cube."""

    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        self.shape = shape
        self.backbone = nn.ModuleDict({"backbone": Backbone(shape)})
        width = shape.decoder_channels[0] + shape.inputs
        self.features_outputhead = nn.ModuleDict(
            {name: output_head(width, size) for name, size in ATTRIBUTE_WIDTHS.items()}
        )

    def forward(self, features: Tensor, levels: list[Level] | None = None) -> Tensor:
        """(splats, inputs) in, (splats, 23) repaired out; positions move by at most one cube side."""
        if levels is None:
            grid = grid_for(len(features)) if self.shape.grid is None else self.shape.grid
            levels = make_plan(features[:, :3], grid, self.shape.patch, self.shape.strides)
        joined = torch.cat([self.backbone["backbone"](features, levels), features], 1)
        residuals = [head(joined) for head in self.features_outputhead.values()]
        residuals[0] = torch.tanh(residuals[0])
        residuals[OPACITY] = bounded(residuals[OPACITY], self.shape.opacity_reach)
        return features[:, :SPLAT_WIDTH] + torch.cat(residuals, 1)
