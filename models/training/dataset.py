"""Scenes made by make_scenes.py, scans, and the exact augmentations: turns, mirroring and colours."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from evidence import Evidence, low_views
from scene import SH_C0, mapped_harmonics, normalise, read_ply, unit_quaternions
from visibility import VISIBILITY_WIDTH, visibility_features

HELD_OUT_EVERY, HELD_OUT_FAMILY = 24, "knots"
HUE_RADIANS, SATURATION, DIMMING = 0.4, (0.5, 1.1), (0.6, 1.0)


@dataclass
class Example:
    name: str
    scene: Tensor  # (splats, 23), unit quaternions
    cameras: Tensor  # (views, 16)
    elevations: Tensor  # (views,) degrees
    pictures: Tensor  # (views, size, size, 4) uint8, colour over black and coverage
    whole: bool  # captured from everywhere
    index: int | None = None  # what make_scenes.py or make_captures.py made it by
    family: str = "mixed"
    capture: Tensor | None = None  # (captured, 16) true cameras of the capture, where known
    # (splats, 23) the same splats as pictures from everywhere would have them, where known
    wanted: Tensor | None = None
    trusted: Tensor | None = None  # (views, size, size) uint8 how far pictures may be believed; None: wholly
    subject: Tensor | None = None  # (splats,) bool: which ones are in the region to be repaired; None: all
    region_seen: Tensor | None = None  # (views, size, size) uint8 how much of a pixel shows the region; None: all
    visibilities: dict[Evidence, Tensor] = field(init=False, repr=False, default_factory=dict[Evidence, Tensor])

    @property
    def size(self) -> int:
        return self.pictures.shape[1]

    @property
    def visibility(self) -> Tensor:
        """(splats to be repaired, 14) from rings around them; see visibility.py."""
        return self.visibility_by("rings")

    def visibility_by(self, evidence: Evidence) -> Tensor:
        """(splats to be repaired, 14) by what is known of the capture's cameras; computed once.

        Raises ValueError for anything but rings where the cameras are not known.
        """
        if evidence not in self.visibilities:
            self.visibilities[evidence] = self.seen_by(evidence)
        return self.visibilities[evidence]

    def seen_by(self, evidence: Evidence) -> Tensor:
        inside, scale, shift = normalise(self.scene if self.subject is None else self.scene[self.subject])
        if evidence == "rings":
            return visibility_features(inside)
        if self.capture is None:
            raise ValueError(f"The cameras of {self.name} are not known.")
        rotations = self.capture[:, :9].view(-1, 3, 3)
        eyes = -torch.einsum("nji,nj->ni", rotations, self.capture[:, 9:12]) * scale + shift
        around = None
        if self.subject is not None:
            around = self.scene[~self.subject]
            around = torch.cat([around[:, :3] * scale + shift, around[:, 3:6] + scale.log(), around[:, 6:]], 1)
        return visibility_features(inside, low_views(evidence, eyes, self.index or 0), around)


def is_held_out(index: int, family: str = "mixed") -> bool:
    """Whether training leaves a scene out: two of every HELD_OUT_EVERY indices, and one whole family."""
    return family == HELD_OUT_FAMILY or index % HELD_OUT_EVERY < 2


def scene_paths(paths: list[Path]) -> list[Path]:
    """What `read_example` takes: folders of scenes stand for their files, everything else for itself."""
    return [
        inner
        for path in paths
        for inner in (sorted(path.glob("*.npz")) if path.is_dir() and not (path / "gt.npz").exists() else [path])
    ]


def read_example(path: Path, surroundings: bool = False) -> Example:
    """A file of make_scenes.py, of make_captures.py or of the scenes that training began with, or a scan.

    Those of the beginning have an array an attribute; a scan is a folder with scene.ply and gt.npz. A file is named by
    its folder and itself. surroundings: all splats of a capture and pictures of everything; else the region alone, as
    if nothing were around it. Raises KeyError for anything else.
    """
    if path.is_dir():
        arrays = np.load(path / "gt.npz")
        scene, cameras, pictures = read_ply(path / "scene.ply"), arrays["cams"], torch.from_numpy(arrays["img"])
        pictures = torch.cat([pictures, torch.full_like(pictures[..., :1], 255)], 3)
        return Example(
            path.name,
            unit_quaternions(scene),
            square_cameras(cameras, pictures.shape[1]),
            torch.from_numpy(cameras[:, 0]).float(),
            pictures,
            False,
        )
    arrays = np.load(path)
    if "in_region" in arrays:
        return read_capture(path, arrays, surroundings)
    if "scene" in arrays:
        scene = unit_quaternions(torch.from_numpy(arrays["scene"]))
        return Example(
            f"{path.parent.name}/{path.stem}",
            scene,
            torch.from_numpy(arrays["cameras"]),
            torch.from_numpy(arrays["elevations"]),
            torch.from_numpy(arrays["pictures"]),
            bool(arrays["whole"]),
            int(path.stem),
            str(arrays["family"]) if "family" in arrays else "mixed",
        )
    columns = [torch.from_numpy(arrays[name]).float() for name in ("xyz", "ls", "op", "q", "dc", "rest")]
    scene = torch.cat([column.reshape(len(column), -1) for column in columns], 1)
    cameras, pictures = arrays["cams"], torch.from_numpy(arrays["img"])
    return Example(
        f"{path.parent.name}/{path.stem}",
        unit_quaternions(scene),
        square_cameras(cameras, pictures.shape[1]),
        torch.from_numpy(cameras[:, 0]).float(),
        pictures,
        False,
    )


def read_capture(path: Path, arrays: Mapping[str, np.ndarray], surroundings: bool) -> Example:
    """A file of make_captures.py; see `read_example`."""
    scene, subject = unit_quaternions(torch.from_numpy(arrays["scene"])), torch.from_numpy(arrays["in_region"])
    wanted, pictures = unit_quaternions(torch.from_numpy(arrays["wanted"])), torch.from_numpy(arrays["pictures"])
    # A quaternion and its opposite turn alike: the one nearer to the splat's own, so that they can be compared.
    opposite = (wanted[:, 7:11] * scene[:, 7:11]).sum(1) < 0
    wanted[opposite, 7:11] *= -1
    trusted = region_seen = None
    if not surroundings:
        scene, wanted, subject = scene[subject], wanted[subject], None
        trusted = torch.from_numpy(arrays["off_rim"]) if "off_rim" in arrays else None
    elif "full_pictures" in arrays:
        full, region_seen = torch.from_numpy(arrays["full_pictures"]), torch.from_numpy(arrays["region_seen"])
        pictures = torch.cat([full[..., :3], torch.full_like(full[..., 3:], 255)], 3)
    else:
        subject = None
    return Example(
        f"{path.parent.name}/{path.stem}",
        scene,
        torch.from_numpy(arrays["cameras"]),
        torch.from_numpy(arrays["elevations"]),
        pictures,
        bool(arrays["whole"]),
        int(path.stem),
        str(arrays["family"]),
        torch.from_numpy(arrays["capture_cameras"]),
        wanted,
        trusted,
        subject,
        region_seen,
    )


def read_unseen(paths: list[Path], seen: bool = False) -> list[Example]:
    """Examples to measure on: scans, and scenes that training leaves out. seen: takes all others too.

    Raises ValueError where training may have had a scene.
    """
    found = scene_paths(paths)
    examples = [read_example(path) for path in found]
    trained_on = [
        e.name
        for path, e in zip(found, examples, strict=True)
        if not path.is_dir() and (e.index is None or not is_held_out(e.index, e.family))
    ]
    if trained_on and not seen:
        raise ValueError(
            f"Training may have had {len(trained_on)} of these scenes, {trained_on[0]} first: "
            "leave them out, or say --seen."
        )
    return examples


def square_cameras(rows: np.ndarray, size: int) -> Tensor:
    """(views, 14) elevation, rotation, translation and focal length to cameras with a central principal point."""
    focal, middle = rows[:, 13:14], np.full((len(rows), 2), size / 2)
    return torch.from_numpy(np.concatenate([rows[:, 1:13], focal, focal, middle], 1)).float()


def multiply_quaternions(a: tuple[float, float, float, float], b: Tensor) -> Tensor:
    """Hamilton's product of one quaternion (wxyz) with (..., 4) others."""
    w, x, y, z = a
    bw, bx, by, bz = b.unbind(-1)
    return torch.stack(
        [
            w * bw - x * bx - y * by - z * bz,
            w * bx + x * bw + y * bz - z * by,
            w * by - x * bz + y * bw + z * bx,
            w * bz + x * by - y * bx + z * bw,
        ],
        -1,
    )


