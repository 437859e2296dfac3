"""A fit against its object."""

import torch

from capture import Settings, fit
from mesh import look_at, picture
from objects import solids
from rasteriser import psnr, render


def test_a_fit_looks_like_its_object_from_where_it_was_captured():
    mesh = solids(5)
    scene = fit(mesh, Settings(size=32, splats=700, steps=600, views=12, highest_degrees=20, calibration_error=0.0), 1)
    camera = look_at(77, 10, 3, 2.7 * 32, 32)
    wanted = picture(mesh, camera, 32)[..., :3][None]
    assert psnr(render(scene, camera[None], torch.zeros(1, 3), 32, 32), wanted)[0] > 22
