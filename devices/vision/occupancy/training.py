"""Learns the occupancy network from labelled patches (PyTorch; never imported at run time).

A plain convolutional network of 46,000 weights; its strength on lots it has never seen comes from
what training does to the pictures: turning, shifting, light, colour, shade, blur, noise, a
neighbour's bumper, painted lines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from devices.vision.arrays import Floats
from devices.vision.occupancy.patches import HEIGHT, LEAST_SPREAD, WIDTH
from devices.vision.onnx_writer import Node, model

CHANNELS = (16, 32, 48, 64)


@dataclass(frozen=True, slots=True)
class Schedule:
    epochs: int = 60
    batch: int = 128
    rate: float = 3e-3
    weight_decay: float = 2e-3
    label_smoothing: float = 0.05
    seed: int = 11

    def __post_init__(self) -> None:
        if min(self.epochs, self.batch) < 1 or self.rate <= 0:
            raise ValueError("epochs, batch and rate must be above zero")


class OccupancyNet(nn.Module):
    """Four convolutions, each halving the picture; the mean of 64 channels; one weight each."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for channels in CHANNELS:
            layers += [
                nn.Conv2d(before, channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(),
            ]
            if channels != CHANNELS[-1]:
                layers.append(nn.MaxPool2d(2))
            before = channels
        self.body = nn.Sequential(*layers)
        self.drop = nn.Dropout(0.3)
        self.head = nn.Linear(before, 1)

    def features(self, patches: Tensor) -> Tensor:
        return self.body(patches).mean((2, 3))

    def forward(self, patches: Tensor) -> Tensor:
        return self.head(self.drop(self.features(patches))).squeeze(1)


def train(
    patches: Floats,
    occupied: Floats,
    schedule: Schedule,
    progress: Callable[[int, float], None] = lambda epoch, loss: None,
) -> OccupancyNet:
    """`patches` n × 32 × 64 × 3 of 0..255, `occupied` 0 or 1; the two classes weigh the same."""
    torch.manual_seed(schedule.seed)
    net = OccupancyNet()
    net.train()
    images = torch.from_numpy(np.asarray(patches, np.float32)).permute(0, 3, 1, 2) / 255
    labels = torch.from_numpy(np.asarray(occupied, np.float32))
    steps = schedule.epochs * (len(labels) // schedule.batch)
    optimiser = torch.optim.AdamW(
        net.parameters(), schedule.rate, weight_decay=schedule.weight_decay
    )
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, schedule.rate, steps)
    for epoch in range(schedule.epochs):
        loss = 0.0
        for batch in _balanced_batches(labels, schedule.batch):
            loss = _step(net, optimiser, disturbed(images, labels, batch), labels[batch], schedule)
            pace.step()
        progress(epoch, loss)
    net.eval()
    return net


def _balanced_batches(labels: Tensor, size: int) -> Iterator[Tensor]:
    weights = torch.where(labels > 0.5, 0.5 / labels.sum(), 0.5 / (1 - labels).sum())
    for _ in range(len(labels) // size):
        yield torch.multinomial(weights, size, replacement=True)


def _step(
    net: OccupancyNet,
    optimiser: torch.optim.Optimizer,
    patches: Tensor,
    labels: Tensor,
    schedule: Schedule,
) -> float:
    target = labels * (1 - schedule.label_smoothing) + 0.5 * schedule.label_smoothing
    loss = functional.binary_cross_entropy_with_logits(net(patches), target)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return float(loss.detach())


# ---------------------------------------------------------------- what may happen to a picture


def disturbed(images: Tensor, labels: Tensor, batch: Tensor) -> Tensor:
    """Another look at the same bays: another lens, light, mount and neighbour. Normalised."""
    patches = images[batch]
    patches = _with_neighbour(patches, images, labels)
    patches = _warped(patches)
    patches = _shaded(_recoloured(patches))
    patches = _with_litter(_with_lines(patches))
    patches = _smeared(patches)
    return standardised(patches)


def standardised(patches: Tensor) -> Tensor:
    """As `patches.normalised`, for 0..1."""
    mean = patches.mean((1, 2, 3), keepdim=True)
    spread = patches.std((1, 2, 3), keepdim=True, unbiased=False)
    return (patches - mean) / spread.clamp(min=LEAST_SPREAD / 255)


def _uniform(n: int, low: float, high: float) -> Tensor:
    return torch.rand(n) * (high - low) + low


def _chance(n: int, share: float) -> Tensor:
    return torch.rand(n) < share


def _with_neighbour(patches: Tensor, images: Tensor, labels: Tensor) -> Tensor:
    """A strip of a parked car comes in from a long side: the next bay's, seen aslant."""
    cars = torch.nonzero(labels > 0.5).squeeze(1)
    other = images[cars[torch.randint(len(cars), (len(patches),))]]
    out = patches.clone()
    rows = torch.randint(2, HEIGHT // 4 + 1, (len(patches),))
    for n in torch.nonzero(_chance(len(patches), 0.35)).squeeze(1).tolist():
        k = int(rows[n])
        if torch.rand(()) < 0.5:
            out[n, :, :k] = other[n, :, -HEIGHT // 4 - k : -HEIGHT // 4]
        else:
            out[n, :, -k:] = other[n, :, HEIGHT // 4 : HEIGHT // 4 + k]
    return out


def _warped(patches: Tensor) -> Tensor:
    """Turned, scaled, sheared, moved, mirrored: bays are drawn by hand over slanted views."""
    n = len(patches)
    turn, shear = _uniform(n, -0.16, 0.16), _uniform(n, -0.25, 0.25)
    wide, high = _uniform(n, 0.75, 1.2), _uniform(n, 0.75, 1.2)
    wide, high = (torch.where(_chance(n, 0.5), side, -side) for side in (wide, high))
    row_x = torch.stack([wide * turn.cos(), shear - turn.sin(), _uniform(n, -0.18, 0.18)], 1)
    row_y = torch.stack([turn.sin(), high * turn.cos(), _uniform(n, -0.22, 0.22)], 1)
    grid = functional.affine_grid(
        torch.stack([row_x, row_y], 1), [n, 3, HEIGHT, WIDTH], align_corners=False
    )
    return functional.grid_sample(patches, grid, padding_mode="reflection", align_corners=False)


def _recoloured(patches: Tensor) -> Tensor:
    n = len(patches)
    light = _uniform(n, 0.55, 1.5)[:, None, None, None]
    gamma = _uniform(n, 0.6, 1.7)[:, None, None, None]
    tint = _uniform(3 * n, 0.8, 1.2).view(n, 3, 1, 1)
    colour = _uniform(n, 0.0, 1.5)[:, None, None, None]
    turned = torch.stack([patches[k, torch.randperm(3)] for k in range(n)])
    patches = torch.where(_chance(n, 0.4)[:, None, None, None], turned, patches)
    grey = patches.mean(1, keepdim=True)
    patches = (grey + colour * (patches - grey)).clamp(0, 1)
    return (patches.clamp(1e-3, 1) ** gamma * light * tint).clamp(0, 1)


def _shaded(patches: Tensor) -> Tensor:
    """A straight border of shade with a soft edge: a building's, a tree's, the neighbour's."""
    n = len(patches)
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, HEIGHT), torch.linspace(-1, 1, WIDTH), indexing="ij"
    )
    angle, offset = _uniform(n, 0, 6.283), _uniform(n, -0.9, 0.9)
    side = angle.cos()[:, None, None] * x + angle.sin()[:, None, None] * y - offset[:, None, None]
    edge = torch.sigmoid(side * _uniform(n, 4, 40)[:, None, None])
    depth = _uniform(n, 0.3, 0.8) * _chance(n, 0.45)
    return patches * (1 - depth[:, None, None] * edge)[:, None]


def _with_lines(patches: Tensor) -> Tensor:
    """Painted lines and kerbs, bright or dark, along, across and aslant."""
    n = len(patches)
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, HEIGHT), torch.linspace(-2, 2, WIDTH), indexing="ij"
    )
    out = patches
    for _ in range(2):
        angle, offset = _uniform(n, 0, 3.1416), _uniform(n, -1.6, 1.6)
        away = angle.cos()[:, None, None] * x + angle.sin()[:, None, None] * y
        line = (
            (away - offset[:, None, None]).abs() < _uniform(n, 0.03, 0.13)[:, None, None]
        ).float()
        strength = (_uniform(n, 0.3, 1.0) * _chance(n, 0.25))[:, None, None] * line
        paint = _uniform(n, 0.0, 1.0)[:, None, None, None]
        out = out * (1 - strength[:, None]) + paint * strength[:, None]
    return out


def _with_litter(patches: Tensor) -> Tensor:
    """A small patch of one colour: a drain's lid, an oil stain, a sign on the ground."""
    n = len(patches)
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, HEIGHT), torch.linspace(-2, 2, WIDTH), indexing="ij"
    )
    across = (x - _uniform(n, -2, 2)[:, None, None]).abs() < _uniform(n, 0.05, 0.4)[:, None, None]
    along = (y - _uniform(n, -1, 1)[:, None, None]).abs() < _uniform(n, 0.05, 0.4)[:, None, None]
    strength = (across & along).float() * (_uniform(n, 0.4, 1.0) * _chance(n, 0.3))[:, None, None]
    colour = _uniform(3 * n, 0, 1).view(n, 3, 1, 1)
    return patches * (1 - strength[:, None]) + colour * strength[:, None]


