"""Trains on pictures: python train.py CHECKPOINT DATA... --until STEP [--start state.pt | weights.pth] [options].

One scene a step; with the furniture that scenes were made with, also in other shapes (augment_affine.py). The
checkpoint (network, average, optimiser, step) is written every SAVE_EVERY steps and training goes on from it; new
scenes are taken up as they appear.

The learning rate stays level until --decay-from and falls to zero at --until, so a level checkpoint can go on as long
as it pays and be brought down whenever weights are wanted. Branches are runs from copies of one checkpoint with seeds
of their own; average.py makes one of them again.
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

from augment_affine import augment_affine
from augment_region import augment_region
from dataset import Example, augmented, is_held_out, read_example
from evidence import random_evidence
from make_scenes import furniture_files, lit_object
from mesh import Mesh, picture
from muon import Muon
from network import Shape, SplatFormer
from plan import grid_for, make_plan
from rasteriser import render, ssim
from scaling import SPREAD, residuals, unfolded
from scene import in_unit_cube
from state import read_state
from whole_file import write_whole

SAVE_EVERY = 50
RATE, WARM_UP_STEPS, AVERAGING = 6e-4, 50, 0.998
WHOLE_SHARE = 0.12  # of the samples: scenes captured from everywhere
# Shares of the samples that are in another shape, or show another region of a capture; of these, the share that is made
# and not taken from the cache.
AFFINE_SHARE, REGION_SHARE, NEW_SHARE = 0.6, 0.5, 0.35
SAME_PICTURE = 0.01  # mean difference of two pictures of one object, at most
# So that the network memorises no splat: share left out at random, and noise on the inputs in training scale.
LARGEST_DROPPED_SHARE, INPUT_NOISE = 0.15, 0.05
HIGH_DEGREES, LOW_DEGREES = 62.0, 21.0
HIGH_VIEWS, LOW_VIEWS, MIDDLE_VIEWS = 6, 2, 1  # the product's data-consistency step restores low views afterwards


@dataclass
class Training:
    network: SplatFormer
    average: SplatFormer
    optimiser: torch.optim.Optimizer
    step: int = 0
    first: int = 0  # step from which the rate rose


def begin(start: Path | None, device: str = "cpu") -> Training:
    """Fresh weights, a shipped checkpoint (.pth) or a committed state (.pt)."""
    torch.manual_seed(0)
    network = SplatFormer(Shape()).to(device)
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


def load(path: Path, device: str = "cpu") -> Training:
    training = begin(None, device)
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


class TrainingSet:
    """Scenes to train on; `refresh` looks for new files.

    Every folder is sampled equally often, so that a small one at the densities that count is not drowned.
    """

    def __init__(self, folders: list[Path], furniture: Path | None = None, surroundings: bool = False):
        self.folders, self.read, self.surroundings = folders, set[Path](), surroundings
        self.furniture = None if furniture is None else furniture_files(furniture)
        self.meshes: dict[str, Mesh | None] = {}
        self.augmentations: dict[str, Example] = {}
        self.damaged: dict[Path, list[Example]] = {folder: [] for folder in folders}
        self.whole: list[Example] = []

    def refresh(self) -> None:
        for folder in self.folders:
            for path in sorted(folder.glob("*.npz")):
                if path in self.read:
                    continue
                self.read.add(path)
                example = read_example(path, self.surroundings)
                if not is_held_out(int(path.stem), example.family):
                    (self.whole if example.whole else self.damaged[folder]).append(example)

    def sample(self, random: np.random.Generator) -> Example:
        folders = [examples for examples in self.damaged.values() if examples]
        whole = self.whole and (not folders or random.random() < WHOLE_SHARE)
        examples = self.whole if whole else folders[random.integers(len(folders))]
        example = examples[random.integers(len(examples))]
        if example.subject is not None:
            return self.augmentation(example, random) if random.random() < REGION_SHARE else example
        if self.furniture is None or example.capture is not None:
            return example
        return self.augmentation(example, random) if random.random() < AFFINE_SHARE else example

    def augmentation(self, example: Example, random: np.random.Generator) -> Example:
        """The example with another region, if it has surroundings, or in another shape: new, or the last one again.

        Visibility features take a third of a step to compute, hence the cache. A resumed run begins with new ones.
        """
        key = example.name
        if key not in self.augmentations or random.random() < NEW_SHARE:
            changed = augment_region if example.subject is not None else self.in_another_shape
            self.augmentations[key] = changed(example, random)
        return self.augmentations[key]

    def in_another_shape(self, example: Example, random: np.random.Generator) -> Example:
        """Itself where its object is not known."""
        if example.index is None:
            return example
        if example.name not in self.meshes:
            self.meshes[example.name] = self.object_of(example, example.index)
        mesh = self.meshes[example.name]
        return example if mesh is None else augment_affine(example, mesh, random)

    def object_of(self, example: Example, index: int) -> Mesh | None:
        """What the example is a fit of.

        None where the index gives another object now, as with other furniture or generators.
        """
        mesh = lit_object(index, self.furniture or [], example.family)
        if mesh is not None:
            difference = picture(mesh, example.cameras[0], example.size) - example.pictures[0].float() / 255
            if difference.abs().mean() <= SAME_PICTURE:
                return mesh
        print(f"{example.name} is not augmented: its object is not the one that its pictures show", flush=True)
        return None

    def __str__(self) -> str:
        damaged = " + ".join(str(len(examples)) for examples in self.damaged.values())
        return f"{damaged} damaged and {len(self.whole)} whole scenes"


def choose_views(elevations: Tensor, random: np.random.Generator) -> np.ndarray:
    degrees = elevations.numpy()
    high, low = np.flatnonzero(degrees > HIGH_DEGREES), np.flatnonzero(degrees < LOW_DEGREES)
    middle = np.flatnonzero((degrees >= LOW_DEGREES) & (degrees <= HIGH_DEGREES))
    groups = [(high, HIGH_VIEWS), (low, LOW_VIEWS), (middle, MIDDLE_VIEWS)]
    return np.concatenate([random.choice(group, min(count, len(group)), replace=False) for group, count in groups])


def picture_loss(pictures: Tensor, wanted: Tensor) -> Tensor:
    """L1, D-SSIM and the logarithm of the squared error, mean over pictures.

    The first two keep detail; the logarithm is the measure itself, and protects scenes that are good already.
    """
    error = ((pictures - wanted) ** 2).mean((1, 2, 3))
    return (
        0.5 * (pictures - wanted).abs().mean((1, 2, 3))
        + 0.2 * (1 - ssim(pictures, wanted))
        + 0.05 * torch.log(error + 1e-5)
    ).mean()


def refined(network: SplatFormer, scene: Tensor, visibility: Tensor, random: np.random.Generator) -> Tensor:
    """A (splats, 23) scene repaired by a network in training scale, with noise on its inputs."""
    shape = network.shape

    def repair(inside: Tensor) -> Tensor:
        grid = grid_for(len(inside)) if shape.grid is None else shape.grid
        inputs = torch.cat([inside, visibility], 1)
        noise = torch.from_numpy(random.standard_normal(inputs.shape, np.float32)) * INPUT_NOISE / SPREAD
        noise = noise.to(inputs.device)
        return inside + residuals(network, inputs + noise, make_plan(inside[:, :3], grid, shape.patch, shape.strides))

    return in_unit_cube(scene, repair)


def step_loss(
    refine: Callable[[Tensor, Tensor], Tensor], example: Example, random: np.random.Generator, device: str = "cpu"
) -> Tensor:
    """Loss of `refine` on some views of a random augmentation of the example.

    `refine` repairs a (splats, 23) scene, or the subject of one, with (splats, 14) visibility features. It works on
    `device`, as does all that follows the augmentation.
    """
    views = choose_views(example.elevations, random)
    evidence = random_evidence(random, example.capture is not None, example.subject is not None)
    scene, visibility, cameras, pictures = augmented(
        example.scene,
        example.visibility_by(evidence),
        example.cameras[views],
        example.pictures[views].float() / 255,
        random,
    )
    backgrounds = torch.from_numpy(random.random((len(views), 3)) * (random.random((len(views), 1)) < 0.5)).float()
    wanted = pictures[..., :3] + (1 - pictures[..., 3:]) * backgrounds[:, None, None]
    subject = torch.ones(len(scene), dtype=torch.bool) if example.subject is None else example.subject
    kept = torch.from_numpy(random.random(len(visibility)) >= random.uniform(0, LARGEST_DROPPED_SHARE))
    trusted = torch.ones(len(views), 1, 1, 1)
    if example.trusted is not None:
        trusted = example.trusted[views, ..., None].float() / 255
    surroundings = scene[~subject].to(device)
    tensors = (scene[subject][kept], visibility[kept], cameras, backgrounds, wanted, trusted)
    scene, visibility, cameras, backgrounds, wanted, trusted = (tensor.to(device) for tensor in tensors)
    with torch.device(device):  # where the network's plan is made, too
        repaired = torch.cat([refine(scene, visibility), surroundings])
        seen = render(repaired, cameras, backgrounds, example.size, example.size)
        return picture_loss(seen, trusted * wanted + (1 - trusted) * seen.detach())


def take_step(
    training: Training, example: Example, rate: float, random: np.random.Generator, device: str = "cpu"
) -> tuple[float, float]:
    """One step of network, optimiser and average; returns the loss and the gradient's norm before clipping.

    Raises FloatingPointError where the gradient is not finite.
    """
    for group in training.optimiser.param_groups:
        group["lr"] = rate
    training.optimiser.zero_grad(set_to_none=True)
    loss = step_loss(
        lambda scene, visibility: refined(training.network, scene, visibility, random), example, random, device
    )
    loss.backward()
    gradient = float(torch.nn.utils.clip_grad_norm_(training.network.parameters(), 0.5))
    if not math.isfinite(gradient):
        raise FloatingPointError(f"The gradient of step {training.step} is not finite.")
    training.optimiser.step()
    training.step += 1
    with torch.no_grad():
        for average, now in zip(training.average.parameters(), training.network.parameters(), strict=True):
            average.lerp_(now, 1 - AVERAGING)
    return loss.item(), gradient


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--until", type=int, required=True)
    parser.add_argument("--decay-from", type=int)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--furniture", type=Path, help="the folder that make_scenes.py had")
    parser.add_argument("--seed", type=int, default=11, help="of the samples, one for each branch")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--surroundings", action="store_true", help="draw captures with what is around their subjects")
    parser.add_argument("--device", default="cpu", help="cuda: network and pictures on the graphics card")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    training = (
        load(options.checkpoint, options.device)
        if options.checkpoint.exists()
        else begin(options.start, options.device)
    )
    decay_from = options.until if options.decay_from is None else options.decay_from
    data = TrainingSet(options.data, options.furniture, options.surroundings)
    data.refresh()
    resumed, started, losses = training.step, time.time(), []
    print(f"step {resumed}, {data}", flush=True)
    while training.step < options.until:
        random = np.random.default_rng([training.step, options.seed])
        rate = rate_at(training.step, training.first, decay_from, options.until)
        loss, gradient = take_step(training, data.sample(random), rate, random, options.device)
        losses.append(loss)
        if training.step % SAVE_EVERY == 0 or training.step == options.until:
            save(training, options.checkpoint)
            data.refresh()
            pace = (time.time() - started) / (training.step - resumed)
            recent = np.mean(losses[-SAVE_EVERY:])
            print(
                f"{training.step} loss {recent:.4f}, gradient {gradient:.2f}, {pace:.2f} s a step, {data}", flush=True
            )


if __name__ == "__main__":
    main()
