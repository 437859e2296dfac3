"""PLY files of scenes."""

import pytest
import torch

from scene import read_ply, write_ply


def test_a_scene_is_read_as_it_was_written(tmp_path):
    scene = torch.randn(50, 23, generator=torch.Generator().manual_seed(0))
    write_ply(tmp_path / "scene.ply", scene)
    assert torch.equal(read_ply(tmp_path / "scene.ply"), scene)
    (tmp_path / "text.ply").write_text("ply\nformat ascii 1.0\nend_header\n")
    with pytest.raises(ValueError, match="binary"):
        read_ply(tmp_path / "text.ply")
