"""Means of checkpoints and of weights."""

import torch

from average import averaged


def test_branches_are_averaged(tmp_path):
    for name, value in (("a", 1.0), ("b", 3.0)):
        torch.save(
            {
                "network": {"w": torch.tensor([value])},
                "average": {"w": torch.tensor([-value])},
                "optimiser": {},
                "step": int(value),
                "first": 0,
            },
            tmp_path / f"{name}.pt",
        )
        torch.save({"w": torch.tensor([value])}, tmp_path / f"{name}.pth")
    both = averaged([tmp_path / "a.pt", tmp_path / "b.pt"])
    assert both == {
        "network": {"w": torch.tensor([2.0])},
        "average": {"w": torch.tensor([-2.0])},
        "optimiser": {},
        "step": 1,
        "first": 0,
    }
    assert averaged([tmp_path / "a.pth", tmp_path / "b.pth"]) == {"w": torch.tensor([2.0])}
