"""Textured objects of a folder: NAME/model.obj with its picture, z up, and objects.csv that tells real scans from made
ones."""

import csv
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mesh import Mesh, read_obj

KEPT_BACK_EVERY = 10


@dataclass(frozen=True)
class TexturedObjects:
    """Names in a folder: what scenes to train on show, and the real scans that only measure."""

    folder: Path
    training: tuple[str, ...]
    kept_back: tuple[str, ...]

    def read(self, name: str) -> Mesh:
        """Raises ValueError for a file without faces or with too many."""
        return _read(self.folder / name / "model.obj")


def is_kept_back(name: str, kind: str) -> bool:
    """A tenth of the real scans, by name alone: no scene that is trained on shows one."""
    return kind == "real scan" and zlib.crc32(name.encode()) % KEPT_BACK_EVERY == 0


def textured_objects(folder: Path) -> TexturedObjects:
    """Raises FileNotFoundError where the folder has no objects.csv."""
    with (folder / "objects.csv").open(newline="") as file:
        kinds = {row["name"]: row["kind"] for row in csv.DictReader(file)}
    kept_back = tuple(name for name, kind in sorted(kinds.items()) if is_kept_back(name, kind))
    return TexturedObjects(folder, tuple(name for name in sorted(kinds) if name not in kept_back), kept_back)


@lru_cache(maxsize=64)
def _read(path: Path) -> Mesh:
    mesh = read_obj(path, up="z")
    if mesh is None:
        raise ValueError(f"{path} has no faces, or too many.")
    return mesh
