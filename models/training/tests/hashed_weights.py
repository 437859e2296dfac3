"""Weights that any language can make again from a tensor's name and shape; test/models/hashed-weights.ts is the same.

seed32 = FNV-1a 32 of utf8(name) xor seed. For element i in row-major order, x = murmur3's finaliser of
i * 2654435761 + seed32 (mod 2^32) and v = 2 x / 2^32 - 1. A tensor of two and more axes is v * sqrt(3 / (elements /
shape[0])), times 0.1 in the last layer of a head (.6.weight); a running_var is 1 + 0.5 v; any other vector's .weight is
1 + 0.2 v; all else is 0.1 v.
"""

import numpy as np

FINALISER = ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1))


def hashed(name: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    start = 2166136261
    for byte in name.encode():
        start = ((start ^ byte) * 16777619) & 0xFFFFFFFF
    count = int(np.prod(shape)) if shape else 1
    x = (np.arange(count, dtype=np.uint64) * 2654435761 + (start ^ seed)) & 0xFFFFFFFF
    for shift, factor in FINALISER:
        x ^= x >> np.uint64(shift)
        x = (x * factor) & 0xFFFFFFFF
    v = x / 2.0**32 * 2 - 1
    if len(shape) >= 2:
        v = v * np.sqrt(3 / (count / shape[0]))
        if "outputhead" in name and name.endswith(".6.weight"):
            v = v * 0.1
    elif name.endswith("running_var"):
        v = 1 + 0.5 * v
    elif name.endswith(".weight"):
        v = 1 + 0.2 * v
    else:
        v = 0.1 * v
    return v.astype(np.float32).reshape(shape)
