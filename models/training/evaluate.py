"""How much better scenes get: python evaluate.py WEIGHTS.pth OUT SCENES... [--strength 1 0.7] [--baselines baselines.pt].

Grid and noise floors are those of the description file beside the weights, as in the product.

SCENES are held-out files of make_scenes.py, folders of them, or scans (scene.ply and gt.npz); with --seen also what
training may have had. Writes OUT/report.md, report.json, psnr.png and pictures.png.
High: elevation 69 degrees and more. Low: 21 and less. Black background, full frame, pictures clamped to 0..1;
foreground: the pixels that the object covers (files that keep coverage).
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import torch
from torch import Tensor

from baselines import read_baselines
from dataset import Example, read_unseen
from finish import answered, finished
from network import SplatFormer
from rasteriser import psnr, render, ssim
from scene import in_unit_cube
from weights import read_weights

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

HIGH_DEGREES, LOW_DEGREES = 69.0, 21.0
BINS = [(0, 10), (10, 21), (25, 40), (40, 55), (55, 70), (70, 80), (80, 90)]
RESAMPLES = 10_000

Refine = Callable[[Tensor], Tensor]


def of_network(network: SplatFormer, strength: float, floors: dict[str, float]) -> Refine:
    def repair(inside: Tensor) -> Tensor:
        residuals, held = answered(network, inside)
        return inside + strength * (finished(inside, residuals, floors, held) - inside)

    return lambda scene: in_unit_cube(scene, repair)


def measure(example: Example, scene: Tensor) -> dict[str, np.ndarray]:
    """PSNR, foreground PSNR (NaN without coverage) and SSIM of every view."""
    wanted = example.pictures[..., :3].float() / 255
    coverage = example.pictures[..., 3].float() / 255
    pictures = render(
        scene.contiguous(), example.cameras, torch.zeros(len(example.cameras), 3), example.size, example.size
    ).clamp(0, 1)
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


def summary(before: list[dict], after: list[dict], examples: list[Example]) -> dict:
    """Gains over the input, one number a scene first and then over scenes."""

    def gains(key: str, high: bool) -> np.ndarray:
        out = []
        for example, a, b in zip(examples, before, after):
            degrees = example.elevations.numpy()
            chosen = degrees >= HIGH_DEGREES if high else degrees <= LOW_DEGREES
            out.append(np.mean(b[key][chosen] - a[key][chosen]))
        return np.array(out)

    high, low = gains("psnr", True), gains("psnr", False)
    foreground = gains("foreground", True)
    return {
        "perScene": {
            example.name: {"high": round(float(h), 3), "low": round(float(l), 3)}
            for example, h, l in zip(examples, high, low)
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


def plot(results: dict[str, list[dict]], examples: list[Example], out: Path) -> None:
    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for name, measured in results.items():
        means = []
        for low, high in BINS:
            views = [
                m["psnr"][(e.elevations.numpy() >= low) & (e.elevations.numpy() < high)]
                for e, m in zip(examples, measured)
            ]
            means.append(np.mean(np.concatenate(views)) if sum(map(len, views)) else np.nan)
        known = [(f"{low}–{high}", mean) for (low, high), mean in zip(BINS, means) if not np.isnan(mean)]
        axes.plot([label for label, _ in known], [mean for _, mean in known], marker="o", label=name)
    axes.set(xlabel="elevation in degrees", ylabel="PSNR in dB", title=f"{len(examples)} scenes")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(out, dpi=130)
    pyplot.close(figure)


def strip(examples: list[Example], refine: Refine, out: Path) -> None:
    """The highest view of each scene: truth, input, refined."""
    rows = []
    for example in examples:
        view = int(example.elevations.argmax())
        camera, black = example.cameras[view : view + 1], torch.zeros(1, 3)
        shown = [
            render(scene.contiguous(), camera, black, example.size, example.size)[0]
            for scene in (example.scene, refine(example.scene))
        ]
        rows.append(torch.cat([example.pictures[view, ..., :3].float() / 255, *shown], 1))
    size = max(len(row) for row in rows)
    padded = [torch.nn.functional.pad(row, (0, 0, 0, 3 * size - row.shape[1], 0, size - row.shape[0])) for row in rows]
    columns = 3
    padded += [torch.zeros_like(padded[0])] * (-len(padded) % columns)
    lines = [torch.cat(padded[start : start + columns], 1) for start in range(0, len(padded), columns)]
    pyplot.imsave(out, torch.cat(lines).clamp(0, 1).numpy())


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
    torch.set_grad_enabled(False)
    network, floors = read_weights(options.weights)
    methods: dict[str, Refine] = {
        f"refined x {strength:g}": of_network(network, strength, floors) for strength in options.strength
    }
    if options.baselines is not None:
        methods |= read_baselines(options.baselines)
    examples = read_unseen(options.scenes, options.seen)
    results = {"input": [measure(example, example.scene) for example in examples]}
    for name, refine in methods.items():
        results[name] = [measure(example, refine(example.scene)) for example in examples]
    report = {name: summary(results["input"], results[name], examples) for name in methods}

    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "report.json").write_text(json.dumps(report, indent=1))
    lines = [
        f"{len(examples)} scenes, weights {options.weights.name}",
        "",
        "| method | high [95 %] | median | better | worst | low | foreground | SSIM |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, r in report.items():
        foreground = "" if r["foregroundHighGainDb"] is None else f"{r['foregroundHighGainDb']:+.2f}"
        lines.append(
            f"| {name} | {r['highGainDb']:+.2f} [{r['interval95'][0]:+.2f}, {r['interval95'][1]:+.2f}] | {r['medianDb']:+.2f} | {r['better']:.0%} | {r['worstDb']:+.2f} | {r['lowGainDb']:+.2f} | {foreground} | {r['ssimHighGain']:+.3f} |"
        )
    lines += ["", "| scene | input high / low | " + " | ".join(report) + " |", "|---|---|" + "---|" * len(report)]
    for number, example in enumerate(examples):
        degrees = example.elevations.numpy()
        values = results["input"][number]["psnr"]
        cells = [
            f"{r['perScene'][example.name]['high']:+.2f} / {r['perScene'][example.name]['low']:+.2f}"
            for r in report.values()
        ]
        lines.append(
            f"| {example.name} | {values[degrees >= HIGH_DEGREES].mean():.2f} / {values[degrees <= LOW_DEGREES].mean():.2f} | "
            + " | ".join(cells)
            + " |"
        )
    (options.out / "report.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines), flush=True)
    plot(results, examples, options.out / "psnr.png")
    strip(examples, next(iter(methods.values())), options.out / "pictures.png")


if __name__ == "__main__":
    main()
