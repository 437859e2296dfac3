"""Region augmentation: another part of a capture is what is to be repaired, and what was beside it stands around it.

The product cuts a capture's subject out by what it finds of it, or by what a person says, so its size and place are
never the same. Pictures show everything either way, so nothing is drawn or fitted anew.
"""

from dataclasses import replace

import numpy as np
import torch

from dataset import Example

SMALLEST, LARGEST = 0.55, 1.8  # the region's radius, in those of the subject
LARGEST_SHIFT = 0.5  # of its middle, in radii of the subject
FEWEST_SPLATS, MOST_SPLATS = 1_000, 24_000
MOST_GROWTH = 2.5  # in splats: a step costs what its region holds
TRIES = 8


def augment_region(example: Example, random: np.random.Generator) -> Example:
    """The example with a random ball near its subject as what is repaired; itself where no such ball is found.

    Raises ValueError for an example without surroundings.
    """
    if example.subject is None:
        raise ValueError(f"{example.name} has no surroundings.")
    places = example.scene[:, :3].double().numpy()
    own = places[example.subject.numpy()]
    middle = np.median(own, 0)
    radius = np.quantile(np.linalg.norm(own - middle, axis=1), 0.95)
    most = min(MOST_SPLATS, MOST_GROWTH * len(own))
    for _ in range(TRIES):
        way = random.normal(size=3)
        shift = way / np.linalg.norm(way) * random.uniform(0, LARGEST_SHIFT) * radius
        reach = radius * np.exp(random.uniform(np.log(SMALLEST), np.log(LARGEST)))
        inside = np.linalg.norm(places - middle - shift, axis=1) < reach
        if FEWEST_SPLATS <= inside.sum() <= most and not inside.all():
            return replace(example, subject=torch.from_numpy(inside), region_seen=None)
    return example
