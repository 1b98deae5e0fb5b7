"""A real vehicle's cutouts along the way it drove, moved as speed, brakes and impacts have it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.vision.footage import highway_view
from benchmarks.vision.sprites import Cutout, Sprite, pasted
from devices.vision.arrays import Floats, Picture
from devices.vision.ground import Point

SIZE = (320, 240)
GRIP_MPS2 = 6.0  # what sliding tyres take off on a dry road
RESTITUTION = 0.15  # how much two cars spring apart; measured ones lie between 0.1 and 0.3


@dataclass(frozen=True, slots=True)
class Phase:
    """From then and there on at that speed, losing so much of it a second until it stands."""

    at_s: float
    at_m: float
    speed_mps: float
    loses_mps2: float = 0.0

    def place_m(self, at_s: float) -> float:
        lapse_s = at_s - self.at_s
        if self.loses_mps2:
            lapse_s = min(lapse_s, self.speed_mps / self.loses_mps2)
        return self.at_m + self.speed_mps * lapse_s - self.loses_mps2 * lapse_s**2 / 2


@dataclass(frozen=True, slots=True)
class Way:
    """Where a real vehicle drove: its cutouts, their feet on the ground and metres along."""

    sprite: Sprite
    feet_m: Floats
    along_m: Floats

    @classmethod
    def of(cls, sprite: Sprite) -> "Way":
        feet_m = highway_view().ground(np.array([cutout.foot for cutout in sprite]) / SIZE)
        steps = np.linalg.norm(np.diff(feet_m, axis=0), axis=1)
        return cls(sprite, feet_m, np.concatenate([[0.0], np.cumsum(steps)]))

    def speed_mps(self, every_s: float) -> float:
        """Its usual pace; near by, where a pixel is few centimetres."""
        return float(np.median(np.diff(self.along_m)[-10:])) / every_s

    def beside(self, foot_m: Floats, behind_m: float) -> float:
        """How far along it is when its front is that far up the road (which runs north)."""
        return float(np.interp(-(foot_m[1] + behind_m), -self.feet_m[:, 1], self.along_m))

    def foot_m(self, at_m: float) -> Floats:
        return np.array([np.interp(at_m, self.along_m, self.feet_m[:, axis]) for axis in (0, 1)])

    def shown(self, look: Picture, phases: Sequence[Phase], at_s: float) -> Picture:
        begun = [phase for phase in phases if phase.at_s <= at_s]
        if not begun:
            return look
        at_m = begun[-1].place_m(at_s)
        if at_m > self.along_m[-1]:
            return look
        cutout = self.sprite[int(np.argmin(np.abs(self.along_m - at_m)))]
        foot = highway_view().picture(self.foot_m(at_m)[None])[0] * SIZE
        return pasted(look, cutout, (float(foot[0]), float(foot[1])), _scale(cutout, foot))


def _scale(cutout: Cutout, foot: Floats) -> float:
    """Nearer is larger: by what a pixel is worth there."""
    return _pixel_m(cutout.foot) / _pixel_m((float(foot[0]), float(foot[1])))


def _pixel_m(foot: Point) -> float:
    a, b = highway_view().ground(np.array([foot, (foot[0] + 1, foot[1])]) / SIZE)
    return float(np.linalg.norm(a - b))


def halting(begins_s: float, speed_mps: float, stops_m: float, brakes_mps2: float) -> list[Phase]:
    """Drives and brakes so that it stands there."""
    return slowing(begins_s, speed_mps, stops_m, brakes_mps2, 0.0)


def slowing(
    begins_s: float, speed_mps: float, there_m: float, brakes_mps2: float, still_mps: float
) -> list[Phase]:
    """Drives and brakes so that it still has that speed there."""
    from_m = there_m - (speed_mps**2 - still_mps**2) / (2 * brakes_mps2)
    from_s = begins_s + from_m / speed_mps
    return [Phase(begins_s, 0.0, speed_mps), Phase(from_s, from_m, speed_mps, brakes_mps2)]


def arrives_s(phases: Sequence[Phase], there_m: float, still_mps: float) -> float:
    """When it is there, with that speed left."""
    last = phases[-1]
    if not last.loses_mps2:
        return last.at_s + (there_m - last.at_m) / last.speed_mps
    return last.at_s + (last.speed_mps - still_mps) / last.loses_mps2


def struck(at_s: float, at_m: float, impact_mps: float) -> Phase:
    """Who stood, hit from behind by one as heavy: pushed, sliding."""
    return Phase(at_s, at_m, impact_mps * (1 + RESTITUTION) / 2, GRIP_MPS2)


def striking(at_s: float, at_m: float, impact_mps: float) -> Phase:
    """Who hit: what is left of its speed slides out."""
    return Phase(at_s, at_m, impact_mps * (1 - RESTITUTION) / 2, GRIP_MPS2)
