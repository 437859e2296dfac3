"""Trains on pictures: python train.py CHECKPOINT DATA... --until STEP [--start state.pt | weights.pth] [--furniture DIR] [--seed 11] [--threads 2].

One scene a step; with the furniture that scenes were made with, also in other shapes (stretch.py). The checkpoint
(network, average, optimiser, step) is written every SAVE_EVERY steps and training goes on from it; new scenes are taken
up as they appear.
The learning rate stays level until --decay-from and falls to zero at --until, so a level checkpoint can go on as long
as it pays and be brought down whenever weights are wanted.
Branches are runs from copies of one checkpoint with seeds of their own; average.py makes one of them again.
"""

import argparse
import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dataset import HELD_OUT_FAMILY, Example, augmented, is_held_out, read_example
from make_scenes import furniture_files, lit_object
from mesh import Mesh, picture
from muon import Muon
from network import Shape, SplatFormer
from plan import grid_for, make_plan
from rasteriser import render, ssim
from scaling import SPREAD, residuals, unfolded
from scene import in_unit_cube
from state import read_state
from stretch import stretched
from whole_file import write_whole

SAVE_EVERY = 50
RATE, WARM_UP_STEPS, AVERAGING = 6e-4, 50, 0.998
WHOLE_SHARE = 0.12
# of the draws that are stretched scenes; of these, how many are made and not those of the last time
STRETCHED_SHARE, STRETCHED_ANEW = 0.6, 0.35
SAME_PICTURE = 0.01  # mean difference of two pictures of one object, at most
# share left out at random; deviation in training scale: no splat is known again
LARGEST_LOSS_OF_SPLATS, INPUT_NOISE = 0.15, 0.05
HIGH_DEGREES, LOW_DEGREES = 62.0, 21.0
HIGH_VIEWS, LOW_VIEWS, MIDDLE_VIEWS = 6, 2, 1  # low views are brought back afterwards, see reconcile.py


@dataclass
class Training:
    network: SplatFormer
    average: SplatFormer
    optimiser: torch.optim.Optimizer
    step: int = 0
    first: int = 0  # step from which the rate rose


def begin(start: Path | None) -> Training:
    """Fresh weights, a shipped checkpoint (.pth) or a committed state (.pt)."""
    torch.manual_seed(0)
    network = SplatFormer(Shape())
    average = copy.deepcopy(network)
    optimiser = Muon(network, RATE)
    if start is not None and start.suffix == ".pth":
        weights = unfolded(torch.load(start, map_location="cpu", weights_only=True))
        network.load_state_dict(weights)
        average.load_state_dict(weights)
    elif start is not None:
        step = read_state(start, network, average)
        return Training(network, average, optimiser, step, step)
    return Training(network, average, optimiser)


def load(path: Path) -> Training:
    training = begin(None)
    saved = torch.load(path, map_location="cpu", weights_only=True)
    training.network.load_state_dict(saved["network"])
    training.average.load_state_dict(saved["average"])
    training.optimiser.load_state_dict(saved["optimiser"])
    training.step, training.first = saved["step"], saved["first"]
    return training


def save(training: Training, path: Path) -> None:
    saved = {
        "network": training.network.state_dict(),
        "average": training.average.state_dict(),
        "optimiser": training.optimiser.state_dict(),
        "step": training.step,
        "first": training.first,
    }
    write_whole(path, lambda file: torch.save(saved, file))


def rate_at(step: int, first: int, decay_from: int, until: int) -> float:
    warm = min(1.0, (step - first + 1) / WARM_UP_STEPS)
    return RATE * warm * (1.0 if step < decay_from else max(0.0, (until - step) / max(1, until - decay_from)))


class Pool:
    """Scenes to train on; looks for new files when told. Every folder is drawn from equally often, so that a small one
    at the densities that count is not drowned."""

    def __init__(self, folders: list[Path], furniture: Path | None = None):
        self.folders, self.seen = folders, set[Path]()
        self.furniture = None if furniture is None else furniture_files(furniture)
        self.meshes: dict[tuple[str, int], Mesh | None] = {}
        self.stretched: dict[tuple[str, int], Example] = {}
        self.damaged: dict[Path, list[Example]] = {folder: [] for folder in folders}
        self.whole: list[Example] = []

    def refresh(self) -> None:
        for folder in self.folders:
            for path in sorted(folder.glob("*.npz")):
                if path in self.seen or is_held_out(path):
                    continue
                self.seen.add(path)
                example = read_example(path)
                if example.family == HELD_OUT_FAMILY:
                    continue
                (self.whole if example.whole else self.damaged[folder]).append(example)

    def draw(self, random: np.random.Generator) -> Example:
        pools = [pool for pool in self.damaged.values() if pool]
        pool = (
            self.whole
            if self.whole and (not pools or random.random() < WHOLE_SHARE)
            else pools[random.integers(len(pools))]
        )
        example = pool[random.integers(len(pool))]
        if self.furniture is None or example.index is None or example.capture is not None:
            return example
        return self.stretch(example, example.index, random) if random.random() < STRETCHED_SHARE else example

    def stretch(self, example: Example, index: int, random: np.random.Generator) -> Example:
        """The example in another shape: a new one, or the last one again, as what is seen of it takes a third of a step
        to find. Runs that were stopped begin with new ones."""
        key = (example.family, index)
        if key not in self.stretched or random.random() < STRETCHED_ANEW:
            if key not in self.meshes:
                self.meshes[key] = self.object_of(example, index)
            mesh = self.meshes[key]
            self.stretched[key] = example if mesh is None else stretched(example, mesh, random)
        return self.stretched[key]

    def object_of(self, example: Example, index: int) -> Mesh | None:
        """What the example is a fit of; None where the index gives another object now, as with other furniture or
        generators."""
        mesh = lit_object(index, self.furniture or [], example.family)
        if (
            mesh is None
            or (picture(mesh, example.cameras[0], example.size) - example.pictures[0].float() / 255).abs().mean()
            > SAME_PICTURE
        ):
            print(f"{example.name} is not stretched: its object is not the one that its pictures show", flush=True)
            return None
        return mesh

    def __str__(self) -> str:
        return (
            f"{' + '.join(str(len(pool)) for pool in self.damaged.values())} damaged and {len(self.whole)} whole scenes"
        )


