"""What training goes on from on another day, small enough to be committed: half-precision moments and averages."""

import argparse
from pathlib import Path

import torch
from torch import Tensor

from network import SplatFormer


def published_names(names: list[str]) -> dict[str, str]:
    """For each parameter name of the first training program, its published name."""
    block = {"lin": "cpe.1", "ln0": "cpe.2", "ln1": "norm1.0", "ln2": "norm2.0", "qkv": "attn.qkv", "proj": "attn.proj", "fc1": "mlp.0.fc1", "fc2": "mlp.0.fc2"}
    found = {}
    for name in names:
        parts = name.split(".")
        if parts[0] == "embed":
            new = f"backbone.backbone.embedding.0.{parts[1]}"
        elif parts[0] == "down":
            new = f"backbone.backbone.enc.enc{int(parts[1]) + 1}.down.proj.{parts[2]}"
        elif parts[0] in ("up", "skip"):
            new = f"backbone.backbone.dec.dec{parts[1]}.up.{'proj' if parts[0] == 'up' else 'proj_skip'}.0.{parts[2]}"
        elif parts[0] == "head":
            new = "features_outputhead." + ".".join(parts[1:])
        else:
            inner = {"conv": "cpe.0.weight", "cb": "cpe.0.bias"}.get(parts[3]) or f"{block[parts[3]]}.{parts[4]}"
            new = f"backbone.backbone.{parts[0]}.{parts[0]}{parts[1]}.block{parts[2]}.{inner}"
        found[name] = new
    return found


def in_published_shape(name: str, tensor: Tensor) -> Tensor:
    """Convolutions were kept as (27 in, out)."""
    if not name.endswith("cpe.0.weight"):
        return tensor
    channels = tensor.shape[1]
    return tensor.view(3, 3, 3, channels, channels).permute(4, 0, 1, 2, 3).contiguous()


def read_state(path: Path, network: SplatFormer, average: SplatFormer, optimiser: torch.optim.Optimizer) -> int:
    """Fills all three and returns the step. Raises KeyError where the file is something else."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    old = "embed.weight" in state["network"]
    names = published_names(list(state["network"])) if old else {name: name for name in state["network"]}

    def renamed(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        return {names[name]: in_published_shape(names[name], tensor.float()) if old else tensor.float() for name, tensor in tensors.items()}

    weights = renamed(state["network"])
    network.load_state_dict(weights)
    difference = renamed(state["averageMinusNetwork"])
    average.load_state_dict({name: tensor + difference[name] for name, tensor in weights.items()})
    moments = {names[name]: moment for name, moment in state["moments"].items()}
    for name, parameter in network.named_parameters():
        moment = moments[name]
        mean, root = moment["mean"].float() * moment["meanScale"], moment["rootSquare"].float() * moment["rootScale"]
        if old:
            mean, root = in_published_shape(name, mean), in_published_shape(name, root)
        optimiser.state[parameter] = {"step": torch.tensor(float(state["step"])), "exp_avg": mean, "exp_avg_sq": root**2}
    return state["step"]


def write_state(checkpoint: Path, out: Path) -> None:
    """A checkpoint of train.py as a state: weights exact, the rest in half precision with one scale a tensor."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    moments = {}
    for number, name in enumerate(saved["network"]):
        moment = saved["optimiser"]["state"][number]
        mean, root = moment["exp_avg"], moment["exp_avg_sq"].sqrt()
        mean_scale, root_scale = (float(tensor.abs().max().clamp_min(1e-30)) for tensor in (mean, root))
        moments[name] = {"mean": (mean / mean_scale).half(), "meanScale": mean_scale, "rootSquare": (root / root_scale).half(), "rootScale": root_scale}
    difference = {name: (saved["average"][name] - tensor).half() for name, tensor in saved["network"].items()}
    torch.save({"step": saved["step"], "network": saved["network"], "averageMinusNetwork": difference, "moments": moments}, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="python state.py CHECKPOINT OUT: packs a checkpoint of train.py to be committed.")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    write_state(options.checkpoint, options.out)