def _smeared(patches: Tensor) -> Tensor:
    """Fewer pixels than we would like, and a sensor's noise."""
    n = len(patches)
    small = functional.interpolate(patches, scale_factor=0.5, mode="area")
    smaller = functional.interpolate(patches, scale_factor=0.3, mode="area")
    soft, softer = (
        functional.interpolate(s, (HEIGHT, WIDTH), mode="bilinear") for s in (small, smaller)
    )
    draw = torch.rand(n)[:, None, None, None]
    patches = torch.where(draw < 0.25, soft, torch.where(draw < 0.35, softer, patches))
    noise = (
        torch.randn_like(patches) * (_uniform(n, 0, 0.05) * _chance(n, 0.6))[:, None, None, None]
    )
    return (patches + noise).clamp(0, 1)


# ---------------------------------------------------------------- how sure it may be


def calibrate(net: OccupancyNet, patches: Floats, occupied: Floats) -> tuple[float, float]:
    """Scales and shifts the logit so that held out labels are likeliest; both classes weigh alike.

    J. Platt, Probabilistic outputs for support vector machines, 1999 (with his softened targets).
    """
    with torch.no_grad():
        images = torch.from_numpy(np.asarray(patches, np.float32)).permute(0, 3, 1, 2) / 255
        logits = net(standardised(images)).double()
    labels = torch.from_numpy(np.asarray(occupied, np.float64))
    many, few = labels.sum(), (1 - labels).sum()
    target = torch.where(labels > 0.5, (many + 1) / (many + 2), 1 / (few + 2))
    weight = torch.where(labels > 0.5, 0.5 / many, 0.5 / few)
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([line], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        told = logits * line[0] + line[1]
        lost = functional.binary_cross_entropy_with_logits(told, target, weight, reduction="sum")
        lost.backward()
        return lost

    optimiser.step(loss)
    scale, shift = (float(part) for part in line.detach())
    with torch.no_grad():
        net.head.weight *= scale
        net.head.bias *= scale
        net.head.bias += shift
    return scale, shift


def as_onnx(net: OccupancyNet) -> bytes:
    """Each batch norm folded into its convolution; outputs `features` (64) and `logit`."""
    nodes, weights, name = [], {}, "patches"
    layers = list(net.body)
    for n, (layer, after) in enumerate(zip(layers, [*layers[1:], nn.Identity()], strict=True)):
        if isinstance(layer, nn.Conv2d):
            weights[f"w{n}"], weights[f"b{n}"] = _folded(layer, after)
            nodes.append(
                Node(
                    "Conv",
                    (name, f"w{n}", f"b{n}"),
                    f"c{n}",
                    {"kernel_shape": (3, 3), "pads": (1, 1, 1, 1)},
                )
            )
            nodes.append(Node("Relu", (f"c{n}",), f"r{n}"))
            name = f"r{n}"
        elif isinstance(layer, nn.MaxPool2d):
            pool = {"kernel_shape": (2, 2), "strides": (2, 2)}
            nodes.append(Node("MaxPool", (name,), f"p{n}", pool))
            name = f"p{n}"
    nodes += [
        Node("GlobalAveragePool", (name,), "mean"),
        Node("Flatten", ("mean",), "features", {"axis": 1}),
        Node("Gemm", ("features", "head_w", "head_b"), "logit", {"transB": 1}),
    ]
    weights["head_w"] = net.head.weight.detach().numpy()
    weights["head_b"] = net.head.bias.detach().numpy()
    return model(
        nodes,
        weights,
        {"patches": ("n", 3, HEIGHT, WIDTH)},
        {"features": ("n", CHANNELS[-1]), "logit": ("n", 1)},
    )


def _folded(convolution: nn.Conv2d, norm: nn.Module) -> tuple[Floats, Floats]:
    assert isinstance(norm, nn.BatchNorm2d)
    assert norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weight = convolution.weight * scale[:, None, None, None]
    bias = norm.bias - norm.running_mean * scale
    return weight.detach().numpy(), bias.detach().numpy()
