"""Scenes are functions of their index; furniture is held out by file."""

from pathlib import Path

import numpy as np

from dataset import is_held_out
from make_scenes import make_scene, object_for
from objects import solids


def test_the_same_index_gives_the_same_scene():
    first, second = (make_scene(solids(7), 7, "mixed", 16) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_furniture_is_held_out_by_file(monkeypatch):
    """However many rounds the indices go, no file of a held-out scene is in one of the others."""
    monkeypatch.setattr("make_scenes.read_obj", lambda path: path)
    files = [Path(f"{number}.obj") for number in range(40)]
    files_of: dict[bool, set[str]] = {True: set(), False: set()}
    for index in range(1, 2001, 2):
        files_of[is_held_out(index, "mixed")].add(str(object_for(index, files, "mixed")))
    assert len(files_of[True]) == 3 and len(files_of[False]) == 33
    assert not files_of[True] & files_of[False]
