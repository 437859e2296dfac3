"""What refinement does to real captures: python evaluate_captures.py DIR [--cameras] [--only NAME] [--pictures OUT].

DIR holds a folder for each capture: NAME/scene.ply (+z up), photos/, transforms.json (pinhole cameras in the scene's
own axes, OpenGL camera axes) and split.json, which names the photos of each group: `train` were fitted, `held` are of
the same band, `ood` of clearly other elevations. The product itself refines (`npm run build` first): once without
cameras, with --cameras once more with those of the `train` photos.

DIR may hold files of make_captures.py too, of which those with surroundings that training leaves out are taken, with
--lone those without, whole scenes left out. Their photos are drawn: `low` from the captured side, `between`, and
`high` from above; their cameras are those of the walk.

Prints a table in Markdown: PSNR in dB against the photos at their own size, black background, full frame. Gain, the
photos that got better and the worst one compare after with before. Kept is the share of the network's change that the
proof left. --pictures writes OUT/NAME-GROUP.png: photo, before, after (after with cameras) of the group's first, middle
and last photo.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dataset import is_held_out, read_example
from product import Product
from rasteriser import psnr, render, ssim
from scene import read_ply

SHIPPED = Path(__file__).resolve().parents[1] / "splatformer-desktop.pth"
CAMERA_FILE = "transforms.json"
FITTED = "train"  # the group whose cameras are known to whoever refines
BETWEEN_DEGREES = 25, 55  # of elevation: of made captures, between the captured side and above
OPENGL_AXES = np.diag([1.0, -1.0, -1.0])  # y up and z backward become y down and z forward


@dataclass(frozen=True)
class View:
    photo: Tensor  # (1, height, width, 3) in 0..1
    camera: Tensor  # (1, 16) as `render` takes it

    def of(self, scene: Tensor) -> Tensor:
        """(1, height, width, 3) picture in 0..1 of a (splats, 23) scene, as large as the photo."""
        height, width = self.photo.shape[1:3]
        return render(scene, self.camera, torch.zeros(1, 3), width, height).clamp(0, 1)


@dataclass(frozen=True)
class Capture:
    name: str
    scene: Tensor  # (splats, 23)
    groups: dict[str, list[View]]
    fitted_cameras: dict  # a camera file's content: that of the capture, with the frames of the fitted photos alone


@dataclass(frozen=True)
class Answer:
    """A refined scene, with the evidence that proved it and the share of the change that was kept."""

    scene: Tensor  # (splats, 23)
    evidence: str
    kept: float


def read_captures(folder: Path, only: list[str] | None, lone: bool = False) -> list[Capture]:
    """The captures of a folder, or those that are named. Raises ValueError where there is none, or one is missing.

    lone: of made ones those without surroundings.
    """
    found = {path.parent.name: path.parent for path in sorted(folder.glob("*/split.json"))}
    found |= {path.stem: path for path in sorted(folder.glob("*.npz")) if is_taken(path, lone)}
    names = list(found) if only is None else only
    missing = [name for name in names if name not in found]
    if missing or not names:
        raise ValueError(f"{folder} holds no capture {', '.join(missing)}".rstrip() + ".")
    return [read_made(found[name]) if found[name].is_file() else read_capture(found[name]) for name in names]


def is_taken(path: Path, lone: bool) -> bool:
    with np.load(path) as arrays:
        if not is_held_out(int(path.stem)) or "lone" not in arrays or bool(arrays["lone"]) != lone:
            return False
        return not (lone and arrays["whole"])


def read_made(path: Path) -> Capture:
    """A file of make_captures.py."""
    example = read_example(path, surroundings=True)
    groups: dict[str, list[View]] = {"low": [], "between": [], "high": []}
    for camera, degrees, picture in zip(example.cameras, example.elevations, example.pictures, strict=True):
        group = "low" if degrees < BETWEEN_DEGREES[0] else "between" if degrees < BETWEEN_DEGREES[1] else "high"
        groups[group].append(View(picture[None, ..., :3].float() / 255, camera[None]))
    assert example.capture is not None  # as every file of these has it
    frames = [frame_of(camera, example.size, f"{k}.png") for k, camera in enumerate(example.capture.double().numpy())]
    return Capture(
        path.stem, example.scene, {name: views for name, views in groups.items() if views}, {"frames": frames}
    )


def frame_of(camera: np.ndarray, size: int, name: str) -> dict:
    """The frame of transforms.json for a (16,) camera of a square picture."""
    world_to_view = np.eye(4)
    world_to_view[:3, :3], world_to_view[:3, 3] = camera[:9].reshape(3, 3), camera[9:12]
    pose = np.linalg.inv(world_to_view)
    pose[:3, :3] = pose[:3, :3] @ OPENGL_AXES
    lens = dict(zip(("fl_x", "fl_y", "cx", "cy"), camera[12:].tolist(), strict=True))
    return {**lens, "w": size, "h": size, "file_path": name, "transform_matrix": pose.tolist()}


def read_capture(folder: Path) -> Capture:
    """Raises ValueError where a photo has no camera or another size than its camera."""
    cameras = json.loads((folder / CAMERA_FILE).read_text())
    split = json.loads((folder / "split.json").read_text())
    frames = {Path(frame["file_path"]).name: frame for frame in cameras["frames"]}
    missing = [name for names in split.values() for name in names if name not in frames]
    if missing:
        raise ValueError(f"{folder / CAMERA_FILE} has no camera of {', '.join(missing)}.")
    groups = {
        group: [read_view(folder, {**cameras, **frames[name]}) for name in names] for group, names in split.items()
    }
    fitted = {**cameras, "frames": [frames[name] for name in split[FITTED]]}
    return Capture(folder.name, read_ply(folder / "scene.ply"), groups, fitted)


def read_view(folder: Path, frame: dict) -> View:
    """A frame of transforms.json with its photo. Raises ValueError where their sizes differ."""
    with Image.open(folder / frame["file_path"]) as image:
        photo = torch.from_numpy(np.array(image.convert("RGB"), dtype=np.float32) / 255)[None]
    if photo.shape[1:3] != (frame["h"], frame["w"]):
        raise ValueError(f"{folder / frame['file_path']} has not the size of its camera.")
    return View(photo, camera_of(frame))


def camera_of(frame: dict) -> Tensor:
    """(1, 16) world-to-view rotation and translation, fx, fy, cx, cy of a frame of transforms.json."""
    pose = np.array(frame["transform_matrix"])
    rotation = (pose[:3, :3] @ OPENGL_AXES).T
    lens = [frame[name] for name in ("fl_x", "fl_y", "cx", "cy")]
    return torch.tensor([[*rotation.ravel(), *(-rotation @ pose[:3, 3]), *lens]], dtype=torch.float32)


def refine(product: Product, capture: Capture, with_cameras: bool) -> Answer:
    """The product's answer, proved by the fitted photos' cameras or by what it finds out itself."""
    with TemporaryDirectory() as folder:
        settings = {}
        if with_cameras:
            file = Path(folder) / CAMERA_FILE
            file.write_text(json.dumps(capture.fitted_cameras))
            settings["cameras"] = str(file)
        scene, report = product.refine_and_report(capture.scene, **settings)
    proof = report["proof"]
    return Answer(scene, "none", 1.0) if proof is None else Answer(scene, proof["evidence"], proof["kept"])


def measure(views: list[View], scene: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """PSNR in dB and SSIM of every view."""
    pairs = [(view.of(scene), view.photo) for view in views]
    return np.array([float(psnr(*pair)) for pair in pairs]), np.array([float(ssim(*pair)) for pair in pairs])


def rows(capture: Capture, answers: list[Answer]) -> Iterator[str]:
    """Lines of Markdown: one for each group and answer."""
    for group, views in capture.groups.items():
        before, ssim_before = measure(views, capture.scene)
        for answer in answers:
            after, ssim_after = measure(views, answer.scene)
            gain = after - before
            yield (
                f"| {capture.name} | {group} | {len(views)} | {before.mean():.2f} | {answer.evidence} "
                f"| {answer.kept:.1%} | {gain.mean():+.2f} | {(gain > 0).sum()} | {gain.min():+.2f} "
                f"| {(ssim_after - ssim_before).mean():+.4f} |"
            )


def write_sheets(capture: Capture, answers: list[Answer], out: Path) -> None:
    """Writes a picture for each group: a row for each of three photos, with what the scenes show from there."""
    out.mkdir(parents=True, exist_ok=True)
    scenes = [capture.scene, *(answer.scene for answer in answers)]
    for group, views in capture.groups.items():
        shown = sorted({0, len(views) // 2, len(views) - 1})
        lines = [torch.cat([views[k].photo, *(views[k].of(scene) for scene in scenes)], 2)[0] for k in shown]
        pixels = (torch.cat(lines) * 255).round().byte().numpy()
        Image.fromarray(pixels).save(out / f"{capture.name}-{group}.png")


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--cameras", action="store_true")
    parser.add_argument("--lone", action="store_true", help="of made captures those without surroundings")
    parser.add_argument("--only", nargs="+", metavar="NAME")
    parser.add_argument("--pictures", type=Path, metavar="OUT")
    parser.add_argument("--weights", type=Path, default=SHIPPED, metavar="FILE")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    captures = read_captures(options.folder, options.only, options.lone)
    print("| capture | group | photos | before | evidence | kept | gain | better | worst | SSIM |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with Product(options.weights) as product:
        for capture in captures:
            given = [False, True] if options.cameras else [False]
            answers = [refine(product, capture, with_cameras) for with_cameras in given]
            print("\n".join(rows(capture, answers)), flush=True)
            if options.pictures is not None:
                write_sheets(capture, answers, options.pictures)


if __name__ == "__main__":
    main()
