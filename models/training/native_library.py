"""The C++ half (native/), compiled on first use for the processor at hand and loaded by ctypes."""

import ctypes
import hashlib
import subprocess
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

SOURCES = Path(__file__).parent / "native"
FLAGS = ["-O3", "-march=native", "-ffast-math", "-std=c++17", "-Wno-psabi", "-fopenmp", "-shared", "-fPIC"]


@cache
def library() -> ctypes.CDLL:
    """Raises RuntimeError with the compiler's words where it can't be built."""
    files = sorted(SOURCES.glob("*.[ch]pp"))
    digest = hashlib.sha256("".join(FLAGS).encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    target = SOURCES / "build" / f"splats-{digest}.so"
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        part = target.with_suffix(f".{id(target)}.part")
        built = subprocess.run(
            ["g++", *FLAGS, str(SOURCES / "splats.cpp"), "-o", str(part)], capture_output=True, text=True
        )
        if built.returncode != 0:
            raise RuntimeError(f"The rasteriser could not be compiled (g++ 12 or later is needed):\n{built.stderr}")
        part.replace(target)
    return ctypes.CDLL(str(target))


class TensorPointer(ctypes.c_void_p):
    """An address that keeps its tensor: a temporary must outlive the call."""

    def __init__(self, tensor: Tensor):
        super().__init__(tensor.data_ptr())
        self.tensor = tensor


def pointer(tensor: Tensor) -> TensorPointer:
    if not tensor.is_contiguous():
        raise ValueError("The native half takes contiguous tensors.")
    return TensorPointer(tensor)


def suffix(dtype: torch.dtype) -> str:
    return {torch.float32: "float", torch.float64: "double"}[dtype]