def recoloured(random: np.random.Generator) -> Tensor:
    """(3, 3) a change of colours that keeps grey grey but for its brightness.

    Channels are permuted, the hue is turned, saturation and brightness are changed.
    """
    angle, saturation, dim = (
        random.uniform(-HUE_RADIANS, HUE_RADIANS),
        random.uniform(*SATURATION),
        random.uniform(*DIMMING),
    )
    grey = np.full((3, 3), 1 / 3)
    turned = math.cos(angle) * (np.eye(3) - grey) + math.sin(angle) / math.sqrt(3) * np.array(
        [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
    )
    return torch.from_numpy(dim * (grey + saturation * turned)[random.permutation(3)]).float()


def augmented(
    scene: Tensor, visibility: Tensor, cameras: Tensor, pictures: Tensor, random: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Turns about the vertical, mirrors and recolours scene, visibility, cameras and pictures (float, 0..1) together.

    Exact but where a colour is cut at 0; visibility changes as if the views around the scene turned with it.
    """
    angle = random.uniform(0, 2 * math.pi)
    cosine, sine = math.cos(angle), math.sin(angle)
    turn = torch.tensor([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    whole = turn
    quats, dc = scene[:, 7:11], scene[:, 11:14]
    if random.random() < 0.5:
        whole = turn * torch.tensor([-1.0, 1.0, 1.0])
        quats = quats * torch.tensor([1.0, 1.0, -1.0, -1.0])
    positions = scene[:, :3] @ whole.T
    quats = multiply_quaternions((math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2)), quats)
    colours = recoloured(random).T
    dc = ((SH_C0 * dc + 0.5) @ colours - 0.5) / SH_C0
    rest = mapped_harmonics(scene[:, 14:], whole).view(-1, 3, 3) @ colours
    moved = torch.cat([positions, scene[:, 3:7], quats, dc, rest.flatten(1)], 1)
    rotations = cameras[:, :9].view(-1, 3, 3) @ whole.T
    cameras = torch.cat([rotations.flatten(1), cameras[:, 9:]], 1)
    pictures = torch.cat([(pictures[..., :3] @ colours).clamp_min(0), pictures[..., 3:]], -1)
    rings = visibility.view(-1, 2, VISIBILITY_WIDTH // 2)
    visibility = torch.cat([rings[..., :2], rings[..., 2:5] @ colours, rings[..., 5:]], 2).flatten(1)
    return unit_quaternions(moved), visibility, cameras, pictures
