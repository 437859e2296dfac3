"""A report on captures from the product's answers."""

import json
import sys

import numpy as np
import pytest
import torch
from PIL import Image

import evaluate_captures
from mesh import look_at
from rasteriser import render
from scene import write_ply

SIZE, FOCAL = 24, 30.0
GROUPS = {"train": (0.0, 10.0), "held": (40.0, 10.0), "ood": (20.0, 70.0)}  # degrees around and up


@pytest.fixture
def captures(sample, tmp_path):
    """A folder with one capture: three photos that show its scene exactly, but for rounding."""
    folder = tmp_path / "captures" / "thing"
    (folder / "photos").mkdir(parents=True)
    scene = sample[:400]
    write_ply(folder / "scene.ply", scene)
    frames = []
    for group, (azimuth, elevation) in GROUPS.items():
        camera = look_at(azimuth, elevation, 3.0, FOCAL, SIZE)
        picture = render(scene, camera[None], torch.zeros(1, 3), SIZE, SIZE)[0].clamp(0, 1)
        Image.fromarray((picture * 255).round().byte().numpy()).save(folder / "photos" / f"{group}.png")
        world_to_view = np.eye(4)
        world_to_view[:3, :3], world_to_view[:3, 3] = camera[:9].view(3, 3), camera[9:12]
        pose = np.linalg.inv(world_to_view) @ np.diag([1, -1, -1, 1])
        frames.append({"file_path": f"photos/{group}.png", "transform_matrix": pose.tolist()})
    lens = {"fl_x": FOCAL, "fl_y": FOCAL, "cx": SIZE / 2, "cy": SIZE / 2, "w": SIZE, "h": SIZE}
    (folder / "transforms.json").write_text(json.dumps({**lens, "frames": frames}))
    (folder / "split.json").write_text(json.dumps({group: [f"{group}.png"] for group in GROUPS}))
    return folder.parent


def table_of(monkeypatch, capsys, *arguments):
    """The cells of every row that the command prints."""
    monkeypatch.setattr(sys, "argv", ["evaluate_captures.py", *map(str, arguments), "--threads", "1"])
    evaluate_captures.main()
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    header, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_table_tells_gains_with_and_without_cameras(captures, plain_weights, tmp_path, monkeypatch, capsys):
    out = tmp_path / "pictures"
    rows = table_of(monkeypatch, capsys, captures, "--cameras", "--weights", plain_weights, "--pictures", out)
    assert [(row["group"], row["evidence"]) for row in rows] == [
        (group, evidence) for group in GROUPS for evidence in ("none", "cameras")
    ]
    for row in rows:
        # Photos of the scene itself: any other camera than theirs would show something else.
        assert row["capture"] == "thing" and row["photos"] == "1" and float(row["before"]) > 50
        assert row["worst"] == row["gain"] and float(row["gain"]) < 0 and row["better"] == "0"
    alone, proved = rows[:2]
    assert alone["kept"] == "100.0%"
    assert proved["gain"] != alone["gain"]
    for group in GROUPS:
        with Image.open(out / f"thing-{group}.png") as sheet:
            assert sheet.size == (4 * SIZE, SIZE)


def test_only_the_named_captures_are_read(captures):
    assert [capture.name for capture in evaluate_captures.read_captures(captures, ["thing"])] == ["thing"]
    with pytest.raises(ValueError, match="no capture other"):
        evaluate_captures.read_captures(captures, ["other"])


def test_the_product_is_told_of_the_fitted_photos_alone(captures):
    (capture,) = evaluate_captures.read_captures(captures, None)
    assert [frame["file_path"] for frame in capture.fitted_cameras["frames"]] == ["photos/train.png"]
    assert capture.fitted_cameras["w"] == SIZE


def test_a_photo_without_camera_is_named(captures):
    (captures / "thing" / "split.json").write_text(json.dumps({"train": ["train.png", "lost.png"]}))
    with pytest.raises(ValueError, match=r"no camera of lost\.png"):
        evaluate_captures.read_captures(captures, None)


def test_made_captures_are_measured_with_the_cameras_of_their_walk(
    sample, tmp_path, plain_weights, monkeypatch, capsys
):
    cameras = torch.stack([look_at(azimuth, elevation, 3.0, FOCAL, SIZE) for azimuth, elevation in GROUPS.values()])
    pictures = render(sample[:400], cameras, torch.zeros(3, 3), SIZE, SIZE).clamp(0, 1)
    seen = torch.cat([pictures, torch.ones(3, SIZE, SIZE, 1)], 3).mul(255).round().byte().numpy()
    made = {
        "family": "captures",
        "scene": sample[:400].numpy(),
        "wanted": sample[:400].numpy(),
        "cameras": cameras.numpy(),
        "elevations": np.array([elevation for _, elevation in GROUPS.values()], np.float32),
        "pictures": seen,
        "full_pictures": seen,
        "region_seen": seen[..., 3],
        "off_rim": seen[..., 3],
        "whole": False,
        "lone": False,
        "capture_cameras": cameras[:2].numpy(),
        "fitted_cameras": cameras[:2].numpy(),
        "region": np.array([0, 0, 0, 1], np.float32),
        "in_region": np.arange(400) < 300,
    }
    folder = tmp_path / "made"
    folder.mkdir()
    # Training sees the second one, and nothing stands around the third.
    for index, changes in ((25, {}), (27, {}), (49, {"lone": True})):
        np.savez(folder / f"{index:05d}.npz", **{**made, **changes})
    rows = table_of(monkeypatch, capsys, folder, "--cameras", "--weights", plain_weights)
    assert [(row["capture"], row["group"], row["photos"]) for row in rows[::2]] == [
        ("00025", "low", "2"),
        ("00025", "high", "1"),
    ]
    assert [row["evidence"] for row in rows[1::2]] == ["cameras", "cameras"]
    # Their cameras are read as they were made: the pictures before are those of the scene itself.
    assert all(float(row["before"]) > 45 for row in rows)
    assert [capture.name for capture in evaluate_captures.read_captures(folder, None, lone=True)] == ["00049"]
    (capture,) = evaluate_captures.read_captures(folder, None)
    for frame, camera in zip(capture.fitted_cameras["frames"], cameras[:2], strict=True):
        assert torch.allclose(evaluate_captures.camera_of(frame)[0], camera, atol=1e-5)
