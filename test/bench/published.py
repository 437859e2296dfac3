"""Times one pass of the published widths in PyTorch, for published.ts: python published.py SCENE.ply"""

import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "models/training"), str(ROOT / "models/training/tests")]

import torch  # noqa: E402
from test_network import FULL, with_hashed_weights  # noqa: E402

from network import SplatFormer  # noqa: E402
from scene import normalise, read_ply  # noqa: E402

torch.set_num_threads(2)
network = with_hashed_weights(SplatFormer(FULL), 3).eval()
inside, _, _ = normalise(read_ply(Path(sys.argv[1])))
start, used = time.perf_counter(), time.process_time()
with torch.no_grad():
    network(inside)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
cpu, wall = time.process_time() - used, time.perf_counter() - start
print(f"{cpu:.1f} CPU s, {wall:.1f} s, {peak / 1000:.0f} MB with the plan")
