"""How much better scenes get: python evaluate.py WEIGHTS.pth OUT SCENES... [--strength 1 0.7] [--baselines FILE].

The product itself refines (`npm run build` first), with what the description file beside the weights says.

SCENES are held-out files of make_scenes.py, folders of them, or scans (scene.ply and gt.npz); with --seen also what
training may have had. Writes OUT/report.md, report.json, psnr.png and pictures.png.
High: elevation 69 degrees and more. Low: 21 and less. Black background, full frame, pictures clamped to 0..1;
foreground: the pixels that the object covers (files that keep coverage).
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor

from baselines import read_baselines
from dataset import Example, read_unseen
from product import Product
from rasteriser import psnr, render, ssim

HIGH_DEGREES, LOW_DEGREES = 69.0, 21.0
BINS = [(0, 10), (10, 21), (25, 40), (40, 55), (55, 70), (70, 80), (80, 90)]
RESAMPLES = 10_000
COLUMNS = 3  # of the sheet of pictures

Refine = Callable[[Tensor], Tensor]


def of_product(product: Product, strength: float) -> Refine:
    return lambda scene: product.refine(scene, strength)


def measure(example: Example, scene: Tensor) -> dict[str, np.ndarray]:
    """PSNR, foreground PSNR (NaN without coverage) and SSIM of every view."""
    wanted = example.pictures[..., :3].float() / 255
    coverage = example.pictures[..., 3].float() / 255
    black = torch.zeros(len(example.cameras), 3)
    pictures = render(scene.contiguous(), example.cameras, black, example.size, example.size).clamp(0, 1)
    error = ((pictures - wanted) ** 2).mean(-1)
    foreground = -10 * torch.log10((error * coverage).sum((1, 2)) / coverage.sum((1, 2)))
    known = coverage.flatten(1).amin(1) < 1
    return {
        "psnr": psnr(pictures, wanted).numpy(),
        "foreground": torch.where(known, foreground, torch.nan).numpy(),
        "ssim": ssim(pictures, wanted).numpy(),
    }


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % of the mean, paired bootstrap over scenes."""
    random = np.random.default_rng(0)
    means = values[random.integers(0, len(values), (RESAMPLES, len(values)))].mean(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def chosen_views(example: Example, high: bool) -> np.ndarray:
    degrees = example.elevations.numpy()
    return degrees >= HIGH_DEGREES if high else degrees <= LOW_DEGREES


def summary(before: list[dict], after: list[dict], examples: list[Example]) -> dict:
    """Gains over the input, averaged over the views of a scene first and then over scenes."""

    def gains(key: str, high: bool) -> np.ndarray:
        chosen = [chosen_views(example, high) for example in examples]
        return np.array(
            [np.mean(b[key][views] - a[key][views]) for views, a, b in zip(chosen, before, after, strict=True)]
        )

    high, low = gains("psnr", True), gains("psnr", False)
    foreground = gains("foreground", True)
    return {
        "perScene": {
            example.name: {"high": round(float(above), 3), "low": round(float(below), 3)}
            for example, above, below in zip(examples, high, low, strict=True)
        },
        "highGainDb": float(high.mean()),
        "interval95": interval(high),
        "medianDb": float(np.median(high)),
        "better": float((high > 0).mean()),
        "worstDb": float(high.min()),
        "lowGainDb": float(low.mean()),
        "foregroundHighGainDb": float(np.nanmean(foreground)) if not np.isnan(foreground).all() else None,
        "ssimHighGain": float(gains("ssim", True).mean()),
    }


def table(report: dict[str, dict], inputs: list[dict], examples: list[Example]) -> list[str]:
    """Lines of Markdown: a row a method, then a row a scene."""
    lines = [
        "| method | high [95 %] | median | better | worst | low | foreground | SSIM |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, r in report.items():
        low, high = r["interval95"]
        foreground = "" if r["foregroundHighGainDb"] is None else f"{r['foregroundHighGainDb']:+.2f}"
        lines.append(
            f"| {name} | {r['highGainDb']:+.2f} [{low:+.2f}, {high:+.2f}] | {r['medianDb']:+.2f} | {r['better']:.0%} "
            f"| {r['worstDb']:+.2f} | {r['lowGainDb']:+.2f} | {foreground} | {r['ssimHighGain']:+.3f} |"
        )
    lines += ["", "| scene | input high / low | " + " | ".join(report) + " |", "|---|---|" + "---|" * len(report)]
    for example, measured in zip(examples, inputs, strict=True):
        high, low = (measured["psnr"][chosen_views(example, high)].mean() for high in (True, False))
        gains = [r["perScene"][example.name] for r in report.values()]
        cells = " | ".join(f"{gain['high']:+.2f} / {gain['low']:+.2f}" for gain in gains)
        lines.append(f"| {example.name} | {high:.2f} / {low:.2f} | {cells} |")
    return lines


def plot(results: dict[str, list[dict]], examples: list[Example], out: Path) -> None:
    """PSNR by elevation, a line a method."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for name, measured in results.items():
        known = []
        for low, high in BINS:
            views = [
                m["psnr"][(e.elevations.numpy() >= low) & (e.elevations.numpy() < high)]
                for e, m in zip(examples, measured, strict=True)
            ]
            if any(map(len, views)):
                known.append((f"{low}-{high}", np.mean(np.concatenate(views))))
        axes.plot([label for label, _ in known], [mean for _, mean in known], marker="o", label=name)
    axes.set(xlabel="elevation in degrees", ylabel="PSNR in dB", title=f"{len(examples)} scenes")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(out, dpi=130)


def sheet(examples: list[Example], refined: list[Tensor], out: Path) -> None:
    """The highest view of each scene: truth, input, refined."""
    rows = []
    for example, answer in zip(examples, refined, strict=True):
        view = int(example.elevations.argmax())
        camera, black = example.cameras[view : view + 1], torch.zeros(1, 3)
        shown = [
            render(scene.contiguous(), camera, black, example.size, example.size)[0]
            for scene in (example.scene, answer)
        ]
        rows.append(torch.cat([example.pictures[view, ..., :3].float() / 255, *shown], 1))
    size = max(len(row) for row in rows)
    padded = [torch.nn.functional.pad(row, (0, 0, 0, 3 * size - row.shape[1], 0, size - row.shape[0])) for row in rows]
    padded += [torch.zeros_like(padded[0])] * (-len(padded) % COLUMNS)
    lines = [torch.cat(padded[start : start + COLUMNS], 1) for start in range(0, len(padded), COLUMNS)]
    pixels = (torch.cat(lines).clamp(0, 1) * 255).byte().numpy()
    Image.fromarray(pixels).save(out)


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("scenes", type=Path, nargs="+")
    parser.add_argument("--strength", type=float, nargs="+", default=[1.0])
    parser.add_argument("--baselines", type=Path)
    parser.add_argument("--seen", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    examples = read_unseen(options.scenes, options.seen)
    with Product(options.weights) as product:
        methods = {f"refined x {strength:g}": of_product(product, strength) for strength in options.strength}
        if options.baselines is not None:
            methods |= read_baselines(options.baselines)
        refined = {name: [refine(example.scene) for example in examples] for name, refine in methods.items()}
    results = {
        name: [measure(example, scene) for example, scene in zip(examples, scenes, strict=True)]
        for name, scenes in {"input": [example.scene for example in examples], **refined}.items()
    }
    report = {name: summary(results["input"], results[name], examples) for name in refined}
    title = f"{len(examples)} scenes, weights {options.weights.name}"
    text = "\n".join([title, "", *table(report, results["input"], examples)])

    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "report.json").write_text(json.dumps(report, indent=1))
    (options.out / "report.md").write_text(text + "\n")
    print(text, flush=True)
    plot(results, examples, options.out / "psnr.png")
    sheet(examples, next(iter(refined.values())), options.out / "pictures.png")


if __name__ == "__main__":
    main()