def choose_views(elevations: Tensor, random: np.random.Generator) -> np.ndarray:
    degrees = elevations.numpy()
    high, low = np.flatnonzero(degrees > HIGH_DEGREES), np.flatnonzero(degrees < LOW_DEGREES)
    middle = np.flatnonzero((degrees >= LOW_DEGREES) & (degrees <= HIGH_DEGREES))
    groups = [(high, HIGH_VIEWS), (low, LOW_VIEWS), (middle, MIDDLE_VIEWS)]
    return np.concatenate([random.choice(group, min(count, len(group)), replace=False) for group, count in groups])


def picture_loss(pictures: Tensor, wanted: Tensor) -> Tensor:
    """L1 and D-SSIM keep detail; the logarithm of the error is the measure itself, and protects scenes that are good
    already."""
    error = ((pictures - wanted) ** 2).mean((1, 2, 3))
    return (
        0.5 * (pictures - wanted).abs().mean((1, 2, 3))
        + 0.2 * (1 - ssim(pictures, wanted))
        + 0.05 * torch.log(error + 1e-5)
    ).mean()


def refined(network: SplatFormer, scene: Tensor, sight: Tensor, random: np.random.Generator) -> Tensor:
    """A (splats, 23) scene repaired by a network in training scale that sees its inputs through some noise."""
    shape = network.shape

    def repair(inside: Tensor) -> Tensor:
        grid = grid_for(len(inside)) if shape.grid is None else shape.grid
        inputs = torch.cat([inside, sight], 1)
        noise = torch.from_numpy(random.standard_normal(inputs.shape, np.float32)) * INPUT_NOISE / SPREAD
        return inside + residuals(network, inputs + noise, make_plan(inside[:, :3], grid, shape.patch, shape.strides))

    return in_unit_cube(scene, repair)


def step_loss(refine: Callable[[Tensor, Tensor], Tensor], example: Example, random: np.random.Generator) -> Tensor:
    """Loss of `refine`, which repairs a (splats, 23) scene of which (splats, 14) is seen, on a random symmetry of the
    example seen from some of its views."""
    views = choose_views(example.elevations, random)
    scene, sight, cameras, pictures = augmented(
        example.scene, example.sight, example.cameras[views], example.pictures[views].float() / 255, random
    )
    backgrounds = torch.from_numpy(random.random((len(views), 3)) * (random.random((len(views), 1)) < 0.5)).float()
    wanted = pictures[..., :3] + (1 - pictures[..., 3:]) * backgrounds[:, None, None]
    kept = torch.from_numpy(random.random(len(scene)) >= random.uniform(0, LARGEST_LOSS_OF_SPLATS))
    return picture_loss(
        render(refine(scene[kept], sight[kept]), cameras, backgrounds, example.size, example.size), wanted
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--until", type=int, required=True)
    parser.add_argument("--decay-from", type=int)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--furniture", type=Path, help="the folder that make_scenes.py had")
    parser.add_argument("--seed", type=int, default=11, help="of the draws, one for each branch")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    training = load(options.checkpoint) if options.checkpoint.exists() else begin(options.start)
    decay_from = options.until if options.decay_from is None else options.decay_from
    pool = Pool(options.data, options.furniture)
    pool.refresh()
    resumed, started, losses = training.step, time.time(), []
    print(f"step {resumed}, {pool}", flush=True)
    while training.step < options.until:
        random = np.random.default_rng([training.step, options.seed])
        for group in training.optimiser.param_groups:
            group["lr"] = rate_at(training.step, training.first, decay_from, options.until)
        training.optimiser.zero_grad(set_to_none=True)
        loss = step_loss(
            lambda scene, sight: refined(training.network, scene, sight, random), pool.draw(random), random
        )
        loss.backward()
        gradient = torch.nn.utils.clip_grad_norm_(training.network.parameters(), 0.5)
        if not math.isfinite(float(gradient)):
            raise FloatingPointError(f"The gradient of step {training.step} is not finite.")
        training.optimiser.step()
        training.step += 1
        losses.append(loss.item())
        with torch.no_grad():
            for average, now in zip(training.average.parameters(), training.network.parameters()):
                average.lerp_(now, 1 - AVERAGING)
        if training.step % SAVE_EVERY == 0 or training.step == options.until:
            save(training, options.checkpoint)
            pool.refresh()
            pace = (time.time() - started) / (training.step - resumed)
            print(
                f"{training.step} loss {np.mean(losses[-SAVE_EVERY:]):.4f}, gradient {gradient:.2f}, {pace:.2f} s a step, {pool}",
                flush=True,
            )


if __name__ == "__main__":
    main()
