"""Pictures of splats and SSIM, both differentiable; the equations of native/rasteriser.hpp."""

import torch
from torch import Tensor

import torch_rasteriser
from native_library import library, pointer, suffix


class _Render(torch.autograd.Function):
    @staticmethod
    def forward(ctx, scene: Tensor, cameras: Tensor, backgrounds: Tensor, width: int, height: int) -> Tensor:
        scene, cameras, backgrounds = (
            scene.contiguous(),
            cameras.to(scene.dtype).contiguous(),
            backgrounds.to(scene.dtype).contiguous(),
        )
        views = len(cameras)
        images = scene.new_empty(views, height, width, 3)
        getattr(library(), f"render_{suffix(scene.dtype)}")(
            len(scene),
            pointer(scene),
            views,
            pointer(cameras),
            width,
            height,
            pointer(backgrounds),
            pointer(images),
        )
        ctx.save_for_backward(scene, cameras, backgrounds)
        ctx.size = width, height
        return images

    @staticmethod
    def backward(ctx, *grad_outputs: Tensor):
        scene, cameras, backgrounds = ctx.saved_tensors
        width, height = ctx.size
        gradient = torch.zeros_like(scene)
        slopes = grad_outputs[0].contiguous()
        getattr(library(), f"render_backward_{suffix(scene.dtype)}")(
            len(scene),
            pointer(scene),
            len(cameras),
            pointer(cameras),
            width,
            height,
            pointer(backgrounds),
            pointer(slopes),
            pointer(gradient),
        )
        return gradient, None, None, None, None


def render(scene: Tensor, cameras: Tensor, backgrounds: Tensor, width: int, height: int) -> Tensor:
    """(views, height, width, 3) pictures of a (splats, 23) scene in storage space.

    cameras (views, 16): world-to-view rotation 9 and translation 3, fx, fy, cx, cy in pixels (x right, y down, z
    forward). backgrounds (views, 3). Gradients reach the scene only. A scene on a graphics card is drawn there.
    """
    if scene.device.type != "cpu":
        return torch_rasteriser.render(scene, cameras, backgrounds, width, height)
    return _Render.apply(scene, cameras, backgrounds, width, height)


class _Ssim(torch.autograd.Function):
    @staticmethod
    def forward(ctx, pictures: Tensor, wanted: Tensor) -> Tensor:
        a, b = (images.movedim(-1, 1).contiguous() for images in (pictures, wanted))
        views, channels, height, width = a.shape
        values = a.new_empty(views * channels)
        gradients = torch.zeros_like(a)
        library().ssim(views * channels, width, height, pointer(a), pointer(b), pointer(values), pointer(gradients))
        ctx.save_for_backward(gradients)
        return values.view(views, channels).mean(1)

    @staticmethod
    def backward(ctx, *grad_outputs: Tensor):
        (slopes,) = grad_outputs
        (gradients,) = ctx.saved_tensors
        return (gradients * (slopes / gradients.shape[1])[:, None, None, None]).movedim(1, -1), None


def ssim(pictures: Tensor, wanted: Tensor) -> Tensor:
    """Mean SSIM of each of float32 (views, height, width, channels) pictures in 0..1.

    Gaussian window of 11 pixels, sigma 1.5, zero padding.
    """
    if pictures.device.type != "cpu":
        return torch_rasteriser.ssim(pictures, wanted)
    return _Ssim.apply(pictures, wanted)


def psnr(pictures: Tensor, wanted: Tensor) -> Tensor:
    """PSNR in dB of each picture, over the full frame; pictures are clamped to 0..1."""
    return -10 * torch.log10(((pictures.clamp(0, 1) - wanted) ** 2).mean((1, 2, 3)))
