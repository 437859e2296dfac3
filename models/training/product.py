"""Refinement by the product itself, through `serve` of its command line: what is measured is what is shipped."""

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from torch import Tensor

from scene import read_ply, write_ply

COMMAND_LINE = Path(__file__).resolve().parents[2] / "dist" / "cli" / "cli.js"


class Product:
    """A process that refines scenes with one model, used in a `with` statement."""

    def __init__(self, model: Path):
        """model: a checkpoint, with its description file beside it. Raises FileNotFoundError before the first build."""
        if not COMMAND_LINE.exists():
            raise FileNotFoundError(f"{COMMAND_LINE} is not there: npm run build makes it.")
        self.model = model.resolve()
        self.folder = TemporaryDirectory()
        self.process = subprocess.Popen(
            ["node", COMMAND_LINE, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Product":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.communicate()  # closes its standard input, which ends it
        self.folder.cleanup()

    def refine(self, scene: Tensor, strength: float = 1.0, noise_floor: dict[str, float] | None = None) -> Tensor:
        """The refined (splats, 23) scene. noise_floor: by attribute, instead of the model's own.

        Raises RuntimeError with the product's words where it refuses.
        """
        settings: dict[str, object] = {} if noise_floor is None else {"noiseFloor": noise_floor}
        return self.refine_and_report(scene, strength=strength, **settings)[0]

    def refine_and_report(self, scene: Tensor, **settings: object) -> tuple[Tensor, dict]:
        """The refined (splats, 23) scene, whose +z is up, and the product's report of what was done.

        settings: further fields of the request, see docs/cli.md. Raises RuntimeError with the product's words where it
        refuses.
        """
        before, after = (Path(self.folder.name) / name for name in ("before.ply", "after.ply"))
        write_ply(before, scene)
        paths = {"input": str(before), "output": str(after), "model": str(self.model)}
        answer = self.ask({**paths, "up": "z", **settings})
        if not answer["ok"]:
            raise RuntimeError(answer["error"]["message"])
        return read_ply(after), answer["report"]

    def ask(self, request: dict) -> dict:
        """One answer to one request, see docs/cli.md."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The product's command line ended without an answer.")
        return json.loads(line)
